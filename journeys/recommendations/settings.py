"""The settings of recommendations in shop.toml."""

from __future__ import annotations

from pydantic import Field

from bot.config import shop
from journeys.recommendations.choosing import Rules

AUTOMATIC = -1
"""The share held out follows [proof]."""


@shop.section("recommendations")
class RecommendationRules(shop.Section):
    """おすすめ商品。いっしょに、または次に買われた数から、おひとりずつに合うものを選びます。"""

    floor_buyers: int = Field(
        5,
        ge=2,
        le=1000,
        description="両方を買った方が、何人いればおすすめに使うか（少ないとたまたまかもしれません）",
    )
    floor_percent: int = Field(
        5, ge=1, le=100, description="もとの商品を買った方のうち、何％以上が選んでいればおすすめに使うか"
    )
    just_bought_days: int = Field(30, ge=1, le=365, description="買ったばかりの商品を、何日おすすめしないか")

    holdout_percent: int = Field(
        AUTOMATIC,
        ge=AUTOMATIC,
        le=90,
        description="効果を確かめるために、おすすめを添えずに送る方の割合（％）。-1なら自動、0なら全員に添えます",
    )

    def rules(self) -> Rules:
        """The rules that a choice follows."""
        return Rules(self.floor_buyers, self.floor_percent, self.just_bought_days)


def configured_percent() -> int | None:
    """The share held out as the owner set it; None where it is automatic."""
    percent = shop.get(RecommendationRules).holdout_percent
    return None if percent == AUTOMATIC else percent
