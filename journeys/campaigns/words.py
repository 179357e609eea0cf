"""The sentences that a campaign adds to the owner's own message."""

from pydantic import Field

from bot.config import shop


@shop.section("campaigns.words")
class CampaignWords(shop.Words):
    """キャンペーンのメッセージに添える言葉です。{ } の中はそのままの形で残してください。"""

    points: str = Field(
        "🎁 {points}ポイントをお贈りしました。",
        max_length=200,
        description="ポイントをいっしょに贈るとき、文章のあとに添える一行",
    )
    coupon: str = Field(
        "クーポンをお贈りしました🎁", max_length=100, description="クーポンをいっしょに贈るとき"
    )
    coupon_button: str = Field("クーポンを見る", max_length=20, description="お持ちのクーポンを開くボタン")


def words() -> CampaignWords:
    """The sentences with the owner's changes."""
    return shop.get(CampaignWords)
