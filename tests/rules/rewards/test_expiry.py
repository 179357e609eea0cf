"""Which points are spent first, on which day the rest expires, and when to warn: as tables."""

from datetime import date

import pytest

from rewards.ledger.expiry import (
    Lot,
    Policy,
    expiring_by,
    idle_day,
    in_order,
    next_day,
    overdue,
    own_day,
    spend,
    warning_due,
)

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


@pytest.mark.parametrize(
    ("lots", "idle_until", "order"),
    [
        ([(1, MAR), (2, JAN), (3, FEB)], None, [2, 3, 1]),
        ([(2, JAN), (1, JAN)], None, [1, 2]),
        ([(1, None), (2, MAR)], FEB, [1, 2]),
        ([(1, None), (2, JAN)], FEB, [2, 1]),
        ([(1, None), (2, MAR)], None, [2, 1]),
    ],
)
def test_oldest_expiring_first(
    lots: list[tuple[int, date | None]], idle_until: date | None, order: list[int]
) -> None:
    assert [lot.id for lot in in_order([Lot(i, 10, day) for i, day in lots], idle_until)] == order


@pytest.mark.parametrize(
    ("points", "first", "uses"),
    [
        (5, None, {1: 5}),
        (10, None, {1: 10}),
        (25, None, {1: 10, 2: 10, 3: 5}),
        (40, None, {1: 10, 2: 10, 3: 10}),
        (5, 3, {3: 5}),
        (15, 3, {3: 10, 1: 5}),
        (0, None, {}),
    ],
)
def test_a_spending_knows_its_lots(points: int, first: int | None, uses: dict[int, int]) -> None:
    assert spend([Lot(i, 10, None) for i in (1, 2, 3)], points, first) == uses


@pytest.mark.parametrize(
    ("policy", "day"), [(Policy.FIXED, MAR), (Policy.INACTIVITY, None), (Policy.NEVER, None)]
)
def test_only_fixed_lots_carry_a_day(policy: str, day: date | None) -> None:
    assert own_day(date(2026, 3, 1), policy, 30) == day


@pytest.mark.parametrize(
    ("promised", "policy", "day"),
    [
        (None, Policy.INACTIVITY, MAR),
        (FEB, Policy.INACTIVITY, MAR),
        (date(2026, 6, 1), Policy.INACTIVITY, date(2026, 6, 1)),
        (FEB, Policy.NEVER, None),
    ],
)
def test_a_promised_day_never_comes_nearer(promised: date | None, policy: str, day: date | None) -> None:
    assert idle_day(date(2026, 3, 1), promised, policy, 30) == day


def test_the_last_day_is_a_whole_day() -> None:
    lots = [Lot(1, 10, JAN), Lot(2, 20, FEB), Lot(3, 30, None)]
    assert overdue(lots, MAR, JAN) == {}
    assert list(overdue(lots, MAR, date(2026, 2, 1))) == [JAN]
    assert list(overdue(lots, MAR, date(2026, 4, 1))) == [JAN, FEB, MAR]
    assert (next_day(lots, MAR), next_day([], MAR), next_day(lots[2:], None)) == (JAN, None, None)
    assert [expiring_by(lots, MAR, day) for day in (JAN, FEB, MAR)] == [10, 30, 60]


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 2, 28), None),
        (date(2026, 3, 1), 30),
        (date(2026, 3, 23), 30),
        (date(2026, 3, 24), 7),
        (date(2026, 3, 31), 7),
        (date(2026, 4, 1), None),
    ],
)
def test_of_several_warnings_only_the_latest_is_due(today: date, due: int | None) -> None:
    assert warning_due(MAR, today, (30, 7)) == due
