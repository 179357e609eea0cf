"""The figures of unasked messages: this month and the months before. What is counted is in
`journeys/sending/costs.py`; when it is counted again in `cache.py`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from console.figures import cache
from customers.values import windows
from journeys.sending import costs
from journeys.sending.costs import MonthCosts, Sent

MONTHS = 6


@dataclass(frozen=True, slots=True)
class MessageFigures:
    """The last months of unasked messages, this month first."""

    counted_at: datetime
    is_cached: bool
    months: list[MonthCosts]


def of_shop() -> MessageFigures | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    if shown is None:
        return None
    months = [_month(each) for each in shown.counted["months"]]
    return MessageFigures(shown.counted_at, shown.is_cached, months)


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def _count() -> Mapping[str, Any]:
    today = localtime.today()
    months = [costs.of_month(windows.first_of_month(today, back)) for back in range(MONTHS)]
    return {"months": [asdict(each) | {"month": each.month.isoformat()} for each in months]}


def _month(counted: Mapping[str, Any]) -> MonthCosts:
    kinds, flows = (tuple(Sent(**each) for each in counted[name]) for name in ("kinds", "flows"))
    lists = {"month": date.fromisoformat(counted["month"]), "kinds": kinds, "flows": flows}
    return MonthCosts(**(dict(counted) | lists))


FIGURES = cache.Figures("messages", _count)
