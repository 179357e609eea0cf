"""The order of what there is to do today, and the words of changes: tables of input and right value."""

from datetime import date

import pytest

from console.today import changes
from console.today.ranking import ToDo, ranked

MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


def to_do(key: str, yen: int, deadline: date | None = None, *, first: bool = False) -> ToDo:
    return ToDo(key, "…", "/console/", yen, "…", deadline, comes_first=first)


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ([], []),
        ([to_do("a", 100), to_do("b", 300), to_do("c", 200)], ["b", "c", "a"]),
        ([to_do("a", 100, TUESDAY), to_do("b", 100, MONDAY), to_do("c", 100)], ["b", "a", "c"]),
        ([to_do("a", 100, MONDAY), to_do("b", 101)], ["b", "a"]),
        ([to_do("b", 0), to_do("a", 0)], ["a", "b"]),
        ([to_do("a", 1_000_000), to_do("danger", 0, first=True)], ["danger", "a"]),
        ([to_do(str(yen), yen) for yen in range(1, 10)], ["9", "8", "7", "6", "5"]),
    ],
    ids=[
        "nothing",
        "most yen first",
        "then the nearest deadline",
        "a yen before any deadline",
        "the same from day to day",
        "a life before any yen",
        "at most five",
    ],
)
def test_the_order(found: list[ToDo], right: list[str]) -> None:
    assert [each.key for each in ranked(found)] == right


@pytest.mark.parametrize(
    ("now", "before", "right"),
    [
        (112, 100, "+12%"),
        (97, 100, "-3%"),
        (100, 100, "±0%"),
        (1000.4, 1000, "±0%"),
        (5, 0, None),
        (0, 50, "-100%"),
    ],
)
def test_a_change_in_per_cent(now: float, before: float, right: str | None) -> None:
    assert changes.percent(now, before) == right
