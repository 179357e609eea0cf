"""The ledger over time: which points are spent first, held, reversed, in debt, expired and given back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.conversations import ensure
from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.ledger import due_points, ledger, lots
from rewards.ledger.actions import Action
from rewards.ledger.entries import LotUse, PendingPoints, PointsAccount
from rewards.ledger.ledger import EntryKind, LedgerEntry, NotEnough
from rewards.ledger.reconciliation import reconcile

FIRST = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
"""Noon of New Year's Day in Tokyo: day 0 of every history."""


@pytest.fixture(autouse=True)
def _default_rules() -> Iterator[None]:
    shop.use({})
    yield
    shop.use({})


@pytest.fixture
def hanako() -> int:
    with write_transaction():
        return int(customers.get_or_create_by_line_user("U" + "a" * 32).id)


@contextmanager
def on_day(number: int) -> Iterator[None]:
    with localtime.fixed(FIRST + timedelta(days=number)), write_transaction():
        yield


def the_clock() -> None:
    for customer_id in due_points.to_release(0, 100):
        due_points.release(customer_id)
    for customer_id in due_points.to_expire(0, 100):
        due_points.expire(customer_id)


def happen(customer_id: int, history: str) -> None:
    """`3 earn 50 a | 9 burn 20 b`: day, what, how much, cause. The clock runs at the end of each line's day
    before."""
    for line in filter(None, history.split(" | ")):
        day, what, *more = line.split()
        with on_day(int(day)):
            the_clock()
            match [what, *more]:
                case ["earn", points, cause]:
                    ledger.earn(customer_id, Action.PURCHASE, int(points), cause)
                case ["hold", points, cause, days]:
                    until = localtime.today() + timedelta(days=int(days))
                    ledger.earn(customer_id, Action.PURCHASE, int(points), cause, held_until=until)
                case ["burn", points, cause]:
                    ledger.burn(customer_id, int(points), cause)
                case ["cancel", cause]:
                    ledger.reverse(cause, f"cancel:{cause}")
                case ["refund", cause, points]:
                    ledger.reverse(cause, f"refund:{cause}:{day}", points=int(points))
                case ["adjust", points, cause]:
                    ledger.adjust(customer_id, int(points), 7, "お詫び", cause)
                case ["clock"]:
                    pass
                case _:
                    raise ValueError(line)
        assert reconcile().faults == (), line


def day_number(day: date | None) -> int | None:
    return None if day is None else (day - localtime.local_date(FIRST)).days


def left(customer_id: int) -> dict[str, int]:
    return {LedgerEntry.get_by_id(lot.id).cause: lot.left for lot in lots.open_lots(customer_id)}


INACTIVE = {"expire_after_days": 100}
FIXED = {"expiry": "fixed", "expire_after_days": 100}


