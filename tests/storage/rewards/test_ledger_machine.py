"""Random histories of two customers: orders, refunds, spending, holding, expiry, retries, replays, new rules.

After each step the ledger must reconcile, no written entry may have changed, and nobody can have spent more
than they had.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import peewee
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot import localtime
from bot.config import shop
from customers.people import customer as customers
from rewards.ledger import due_points, ledger, lots
from rewards.ledger.entries import LotUse
from rewards.ledger.ledger import EntryKind, LedgerEntry, NotEnough
from rewards.ledger.reconciliation import reconcile

FIRST = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
RULES: tuple[dict[str, Any], ...] = (
    {"expire_after_days": 20},
    {"expire_after_days": 40, "carry_debt": False},
    {"expiry": "fixed", "expire_after_days": 20},
    {"expiry": "fixed", "expire_after_days": 5, "purchases_a_day": 2},
    {"expiry": "never"},
)
who, number, amount = st.integers(0, 1), st.integers(0, 5), st.integers(1, 60)


class Histories(RuleBasedStateMachine):
    """Everything in one transaction that is rolled back, so that each history begins with an empty ledger."""

    bound: peewee.Database

    @initialize()
    def begin(self) -> None:
        self.transaction = self.bound.atomic()
        self.transaction.__enter__()
        self.day, self.serial = 0, 0
        shop.use({"points": RULES[0]})
        self.people = [customers.get_or_create_by_line_user("U" + letter * 32).id for letter in "ab"]
        self.written: dict[int, dict[str, Any]] = {}
        self.applied: list[Any] = []

    def teardown(self) -> None:
        if hasattr(self, "transaction"):
            self.transaction.__exit__(RuntimeError, RuntimeError("undo it all"), None)

    def apply(self, cause: str, work: Any, *values: Any, **more: Any) -> Any:
        self.applied.append((cause, work, values, more))
        with localtime.fixed(FIRST + timedelta(days=self.day)):
            return work(*values, **more)

    @rule(who=who, number=number, points=st.integers(0, 60))
    def order(self, who: int, number: int, points: int) -> None:
        cause = f"order:{number}"
        self.apply(cause, ledger.earn, self.people[who], "purchase", points, cause)

    @rule(who=who, number=number, points=amount, days=st.integers(1, 15))
    def order_held(self, who: int, number: int, points: int, days: int) -> None:
        until = localtime.local_date(FIRST) + timedelta(days=self.day + days)
        cause = f"order:{number}"
        self.apply(cause, ledger.earn, self.people[who], "purchase", points, cause, held_until=until)

    @rule(number=number)
    def cancel(self, number: int) -> None:
        cause = f"cancel:{number}"
        self.apply(cause, ledger.reverse, f"order:{number}", cause)

    @rule(number=number, points=amount)
    def refund(self, number: int, points: int) -> None:
        self.serial += 1
        cause = f"refund:{number}:{self.serial}"
        self.apply(cause, ledger.reverse, f"order:{number}", cause, points=points)

    @rule(who=who, number=number, points=amount)
    def spend(self, who: int, number: int, points: int) -> None:
        customer_id = self.people[who]
        known = ledger.entry_of(f"spend:{number}") is not None
        with localtime.fixed(FIRST + timedelta(days=self.day)):
            before = ledger.available(customer_id)
            try:
                entry = ledger.burn(customer_id, points, f"spend:{number}")
            except NotEnough as refused:
                assert refused.available == before < points
                assert not known
                return
            assert (entry is None) == known
            assert entry is None or points <= before
            assert ledger.available(customer_id) == before - (points if entry else 0)

    @rule(number=number)
    def give_back(self, number: int) -> None:
        cause = f"unspend:{number}"
        self.apply(cause, ledger.reverse, f"spend:{number}", cause)

    @rule(who=who, points=st.integers(-60, 60).filter(bool))
    def by_hand(self, who: int, points: int) -> None:
        self.serial += 1
        cause = f"adjust:{self.serial}"
        self.apply(cause, ledger.adjust, self.people[who], points, 7, "why", cause)

    @rule(days=st.integers(1, 25), clock=st.booleans())
    def time_passes(self, days: int, clock: bool) -> None:
        self.day += days
        if clock:
            self.clock_runs()

    @rule()
    def clock_runs(self) -> None:
        with localtime.fixed(FIRST + timedelta(days=self.day)):
            for customer_id in due_points.to_release(0, 10):
                due_points.release(customer_id)
            for customer_id in due_points.to_expire(0, 10):
                due_points.expire(customer_id)
            assert due_points.to_release(0, 10) == due_points.to_expire(0, 10) == []
            for customer_id in self.people:
                day = due_points.outlook(customer_id).expires_on
                assert day is None or day >= localtime.today()

    @rule()
    def rescue(self) -> None:
        with localtime.fixed(FIRST + timedelta(days=self.day)):
            for entry in LedgerEntry.select().where(LedgerEntry.kind == EntryKind.EXPIRE):
                ledger.rescue(entry.id, 7, "why")

    @rule(data=st.data())
    def applied_again(self, data: st.DataObject) -> None:
        if not self.applied:
            return
        cause, work, values, more = data.draw(st.sampled_from(self.applied))
        known = ledger.entry_of(cause)
        lasting = LedgerEntry.select().where(
            LedgerEntry.kind != EntryKind.EXPIRE
        )  # the day may have changed by now
        count = lasting.count()
        with localtime.fixed(FIRST + timedelta(days=self.day)):
            entry = work(*values, **more)
        if known is not None:
            assert entry is None
            assert lasting.count() == count

    @rule(rules=st.sampled_from(RULES))
    def new_rules(self, rules: dict[str, Any]) -> None:
        shop.use({"points": rules})

    @invariant()
    def the_ledger_proves_itself(self) -> None:
        if not hasattr(self, "people"):
            return
        assert reconcile().faults == ()
        rows: Any = LedgerEntry.select().dicts()
        now: dict[int, dict[str, Any]] = {row["id"]: row for row in rows}
        assert {entry_id: now[entry_id] for entry_id in self.written} == self.written, "an entry changed"
        self.written = now
        for customer_id in self.people:
            there = sum(lot.left for lot in lots.open_lots(customer_id))
            assert there == max(0, ledger.balance(customer_id))
        burnt = sum(-row["points"] for row in now.values() if row["kind"] == EntryKind.BURN)
        covered = LotUse.select(LotUse.points).join(LedgerEntry, on=LotUse.entry)
        assert sum(use.points for use in covered.where(LedgerEntry.kind == EntryKind.BURN)) == burnt


def test_any_history_leaves_a_ledger_that_reconciles(any_database: peewee.Database) -> None:
    class Here(Histories):
        bound = any_database

    try:
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=15,
                stateful_step_count=25,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        shop.use({})
