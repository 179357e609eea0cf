"""When a step's wait is over, and which event ends it before.

Days with a time of day are calendar days of the shop: `+7 at 11:00` is 11:00 of its clock on the seventh day
after. Days without one are exactly so many times 24 hours.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from journeys.flows.definition import Wait
from journeys.flows.occurrences import On


def due_at(wait: Wait, base: datetime, zone: tzinfo, repurchase_days: int | None = None) -> datetime:
    """The moment, in UTC, at which the wait that began at `base` is over if nothing ends it before.

    `repurchase_days` are those of the product that was bought; None where it has none.
    """
    if wait.date is not None:
        return _on(wait.date, _time_of(wait) or base.astimezone(zone).time(), zone)
    days = wait.days if not wait.repurchase or repurchase_days is None else repurchase_days
    at = _time_of(wait)
    if at is None:
        return base.astimezone(UTC) + timedelta(days=days)
    first = base.astimezone(zone).date() + timedelta(days=days)
    moment = _on(first, at, zone)
    # `at` alone means the next time the clock shows it, which today may be over.
    return moment if moment >= base else _on(first + timedelta(days=1), at, zone)


def ended_by(wait: Wait) -> str | None:
    """The key of the event that ends the wait early, as `enrolment.waits_for` stores it: `order`,
    `tag:has-concern`, `click:voices`. None for a wait of days alone."""
    if wait.until is None:
        return None
    narrowed = wait.tag if wait.until is On.TAG else wait.step if wait.until is On.CLICK else None
    return f"{wait.until}:{narrowed}" if narrowed else str(wait.until)


def _on(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at.replace(tzinfo=None), zone).astimezone(UTC)


def _time_of(wait: Wait) -> time | None:
    return time.fromisoformat(wait.at) if wait.at is not None else None
