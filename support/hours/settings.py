"""The business hours in shop.toml: on which days and when staff answer."""

from __future__ import annotations

from datetime import date, time

from pydantic import Field, model_validator

from bot import localtime
from bot.config import shop
from support.hours import public_holidays
from support.hours.business_hours import WEEKDAYS, Hours

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
