"""The settings for ranks in shop.toml, with the checks that refuse contradictory ones. `rules.py` has the
rules."""

from dataclasses import fields

from pydantic import Field, ValidationInfo, model_validator

from bot.config import shop
from rewards.ledger.actions import version_of
from rewards.ranks.changes import FallRules
from rewards.ranks.rules import WITHOUT_FRIENDS, Facts, Rank, RankRules, Worth, most_of

Three = tuple[int, int, int]
AS_STORED = {"as_stored": True}
"""The validation context for rules stored earlier, which may be such as a shop can no longer set."""


@shop.section("ranks")
class RankSection(shop.Section):
    """会員ランクの決まりごと。「金額・行動・関係性」の3つの軸（0〜100）がそろうとランクが上がります。"""

    qualifying_months: int = Field(
        12,
        ge=1,
        le=60,
        description="さかのぼって数える期間（か月）。上がったランクが、少なくとも続く期間でもあります",
    )
    average_ltv_yen: int = Field(
        Facts.average_ltv_yen,
        ge=1,
        le=10**9,
        description="平均LTV（円）。お客さまの数が足りないうちはこの額とくらべます（実際の平均は四半期ごとに、ひとつ前の"
        "四半期のはじめに決まります。下がるときだけは、すぐに変わります）",
    )
    fewest_customers: int = Field(
        30, ge=1, le=10**6, description="実際の平均LTVを使いはじめる、購入のあるお客さまの人数"
    )
    money_at_average: int = Field(
        RankRules.money_at_average, ge=1, le=100, description="平均LTVちょうどのときの「金額」の軸"
    )
    purchase: Worth = Field(RankRules.purchase, description="「行動」：お買い上げ1回の点と、数える回数の上限")
    survey_answer: Worth = Field(
        RankRules.survey_answer, description="「行動」：アンケート1回の点と上限の回数"
    )
    reply_day: Worth = Field(
        RankRules.reply_day,
        description="「行動」：メッセージやボタンでお話しした1日の点と上限の日数（1日に何回でも1日です）",
    )
    click_day: Worth = Field(
        RankRules.click_day,
        description="「行動」：その方だけのリンク（特典ページ）を開いた1日の点と上限の日数",
    )
    referral: Worth = Field(
        RankRules.referral, description="「関係性」：紹介したお友達の購入1人の点と上限の人数"
    )
    testimonial: Worth = Field(
        RankRules.testimonial, description="「関係性」：掲載した感想1件の点と上限の件数"
    )
    opinion: Worth = Field(RankRules.opinion, description="「関係性」：ご意見1件の点と上限の件数")
    month: Worth = Field(RankRules.month, description="「関係性」：出会ってからの1か月の点と上限の月数")
    active: Three = Field(RankRules.active, description="アクティブに必要な［金額, 行動, 関係性］")
    premium: Three = Field(RankRules.premium, description="プレミアムに必要な［金額, 行動, 関係性］")
    ambassador: Three = Field(RankRules.ambassador, description="アンバサダーに必要な［金額, 行動, 関係性］")

    review_day: int = Field(1, ge=1, le=28, description="ランクが下がることのある日（毎月の何日か）")
    grace_days: int = Field(
        30, ge=7, le=365, description="お知らせしてからランクが下がるまでに、少なくとも待つ日数"
    )
    told_a_day: int = Field(
        300,
        ge=1,
        le=100_000,
        description="夜の見直しによるお知らせ（昇格のお祝い・下がる前のお知らせ、それぞれ）を1日に送る人数の上限",
    )

    basic_perk: str = Field(
        "使い方のご案内と、お買い上げ後のサポートをお届けします。",
        description="ベーシックの特典（お客さまに見える文）",
    )
    active_perk: str = Field(
        "ひとつひとつのアクションに、お礼のポイントをお贈りします。", description="アクティブの特典"
    )
    premium_perk: str = Field(
        "新商品の先行案内や、ここだけのお話をいち早くお届けします。", description="プレミアムの特典"
    )
    ambassador_perk: str = Field(
        "試作品のご感想など、お店づくりにいっしょに参加していただけます。", description="アンバサダーの特典"
    )

    @model_validator(mode="after")
    def _money_alone_makes_no_premium(self) -> "RankSection":
        by_time_alone = self.month[0] * self.month[1]
        for name, asked in (("premium", self.premium), ("ambassador", self.ambassador)):
            if asked[2] <= by_time_alone:
                raise shop.Unfit(
                    f"{name} asks for a relationship of {asked[2]}, which {self.month[1]} months alone give "
                    f"({by_time_alone}): then money alone would make it. Raise it above {by_time_alone}",
                    f"{name}の「関係性」（{asked[2]}）は、出会ってからの月数だけで届きます。{by_time_alone}より"
                    "大きくしてください",
                )
        if self.ambassador[2] <= self.premium[2]:
            raise shop.Unfit(
                "ambassador: asks for more relationship than premium does. Example: ambassador = [25, 40, 60]",
                "アンバサダーの「関係性」は、プレミアムより大きくしてください",
            )
        return self

    @model_validator(mode="after")
    def _nobody_is_ambassador_without_a_friend(self, info: ValidationInfo) -> "RankSection":
        alone = most_of(WITHOUT_FRIENDS, self.rules())
        if self.ambassador[2] <= alone and info.context != AS_STORED:
            raise shop.Unfit(
                f"ambassador asks for a relationship of {self.ambassador[2]}, which testimonials, opinions and months "
                f"alone give ({alone}): then somebody could be Ambassador without a friend who bought. Raise it above "
                f"{alone}, or lower those. Example: ambassador = [25, 40, {min(100, alone + 10)}]",
                f"アンバサダーの「関係性」（{self.ambassador[2]}）は、感想・ご意見・月数だけで届きます。{alone}より"
                "大きくしてください",
            )
        return self

    @model_validator(mode="after")
    def _axes_and_worths_make_sense(self) -> "RankSection":
        for name in ("active", "premium", "ambassador"):
            if not all(0 <= axis <= 100 for axis in getattr(self, name)):
                raise shop.Unfit(
                    f"{name}: each axis is 0 to 100. Example: premium = [50, 40, 20]",
                    f"{name}：それぞれの軸は0〜100にしてください",
                )
        for field in fields(RankRules):
            value = getattr(self, field.name)
            if isinstance(value, tuple) and not all(0 <= each <= 100 for each in value):
                raise shop.Unfit(
                    f"{field.name}: both numbers are 0 to 100. Example: purchase = [10, 4]",
                    f"{field.name}：どちらの数も0〜100にしてください",
                )
        return self

    def rules(self) -> RankRules:
        """The rules as the pure functions take them."""
        return RankRules(**{field.name: getattr(self, field.name) for field in fields(RankRules)})

    def falls(self) -> FallRules:
        """The rules for falls as the pure functions take them."""
        return FallRules(self.review_day, self.grace_days)

    def perk(self, rank: Rank) -> str:
        """What the rank brings, in a sentence to the customer."""
        return str(getattr(self, f"{rank.name.lower()}_perk"))

    def version(self) -> str:
        """A short hash of these rules, without the perks and the number of notifications a day."""
        content = self.model_dump(mode="json")
        return version_of({name: content[name] for name in content if not name.endswith(("_perk", "_a_day"))})
