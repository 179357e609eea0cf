"""The settings for coupons and gifts in shop.toml; refuses referral rewards above the legal cap."""

from pydantic import Field, field_validator

from bot.config import shop
from rewards.coupons import gift_law
from rewards.ledger.settings import PointRules


@shop.section("coupons")
class CouponRules(shop.Section):
    """クーポンと、景品表示法の上限の確認に使う数字。"""

    smallest_purchase_yen: int = Field(
        1_000,
        ge=1,
        le=10**7,
        description="お店でいちばん小さいお買い上げの額（円）。景品の上限（1,000円未満は200円、それ以上は20%）の基準です",
    )
    yen_per_point: int = Field(
        1, ge=0, le=1_000, description="1ポイントの価値（円）。紹介のお礼の上限の確認に使います"
    )
    points_are_discounts: bool = Field(
        False,
        description="ポイントを自店の値引きだけに使うときは true（値引きは景品にあたらず、上限の確認をしません）",
    )

    shop_url: str = Field(
        "",
        max_length=900,
        description="クーポンのコードを入れてショップを開くアドレス（{code} のところにコードが入ります）。"
        "空のときはコードをコピーするボタンだけを出します。例: https://www.your-shop.jp/discount/{code}",
    )

    @field_validator("shop_url")
    @classmethod
    def _opens_the_shop(cls, address: str) -> str:
        if address and not (address.startswith("https://") and "{code}" in address):
            raise shop.Unfit(
                "begins with https:// and has {code} where the code goes. "
                'Example: shop_url = "https://www.your-shop.jp/discount/{code}"',
                "https:// ではじめ、コードの入るところに {code} を書いてください。"
                "例: https://www.your-shop.jp/discount/{code}",
            )
        return address

    def cap_yen(self) -> int:
        """The highest value of a gift with the shop's smallest purchase, in yen."""
        return gift_law.cap_yen(self.smallest_purchase_yen)

    def value_of_points(self, points: int) -> int:
        """The value of so many points, in yen."""
        return points * self.yen_per_point


@shop.check_together(CouponRules, PointRules)
def referral_rewards_are_lawful() -> list[shop.Fault]:
    """Checks the rewards of both sides against the cap; returns an error for each that exceeds it.

    The friend's reward requires a purchase, so it is a gift with a purchase. The referrer's is checked alike,
    since a referrer is usually a buyer too.
    """
    rules, points = shop.get(CouponRules), shop.get(PointRules)
    if rules.points_are_discounts:
        return []
    return [
        shop.fault(
            "points",
            key,
            f"cannot be used: {given} points are worth ¥{rules.value_of_points(given):,}, and "
            f"a gift with a purchase of ¥{rules.smallest_purchase_yen:,} may be worth ¥{rules.cap_yen():,} at most "
            f"(景品表示法・総付景品). Example: {key} = {rules.cap_yen() // max(1, rules.yen_per_point)}; where points "
            "are only a discount on the shop's own goods, set points_are_discounts = true in [coupons]",
            f"{given}ポイントは{rules.value_of_points(given):,}円にあたります。{rules.smallest_purchase_yen:,}円の"
            f"お買い上げに付けられる景品は{rules.cap_yen():,}円までです（景品表示法・総付景品）。"
            "ポイントを自店の値引きだけに使うときは、[coupons] の points_are_discounts を「はい」にします",
        )
        for key, given in (("referrer", points.referrer), ("referee", points.referee))
        if gift_law.over_by_yen(rules.value_of_points(given), rules.smallest_purchase_yen, is_discount=False)
    ]
