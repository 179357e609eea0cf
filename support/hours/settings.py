"""The business hours in shop.toml: on which days and when staff answer."""

from __future__ import annotations

import re
from datetime import date, time

from pydantic import Field, field_validator, model_validator

from bot import localtime
from bot.config import shop
from support.hours import public_holidays
from support.hours.business_hours import WEEKDAYS, Hours

TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@shop.section("support.hours")
class BusinessHours(shop.Section):
    """スタッフがお返事する時間。ほかの時間は「いつからお返事するか」をお客様にお伝えします。"""

    weekdays: str = Field("月火水木金", description="お返事する曜日（続けて書きます）")
    opens: str = Field("10:00", description="はじまりの時刻")
    closes: str = Field("17:00", description="おわりの時刻（はじまりより後）")
    holidays: tuple[date, ...] = Field((), description='お休みの日（例: ["2026-12-31", "2027-01-01"]）')
    closed_on_public_holidays: bool = Field(False, description="日本の祝日もお休みにするか")

    @field_validator("weekdays")
    @classmethod
    def _names_weekdays(cls, days: str) -> str:
        if not days or set(days) - set(WEEKDAYS):
            raise shop.Unfit(
                f"choose one day of the week or more from {WEEKDAYS}",
                f"{'・'.join(WEEKDAYS)}から、1つ以上の曜日を選んでください",
            )
        return days

    @field_validator("opens", "closes")
    @classmethod
    def _is_a_time_of_day(cls, moment: str) -> str:
        if not TIME_OF_DAY.fullmatch(moment):
            raise shop.Unfit(
                "a time of day is written as 09:30, from 00:00 to 23:59",
                "時刻は 09:30 のように、00:00〜23:59で書いてください",
            )
        return moment

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> BusinessHours:
        if self.closes <= self.opens:
            raise shop.Unfit(
                'closes must be later than opens, as in opens = "10:00", closes = "17:00"',
                "おわりの時刻は、はじまりより後にしてください",
            )
        return self


def hours() -> Hours:
    """The business hours as set in shop.toml."""
    given = shop.get(BusinessHours)
    days = frozenset(given.holidays)
    if given.closed_on_public_holidays:
        # Last year's too, since waiting times are counted back.
        days |= public_holidays.from_year(localtime.today().year - 1)
    return Hours(given.weekdays, time.fromisoformat(given.opens), time.fromisoformat(given.closes), days)
