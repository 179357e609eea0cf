"""A month's report: its figures, each beside the month before and the same month of the year before.

How each is counted is in `console/figures/definitions/`; here is which are in the report, and their values as of the
months' ends.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot import localtime
from console.catalogue.catalogue import FIGURES
from console.figures.definition import Value
from customers.values import windows

SALES, SUPPORTERS, NPS = "sales-month", "supporters", "nps-90-days"
FRIENDS_JOINED, FRIENDS_BOUGHT = "referral-joined-this-month", "referral-bought-this-month"
SECOND_PURCHASE, LTV = "second-purchase-rate", "ltv"
MESSAGES, FREE_SHARE, MESSAGES_YEN = "messages-month", "messages-free-share", "messages-yen"
SHOWN = (
    *(SALES, SUPPORTERS, NPS, FRIENDS_JOINED, FRIENDS_BOUGHT),
    *(SECOND_PURCHASE, LTV, MESSAGES, FREE_SHARE, MESSAGES_YEN),
)
"""The figures of a report, in the order of its page."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of the month, of the month before and of the same month a year before."""

    now: Value
    before: Value
    year_before: Value


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one calendar month; of a month that is not over, up to `last_on`."""

    month: date
    last_on: date
    figures: Mapping[str, Compared]

    @property
    def is_running(self) -> bool:
        """Whether the month is not over."""
        return self.last_on != windows.calendar_month(self.month).last_on


def last_day(month: date) -> date:
    """The last day of the month that is not after today."""
    return min(windows.calendar_month(month).last_on, localtime.today())


def count(name: str, month: date) -> Compared:
    """Counts one figure of the month, and of the corresponding days of the other two months."""
    definition, on = FIGURES[name], last_day(month)
    window = windows.Window(windows.first_of_month(month), on)
    earlier = (windows.same_days_before(window, back).last_on for back in (1, 12))
    return Compared(definition.count(on), *(definition.count(each) for each in earlier))


def as_values(compared: Compared) -> dict[str, Any]:
    """The figure as values that JSON can hold."""
    return asdict(compared)


def from_values(values: Mapping[str, Any]) -> Compared:
    """The figure of such values."""
    return Compared(**{name: Value(**each) for name, each in values.items()})