@pytest.mark.parametrize(
    ("rules", "history", "balance", "lots_left", "next_expiry"),
    [
        # Spending takes the oldest first, and records it.
        (INACTIVE, "0 earn 50 a | 1 earn 30 b | 2 burn 60 c", 20, {"b": 20}, 102),
        (FIXED, "0 earn 50 a | 1 earn 30 b | 2 burn 20 c", 60, {"a": 30, "b": 30}, 100),
        (FIXED, "0 earn 50 a | 1 earn 30 b | 2 burn 80 c", 0, {}, None),
        # Idle points expire together, at the end of the shop's day; any earning or spending restarts the
        # period.
        (INACTIVE, "0 earn 50 a | 100 clock", 50, {"a": 50}, 100),
        (INACTIVE, "0 earn 50 a | 101 clock", 0, {}, None),
        (INACTIVE, "0 earn 50 a | 90 earn 1 b | 150 clock", 51, {"a": 50, "b": 1}, 190),
        (INACTIVE, "0 earn 50 a | 90 burn 1 b | 150 clock", 49, {"a": 49}, 190),
        (INACTIVE, "0 earn 50 a | 0 earn 9 b | 90 cancel b | 101 clock", 0, {}, None),
        (INACTIVE, "0 earn 50 a | 500 clock | 501 clock", 0, {}, None),
        # A late clock gains nobody a day: what was over is expired before the next earning counts.
        (INACTIVE, "0 earn 50 a | 101 earn 7 b", 7, {"b": 7}, 201),
        # Fixed lots expire each on its day.
        (FIXED, "0 earn 50 a | 40 earn 30 b | 101 clock", 30, {"b": 30}, 140),
        (FIXED, "0 earn 50 a | 40 earn 30 b | 99 burn 60 c | 101 clock", 20, {"b": 20}, 140),
        (FIXED, "0 earn 50 a | 40 earn 30 b | 200 clock", 0, {}, None),
        ({"expiry": "never"}, "0 earn 50 a | 3000 clock", 50, {"a": 50}, None),
        # A cancelled order takes the rest of its own lot, then other lots, then it is a debt that the next
        # points pay.
        (INACTIVE, "0 earn 50 a | 1 earn 30 b | 2 cancel b", 50, {"a": 50}, 101),
        (INACTIVE, "0 earn 50 a | 1 earn 30 b | 2 burn 60 c | 3 cancel b", -10, {}, None),
        (INACTIVE, "0 earn 50 a | 1 earn 30 b | 2 burn 60 c | 3 cancel a", -30, {}, None),
        (INACTIVE, "0 earn 50 a | 1 burn 50 c | 2 cancel a | 3 earn 20 b", -30, {}, None),
        (INACTIVE, "0 earn 50 a | 1 burn 50 c | 2 cancel a | 3 earn 80 b", 30, {"b": 30}, 103),
        (
            INACTIVE,
            "0 earn 50 a | 1 burn 50 c | 2 refund a 20 | 3 refund a 20 | 4 refund a 20",
            -50,
            {},
            None,
        ),
        ({"carry_debt": False}, "0 earn 50 a | 1 burn 40 c | 2 cancel a | 3 earn 20 b", 20, {"b": 20}, 368),
        ({"carry_debt": False}, "0 earn 50 a | 1 adjust -90 oops", 0, {}, None),
        # What has expired already is not deducted once more.
        (INACTIVE, "0 earn 50 a | 101 clock | 102 earn 9 b | 103 cancel a", 9, {"b": 9}, 202),
        # A reversed spending gives the points back.
        (INACTIVE, "0 earn 50 a | 1 burn 30 c | 2 cancel c", 50, {"a": 20, "cancel:c": 30}, 102),
        (FIXED, "0 earn 50 a | 1 burn 30 c | 2 cancel c", 50, {"a": 20, "cancel:c": 30}, 100),
        # Held points are in no balance until their day; a cancellation takes them first.
        (INACTIVE, "0 hold 50 a 14 | 13 clock", 0, {}, None),
        (INACTIVE, "0 hold 50 a 14 | 14 clock", 50, {"a:released": 50}, 114),
        (INACTIVE, "0 hold 50 a 14 | 5 cancel a | 20 clock", 0, {}, None),
        (INACTIVE, "0 hold 50 a 14 | 5 refund a 20 | 20 clock", 30, {"a:released": 30}, 120),
        (INACTIVE, "0 hold 50 a 14 | 5 refund a 20 | 6 cancel a | 20 clock", 0, {}, None),
        (INACTIVE, "0 hold 50 a 14 | 20 cancel a", 0, {}, None),
        (INACTIVE, "0 hold 50 a 14 | 20 clock | 21 burn 50 c | 22 cancel a", -50, {}, None),
    ],
)
def test_a_history_and_what_is_left_of_it(
    hanako: int,
    rules: dict[str, object],
    history: str,
    balance: int,
    lots_left: dict[str, int],
    next_expiry: int | None,
) -> None:
    shop.use({"points": rules})
    happen(hanako, history)
    with on_day(int(history.split(" | ")[-1].split()[0])):
        assert ledger.balance(hanako) == balance
        assert ledger.available(hanako) == max(0, balance)
        assert left(hanako) == lots_left
        assert day_number(due_points.outlook(hanako).expires_on) == next_expiry


def test_spending_more_than_there_is_writes_nothing(hanako: int) -> None:
    happen(hanako, "0 earn 50 a | 0 hold 40 h 14")
    with on_day(1), pytest.raises(NotEnough) as refused:
        ledger.burn(hanako, 51, "coupon:1")
    assert refused.value.available == 50
    assert ledger.entry_of("coupon:1") is None
    with on_day(1):
        first = ledger.burn(hanako, 50, "coupon:1", "10%OFF")
        assert first is not None
        assert (first.kind, first.points, first.note) == (EntryKind.BURN, -50, "10%OFF")
        assert ledger.balance_with(first) == 0
        assert ledger.burn(hanako, 50, "coupon:1") is None
        with pytest.raises(ValueError, match="at least one"):
            ledger.burn(hanako, 0, "coupon:2")


def test_what_is_over_since_midnight_cannot_be_spent_though_the_clock_was_late(hanako: int) -> None:
    shop.use({"points": INACTIVE})
    happen(hanako, "0 earn 50 a")
    midnight = datetime(2026, 4, 11, 15, 0, tzinfo=UTC)  # 12 April in Tokyo: day 101
    with localtime.fixed(midnight - timedelta(seconds=1)), write_transaction():
        assert ledger.available(hanako) == 50
    with localtime.fixed(midnight), write_transaction():
        assert ledger.available(hanako) == 0
        with pytest.raises(NotEnough):
            ledger.burn(hanako, 1, "coupon:1")


