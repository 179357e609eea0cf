"""Decides what the shop's owner may set of support: when staff answer, how soon, and what happens when they do not."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Literal

from pydantic import Field, model_validator

from bot import localtime, shop
from support import public_holidays
from support.business_hours import WEEKDAYS, Hours

TIME_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d$"


@shop.section("support.hours")
class BusinessHours(shop.Section):
    """スタッフがお返事する時間。ほかの時間は「いつからお返事するか」をお客様にお伝えします。"""

    weekdays: str = Field(
        "月火水木金", pattern=f"^[{WEEKDAYS}]+$", description="お返事する曜日（続けて書きます）"
    )
    opens: str = Field("10:00", pattern=TIME_OF_DAY, description="はじまりの時刻")
    closes: str = Field("17:00", pattern=TIME_OF_DAY, description="おわりの時刻（はじまりより後）")
    holidays: tuple[date, ...] = Field((), description='お休みの日（例: ["2026-12-31", "2027-01-01"]）')
    closed_on_public_holidays: bool = Field(False, description="日本の祝日もお休みにするか")

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> BusinessHours:
        if self.closes <= self.opens:
            raise ValueError('closes must be later than opens, as in opens = "10:00", closes = "17:00"')
        return self


@shop.section("support.faq")
class FaqRules(shop.Section):
    """よくある質問の探し方。"""

    meaning: Literal["auto", "off"] = Field(
        "auto",
        description="言葉の意味でも探すか（autoは requirements-meaning.txt の部品があれば使い、offは使いません）",
    )


@shop.section("support.promises")
class Promises(shop.Section):
    """最初のお返事までの約束と、お返事が止まったときの知らせ方。時間は営業時間だけを数えます。"""

    detractor_hours: int = Field(24, ge=1, le=500, description="低い評価のお客様への、最初のお返事まで")
    upset_hours: int = Field(4, ge=1, le=500, description="お怒りのお客様への、最初のお返事まで")
    danger_minutes: int = Field(
        15, ge=1, le=500, description="いのちにかかわる言葉があったお客様への、最初のお返事まで（分）"
    )
    harm_hours: int = Field(1, ge=1, le=500, description="お体に何かあったお客様への、最初のお返事まで")
    damage_hours: int = Field(
        4, ge=1, le=500, description="こわれた・ちがう商品が届いたお客様への、最初のお返事まで"
    )
    other_hours: int = Field(8, ge=1, le=500, description="ほかのお客様への、最初のお返事まで")
    at_risk_hours: int = Field(
        2, ge=0, le=500, description="約束の時刻まで残りがこれより少ないチャットを「期限間近」に出します"
    )
    silence_minutes: int = Field(
        120, ge=0, le=10_000, description="お客様をこれより長くお待たせしたら知らせます（0で知らせません）"
    )
    silence_rule: Literal["alert", "reassign"] = Field(
        "alert",
        description="alert は管理画面の上で知らせるだけ、reassign は担当も外して、だれでも取れるようにします",
    )


@shop.section("support.rest")
class RestRules(shop.Section):
    """お怒りや困りごと、低い評価のご相談が終わったあとの、そっとしておく期間。"""

    days: int = Field(
        7,
        ge=0,
        le=90,
        description="この日数は、お祝い・おすすめ・アンケート・クーポンのお知らせをこちらから送りません（0で控えません）",
    )


@shop.section("support.satisfaction")
class SatisfactionRules(shop.Section):
    """対応を終えたときの「対応はいかがでしたか？」。スタッフがお返事した対応だけ、一度うかがいます。"""

    asks: bool = Field(True, description="うかがうかどうか")
    correction_minutes: int = Field(60, ge=0, le=1440, description="選び直せる時間（分）")
    comment_minutes: int = Field(60, ge=1, le=1440, description="ひとことをお待ちする時間（分）")
    too_few_answers: int = Field(10, ge=2, le=1000, description="これより少ない回答からは割合を出しません")


def hours() -> Hours:
    """When staff answer, as the shop's file says."""
    given = shop.get(BusinessHours)
    days = frozenset(given.holidays)
    if given.closed_on_public_holidays:
        # Of last year too: how long somebody has waited is counted back.
        days |= public_holidays.from_year(localtime.today().year - 1)
    return Hours(given.weekdays, time.fromisoformat(given.opens), time.fromisoformat(given.closes), days)


def promised(cause: str) -> timedelta:
    """Within how much working time the first answer to a ticket of that cause is due."""
    given = shop.get(Promises)
    if cause == "danger":
        return timedelta(minutes=given.danger_minutes)
    by_cause = {
        "detractor": given.detractor_hours,
        "upset": given.upset_hours,
        "damage": given.damage_hours,
        "harm": given.harm_hours,
    }
    return timedelta(hours=by_cause.get(cause, given.other_hours))
