"""When a step's wait is over, and which event ends it before.

Days with a time of day are calendar days of the shop: `+7 at 11:00` is 11:00 of its clock on the seventh day
after. Days without one are exactly so many times 24 hours.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from journeys.flows.definition import Wait
from journeys.flows.occurrences import On


@dataclass(frozen=True, slots=True)
class Repurchase:
    """An order, and after how many days its products are usually bought again."""

    ordered_at: datetime
    days: int


def due_at(
    wait: Wait,
    base: datetime,
    zone: tzinfo,
    repurchase: Repurchase | None = None,
    earliest: datetime | None = None,
) -> datetime:
    """The moment, in UTC, at which the wait that began at `base` is over if nothing ends it before.

    `repurchase` is the order whose product's own days a wait for them counts; None where it has none, and the
    wait's `days` count from `base`. They may be over when the wait begins: `earliest` is then the first moment
    that is meant, by default `base`.
    """
    if wait.date is not None:
        return _on(wait.date, _time_of(wait) or base.astimezone(zone).time(), zone)
    begin, days, first = base, wait.days, base
    if wait.repurchase and repurchase is not None:
        begin, days, first = repurchase.ordered_at, repurchase.days, max(base, earliest or base)
    at = _time_of(wait)
    if at is None:
        return max(begin.astimezone(UTC) + timedelta(days=days), first.astimezone(UTC))
    moment = _on(begin.astimezone(zone).date() + timedelta(days=days), at, zone)
    return moment if moment >= first else _next(at, first, zone)


def ended_by(wait: Wait) -> str | None:
    """The key of the event that ends the wait early, as `enrolment.waits_for` stores it: `order`,
    `tag:has-concern`, `click:voices`. None for a wait of days alone."""
    if wait.until is None:
        return None
    narrowed = wait.tag if wait.until is On.TAG else wait.step if wait.until is On.CLICK else None
    return f"{wait.until}:{narrowed}" if narrowed else str(wait.until)


def _next(at: time, first: datetime, zone: tzinfo) -> datetime:
    """The next moment at which the clock shows that time; today it may be over."""
    today = first.astimezone(zone).date()
    moment = _on(today, at, zone)
    return moment if moment >= first else _on(today + timedelta(days=1), at, zone)


def _on(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at.replace(tzinfo=None), zone).astimezone(UTC)


def _time_of(wait: Wait) -> time | None:
    return time.fromisoformat(wait.at) if wait.at is not None else None