def test_expired_points_can_be_rescued_once_and_in_time(hanako: int) -> None:
    shop.use({"points": INACTIVE})
    happen(hanako, "0 earn 50 a | 101 clock")
    expired = LedgerEntry.get(LedgerEntry.kind == EntryKind.EXPIRE)
    assert str(expired.occurred_on) == "2026-04-12"
    with on_day(132):
        assert ledger.rescue(expired.id, 7, "旅行中でした") is None
    with on_day(131):
        with pytest.raises(ValueError, match="reason"):
            ledger.rescue(expired.id, 7, " ")
        back = ledger.rescue(expired.id, 7, "旅行中でした")
        assert back is not None
        assert (back.points, back.staff_id, back.note, back.reverses_id) == (
            50,
            7,
            "旅行中でした",
            expired.id,
        )
        assert ledger.rescue(expired.id, 7, "もう一度") is None
        assert ledger.rescue(back.id, 7, "失効ではない") is None
        assert day_number(due_points.outlook(hanako).expires_on) == 231
    assert reconcile().faults == ()


def test_rules_made_shorter_hold_from_the_next_earning_and_longer_ones_at_once(hanako: int) -> None:
    shop.use({"points": {"expire_after_days": 100}})
    happen(hanako, "0 earn 50 a")
    shop.use({"points": {"expire_after_days": 10}})
    happen(hanako, "50 clock")
    assert ledger.balance(hanako) == 50
    happen(hanako, "51 earn 1 b | 62 clock")
    assert ledger.balance(hanako) == 0
    happen(hanako, "63 earn 5 c")
    shop.use({"points": {"expire_after_days": 365}})
    happen(hanako, "400 clock")
    assert ledger.balance(hanako) == 5


def test_each_policy_keeps_its_own_lots_when_it_changes(hanako: int) -> None:
    shop.use({"points": FIXED})
    happen(hanako, "0 earn 50 a")
    shop.use({"points": INACTIVE})
    happen(hanako, "90 earn 10 b | 101 clock")
    assert left(hanako) == {"b": 10}
    shop.use({"points": {"expiry": "never"}})
    happen(hanako, "180 earn 1 c | 2000 clock")
    assert left(hanako) == {"b": 10, "c": 1}


def test_a_limit_a_month_refuses_and_the_next_month_does_not(hanako: int) -> None:
    shop.use({"points": {"testimonials_a_month": 2}})
    kinds = []
    for day in (0, 1, 2, 31):
        with on_day(day):
            entry = ledger.earn(hanako, Action.TESTIMONIAL, 50, f"testimonial:{day}")
        assert entry is not None
        kinds.append(entry.kind)
    assert kinds == [EntryKind.EARN, EntryKind.EARN, EntryKind.REFUSED, EntryKind.EARN]
    assert ledger.entry_of("testimonial:2").note == "more than 2 a month of testimonial"  # type: ignore[union-attr]


def test_a_release_is_no_second_earning_of_its_day(hanako: int) -> None:
    shop.use({"points": {"purchases_a_day": 1}})
    happen(hanako, "0 hold 50 a 14 | 14 earn 20 b | 14 earn 20 c")
    assert ledger.balance(hanako) == 70
    assert ledger.entry_of("c").kind == EntryKind.REFUSED  # type: ignore[union-attr]


def test_a_warning_is_found_once_by_whoever_searches(hanako: int) -> None:
    with write_transaction():
        key = "U" + "a" * 32
        customers.follow(key, ensure(key, key))
    shop.use({"points": INACTIVE})
    happen(hanako, "0 earn 50 a")
    found = []
    for day in (69, 70, 71, 92, 93, 94, 100):
        with on_day(day):
            for warning in due_points.to_warn(0, 10):
                found.append((day, warning.days, warning.event_id))
                due_points.record_warning(warning)
    assert found == [
        (70, 30, f"points-expiring:{hanako}:2026-04-11:30"),
        (93, 7, f"points-expiring:{hanako}:2026-04-11:7"),
    ]
    shop.use({"points": INACTIVE | {"expiry_warning_days": []}})
    with on_day(95):
        ledger.earn(hanako, Action.PURCHASE, 1, "b")
    with on_day(190):
        assert due_points.to_warn(0, 10) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda: LotUse.update(points=999).execute(), "and 999 were used"),
        (lambda: LotUse.delete().execute(), "lots cover 0"),
        (lambda: LotUse.update(points=LotUse.points - 1).execute(), "lots with"),
        (lambda: PendingPoints.delete().execute(), "waits 0 times"),
        (lambda: LedgerEntry.update(held=-1).where(LedgerEntry.cause == "c").execute(), "is burn with"),
        (
            lambda: LedgerEntry.update(held=9).where(LedgerEntry.cause == "cancel:h").execute(),
            "is reverse with",
        ),
        (lambda: PointsAccount.delete().execute(), "was last active on"),
        (lambda: PointsAccount.update(expires_on=None).execute(), "wrong day of expiry"),
    ],
)
def test_reconcile_finds_lots_that_cannot_be_right(hanako: int, spoil: object, fault: str) -> None:
    happen(hanako, "0 earn 50 a | 0 hold 40 h 14 | 1 burn 20 c | 1 refund h 10")
    LedgerEntry.update(cause="cancel:h").where(LedgerEntry.cause == "refund:h:1").execute()
    assert reconcile().faults == ()
    spoil()  # type: ignore[operator]
    assert any(fault in each for each in reconcile().faults), reconcile().faults
