"""The settings for referrals in shop.toml: who counts as invited, how many a day, and how long rewards are
held."""

from pydantic import Field

from bot.config import shop


@shop.section("referrals")
class ReferralRules(shop.Section):
    """お友達紹介の決まりごと。うたがわしいものは自動でお礼をせず、人が確かめます。"""

    joins_within_days: int = Field(
        7,
        ge=1,
        le=365,
        description="友だち追加から何日以内に送られた紹介コードを数えるか（それより前からの方は対象外）",
    )
    joined_a_day: int = Field(
        10, ge=1, le=1000, description="1人の紹介で1日に参加できる人数。これを超えると確認待ちになります"
    )
    hold_days: int = Field(
        0,
        ge=0,
        le=180,
        description="お友達のはじめてのお買い物から、おふたりにお礼をするまでの日数（返品の期間を待つとき。0はすぐに）",
    )
