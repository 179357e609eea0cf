"""The settings of proof in shop.toml: how many customers are held out so that effects can be measured."""

from __future__ import annotations

from pydantic import Field

from bot.config import shop


@shop.section("proof")
class ProofRules(shop.Section):
    """シナリオやキャンペーンの効果を確かめるために、お送りしない方の割合。割合を決めていないものに使います。"""

    first_percent: int = Field(
        30, ge=0, le=90, description="効果がはっきりするまで、送らずに比べる方の割合（％）"
    )
    later_percent: int = Field(
        10, ge=0, le=90, description="効果がはっきりしたあとも、送らずに比べる方の割合（％）"
    )
    shop_percent: int = Field(
        5,
        ge=0,
        le=50,
        description="一年のあいだ、どのシナリオもキャンペーンも送らない方の割合（％）。お知らせ全体の効果がわかります。"
        "ご注文とご相談の連絡は届きます。0なら比べません",
    )
    pauses_by_itself: bool = Field(
        False, description="損をしているとはっきりしたシナリオを、自動で一時停止する（true か false）"
    )
    floor_yen_a_head: int = Field(
        0,
        ge=-100_000,
        le=100_000,
        description="自動で一時停止する境目（円）。おひとりあたりの差の、見こみのいちばん高いほうが、これより低いとき",
    )
