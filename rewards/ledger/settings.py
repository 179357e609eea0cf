"""The settings for points in shop.toml: what each action earns, how often, and when points expire."""

from pydantic import Field, field_validator

from bot.config import shop
from rewards.ledger.actions import Action, version_of
from rewards.ledger.earning_limits import PAST_LIMIT
from rewards.ledger.expiry import Policy


@shop.section("points")
class PointRules(shop.Section):
    """何に何ポイントをお贈りするか。おすすめ度の点数によって変わることはありません。"""

    purchase_per_100_yen: int = Field(1, ge=0, le=100, description="お買い上げ100円ごとのポイント")
    registration: int = Field(30, ge=0, le=10_000, description="友だち追加のお礼")
    survey_answer: int = Field(20, ge=0, le=10_000, description="アンケートのお礼（何点でも同じです）")
    comment: int = Field(10, ge=0, le=10_000, description="アンケートに添えたひとことのお礼")
    testimonial: int = Field(50, ge=0, le=10_000, description="感想（お客様の声）のお礼")
    referrer: int = Field(
        200, ge=0, le=10_000, description="紹介したお友達がはじめて買ってくださったときのお礼"
    )
    referee: int = Field(200, ge=0, le=10_000, description="紹介されてはじめて買ってくださった方へのお礼")
    birthday: int = Field(100, ge=0, le=10_000, description="お誕生日のお祝い（年に1回）")

    purchases_a_day: int = Field(
        0, ge=0, le=1000, description="1人が1日にポイントを受け取れるお買い上げの回数（0は制限なし）"
    )
    survey_answers_a_day: int = Field(2, ge=0, le=1000, description="1日のアンケートの回数（0は制限なし）")
    comments_a_day: int = Field(2, ge=0, le=1000, description="1日のひとことの回数（0は制限なし）")
    testimonials_a_day: int = Field(1, ge=0, le=1000, description="1日の感想の回数（0は制限なし）")
    referrals_a_day: int = Field(5, ge=0, le=1000, description="1日のご紹介のお礼の回数（0は制限なし）")
    purchases_a_month: int = Field(
        0, ge=0, le=1000, description="1か月にポイントを受け取れるお買い上げの回数（0は制限なし）"
    )
    survey_answers_a_month: int = Field(
        0, ge=0, le=1000, description="1か月のアンケートの回数（0は制限なし）"
    )
    comments_a_month: int = Field(0, ge=0, le=1000, description="1か月のひとことの回数（0は制限なし）")
    testimonials_a_month: int = Field(0, ge=0, le=1000, description="1か月の感想の回数（0は制限なし）")
    referrals_a_month: int = Field(0, ge=0, le=1000, description="1か月のご紹介のお礼の回数（0は制限なし）")

    purchase_pending_days: int = Field(
        0,
        ge=0,
        le=180,
        description="お買い上げのポイントを、注文から何日後に使えるようにするか（返品の期間が過ぎるまで待つとき。"
        "0はすぐに使えます。取り消された分は、0のときも差し引かれます）",
    )
    carry_debt: bool = Field(
        True,
        description="取り消しで引くポイントが足りないとき、足りない分をマイナスとして持ち越すか"
        "（falseなら0で止め、それ以上は引きません）",
    )
    expiry: Policy = Field(
        Policy.INACTIVITY,
        description="ポイントの失効：inactivity（最後にためた日・使った日から数える）、fixed（ためた日から数える）、"
        "never（失効しない）",
    )
    expire_after_days: int = Field(
        365, ge=1, le=3650, description="何日で失効するか（その日の終わりに失効します）"
    )
    expiry_warning_days: tuple[int, ...] = Field(
        (30, 7),
        max_length=5,
        description="失効の何日前にお知らせするか（1通につき1回分の配信になります。[] ならお知らせしません）",
    )
    rescue_within_days: int = Field(
        30, ge=0, le=365, description="失効したポイントを、何日以内ならスタッフが元に戻せるか"
    )

    @field_validator("expiry_warning_days")
    @classmethod
    def _warns_before(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1 <= each <= 180 for each in days) or len(set(days)) != len(days):
            raise shop.Unfit(
                "each is a number of days from 1 to 180, and stands there once",
                "それぞれ1〜180の日数で、同じ日数は1度だけにしてください",
            )
        return days

    def points_for(self, action: Action) -> int:
        """The points of the action; those of a purchase depend on its price (`actions.for_purchase`)."""
        name = {Action.REFERRAL: "referrer", Action.REFERRED: "referee"}.get(
            action, action.value.replace("-", "_")
        )
        return int(getattr(self, name))

    def past_limit(self, action: str, today_count: int, month_count: int) -> str:
        """Why the action earns no more today or this calendar month; empty when it does."""
        name = _LIMITED.get(action)
        for period, count in (("day", today_count), ("month", month_count)):
            most = int(getattr(self, f"{name}_a_{period}")) if name else 0
            if most and count >= most:
                return PAST_LIMIT.format(most=most, period=period, action=action)
        return ""

    def version(self) -> str:
        """A short hash of these rules."""
        return version_of(self.model_dump(mode="json"))


_LIMITED: dict[str, str] = {
    Action.PURCHASE: "purchases",
    Action.SURVEY_ANSWER: "survey_answers",
    Action.COMMENT: "comments",
    Action.TESTIMONIAL: "testimonials",
    Action.REFERRAL: "referrals",
}
