"""Computes days a whole number of months apart, for the beginning and end of the qualifying period. Pure."""

from datetime import date, timedelta


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last day."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    return months_before(day, -months)


def months_between(first: date, last: date) -> int:
    """Full months from the first day to the last; never negative."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return max(0, months)
