"""Which version of the cost of winning a customer is in force."""

from datetime import UTC, date, datetime

import pytest

from customers.figures.acquisition_costs import Costs, Version, can_be_undone, in_force, without

AT = datetime(2026, 11, 1, tzinfo=UTC)
JANUARY, FEBRUARY, JUNE = (date(2026, month, 1) for month in (1, 2, 6))


def version(number: int, month: date, yen: int | None) -> Version:
    return Version(number, month, None if yen is None else Costs(yen, 500), AT, 1, None)


ENTERED = [
    version(1, JANUARY, 3_000),
    version(2, JUNE, 4_000),
    version(3, FEBRUARY, 3_500),
    version(4, JUNE, 4_200),
]


@pytest.mark.parametrize(
    ("on", "number"),
    [
        (date(2025, 12, 31), None),
        (JANUARY, 1),
        (date(2026, 1, 31), 1),
        (FEBRUARY, 3),  # entered later, and does not reach beyond the month in which another begins
        (date(2026, 5, 31), 3),
        (JUNE, 4),  # of two from one month, the one entered last
        (date(2027, 1, 1), 4),
    ],
)
def test_the_version_in_force(on: date, number: int | None) -> None:
    found = in_force(ENTERED, on)
    assert (found.id if found else None) == number


@pytest.mark.parametrize(("number", "yen"), [(1, None), (2, 3_000), (3, 3_000), (4, 4_000)])
def test_without_a_version_the_one_before_it_would_be_in_force(number: int, yen: int | None) -> None:
    costs = without(ENTERED, ENTERED[number - 1])
    assert (costs.cpo_yen if costs else None) == yen


def test_only_what_is_in_force_in_its_month_can_be_undone() -> None:
    assert [can_be_undone(ENTERED, each) for each in ENTERED] == [True, False, True, True]
    undone = [*ENTERED, version(5, JUNE, 4_000)]
    assert [can_be_undone(undone, each) for each in undone] == [True, False, True, False, True]
