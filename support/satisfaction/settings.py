"""The satisfaction question's settings in shop.toml."""

from __future__ import annotations

from pydantic import Field

from bot.config import shop


@shop.section("support.satisfaction")
class SatisfactionRules(shop.Section):
    """対応を終えたときの「対応はいかがでしたか？」。スタッフがお返事した対応だけ、一度うかがいます。"""

    asks: bool = Field(True, description="うかがうかどうか")
    correction_minutes: int = Field(60, ge=0, le=1440, description="選び直せる時間（分）")
    comment_minutes: int = Field(60, ge=1, le=1440, description="ひとことをお待ちする時間（分）")
    too_few_answers: int = Field(10, ge=2, le=1000, description="これより少ない回答からは割合を出しません")
