"""Computes until when a ticket is snoozed: an hour, or the opening of a later day. Pure; in the shop's local time."""

from datetime import date, datetime, timedelta

from support.hours.business_hours import Hours, next_opening

HOUR, TOMORROW, NEXT_WEEK, DATE = "hour", "tomorrow", "next_week", "date"
LONGEST = timedelta(days=366)


def until(choice: str, hours: Hours, local: datetime, day: date | None = None) -> datetime | None:
    """When it returns to its queue; None for an unknown choice, and for a day that is past or too far."""
    match choice:
        case "hour":
            return local + timedelta(hours=1)
        case "tomorrow":
            return _opening_from(hours, local, local.date() + timedelta(days=1))
        case "next_week":
            return _opening_from(hours, local, local.date() + timedelta(days=7 - local.weekday()))
        case "date" if day is not None and local.date() < day <= local.date() + LONGEST:
            return _opening_from(hours, local, day)
        case _:
            return None


def _opening_from(hours: Hours, local: datetime, day: date) -> datetime:
    """The first opening on that day or later; for a shop that never opens, the opening hour of that day."""
    start = datetime.combine(day, hours.opens, tzinfo=local.tzinfo)
    return next_opening(hours, start) or start
