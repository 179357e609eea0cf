"""The days that a page of figures shows: a usual period, or two days that the reader chose. Read from the address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from console.figures import wording
from console.shell.translation import N_, gettext
from customers.values import windows
from customers.values.windows import Window

PERIODS = {
    "month": N_("今月"),
    "last-month": N_("先月"),
    "year": N_("この12か月"),
    "all": N_("はじめから"),
}
EARLIEST = date(2000, 1, 1)
"""Before any shop's first day; the first day of a period without a beginning."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days in question, as the address names them."""

    name: str
    """One of `PERIODS`, or `days` for two chosen days."""
    window: Window

    @property
    def title(self) -> str:
        """In the reader's language."""
        if self.name in PERIODS:
            return gettext(PERIODS[self.name])
        return wording.of_reader().window(self.window, self.window.last_on)

    @property
    def arguments(self) -> dict[str, Any]:
        """For an address of the same days."""
        if self.name in PERIODS:
            return {"period": self.name}
        return {"from": self.window.first_on.isoformat(), "to": self.window.last_on.isoformat()}


def read(today: date, default: str = "all") -> Period:
    """The period of this request: two valid days, else the one it names, else the default."""
    first_on, last_on = _day("from"), _day("to")
    if first_on and last_on and EARLIEST <= first_on <= last_on:
        return Period("days", Window(first_on, min(last_on, today)))
    name = request.args.get("period", "")
    return of(name if name in PERIODS else default, today)


def of(name: str, today: date) -> Period:
    """The usual period of that name."""
    window = {
        "month": windows.month_to(today),
        "last-month": windows.calendar_month(windows.first_of_month(today, 1)),
        "year": windows.year(today),
        "all": Window(EARLIEST, today),
    }[name]
    return Period(name, window)


def of_month(month: Window) -> Period:
    """The days of a month, for a link to its list."""
    return Period("days", month)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
