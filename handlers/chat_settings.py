"""Settings of shop.toml that belong to no single domain."""

from pydantic import Field

from bot.config import shop


@shop.section("talk")
class ConversationRules(shop.Section):
    """トーク全体の決まりごと。"""

    thank_within_days: int = Field(
        7,
        ge=0,
        le=365,
        description="何日前までのお買い上げにお礼を送るか（それより前の注文を取り込んだときは、ポイントだけつきます）",
    )
