"""The FAQ search's settings in shop.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.config import shop


@shop.section("support.faq")
class FaqRules(shop.Section):
    """よくある質問の探し方。"""

    meaning: Literal["auto", "off"] = Field(
        "auto",
        description="言葉の意味でも探すか（autoは requirements-meaning.txt の部品があれば使い、offは使いません）",
    )
