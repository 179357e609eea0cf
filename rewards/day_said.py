"""Finds a day of the year in what a person wrote, and says when it comes round. Pure."""

import re
import unicodedata
from datetime import date, timedelta

LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WITH_WORDS = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_WITH_SIGNS = re.compile(r"(?<!\d)(?:\d{4}\s*[/.-]\s*)?(\d{1,2})\s*[/.・-]\s*(\d{1,2})(?!\d)")
_ONLY_DIGITS = re.compile(r"^\s*(?:\d{4})?(\d{2})(\d{2})\s*$")


def find_day(text: str) -> tuple[int, int] | None:
    """Month and day, as in 4月1日, 4/1, 04-01, 0401 and 1990/4/1; None where there is no such day."""
    normal = unicodedata.normalize("NFKC", text)
    for shape in (_WITH_WORDS, _WITH_SIGNS, _ONLY_DIGITS):
        if found := shape.search(normal):
            month, day = int(found[1]), int(found[2])
            return (month, day) if is_day(month, day) else None
    return None


def is_day(month: int, day: int) -> bool:
    """Whether some year has that day."""
    return 1 <= month <= 12 and 1 <= day <= LONGEST[month - 1]


def days_to_keep(today: date, days_back: int) -> list[tuple[date, int, int]]:
    """The days of the year that were kept on today and on each of the days before: that date, month and day.

    Who was born on 29 February keeps the 28th where the year has no 29th.
    """
    found = []
    for back in range(days_back + 1):
        on = today - timedelta(days=back)
        found.append((on, on.month, on.day))
        if (on.month, on.day) == (2, 28) and (on + timedelta(days=1)).month == 3:
            found.append((on, 2, 29))
    return found
