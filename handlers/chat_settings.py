"""Settings of shop.toml that belong to no single domain."""

from pydantic import Field

from bot.config import shop


@shop.section("talk")
class ConversationRules(shop.Section):
    """トーク全体の決まりごと。"""

    member_card_in_menu: bool = Field(
        False,
        description="実店舗で会員証を使うか（使うときは、トーク画面の下のメニューに「会員証」も出ます）",
    )

    thank_within_days: int = Field(
        7,
        ge=0,
        le=365,
        description="何日前までのお買い上げにお礼を送るか（それより前の注文を取り込んだときは、ポイントだけつきます）",
    )
