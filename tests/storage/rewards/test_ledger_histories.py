"""Random histories of orders, refunds, cancellations, answers and retries, and the ledger's invariants after each."""

import itertools
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.ledger import ledger
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ledger.reconciliation import reconcile

_numbers: Iterator[int] = itertools.count(1)

order = st.integers(0, 4)
histories = st.lists(
    st.one_of(
        st.tuples(st.just("order"), order, st.integers(0, 500)),
        st.tuples(st.just("refund"), order, st.integers(-5, 500)),
        st.tuples(st.just("cancel"), order, st.just(0)),
        st.tuples(st.just("answer"), order, st.just(20)),
        st.tuples(st.just("withdraw"), order, st.just(0)),
        st.tuples(st.just("adjust"), order, st.integers(-300, 300)),
    ),
    max_size=25,
)


@given(histories, st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_received_twice_in_any_order_is_the_same_ledger(
    history: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    run = next(_numbers)
    with write_transaction():
        customer_id = int(customers.get_or_create_by_line_user(f"U{run:032}").id)
        for index, line in enumerate(history):
            happen(run, customer_id, index, line)
    entries = list(LedgerEntry.select().where(LedgerEntry.customer == customer_id).order_by(LedgerEntry.id))
    again = data.draw(st.permutations(list(enumerate(history))))
    with write_transaction():
        for index, line in again:
            happen(run, customer_id, index, line, order_points=first_price(history, line))
    after = list(LedgerEntry.select().where(LedgerEntry.customer == customer_id).order_by(LedgerEntry.id))
    assert [vars(each)["__data__"] for each in after[: len(entries)]] == [
        vars(each)["__data__"] for each in entries
    ], "what was written stays as it was written"
    check(customer_id, after)


def first_price(history: list[tuple[str, int, int]], line: tuple[str, int, int]) -> int:
    return next((points for kind, number, points in history if (kind, number) == line[:2]), line[2])


def happen(
    run: int, customer_id: int, index: int, line: tuple[str, int, int], order_points: int | None = None
) -> None:
    kind, number, points = line
    name = f"{run}:{number}"
    match kind:
        case "order":
            ledger.earn(
                customer_id, "purchase", points if order_points is None else order_points, f"order:{name}"
            )
        case "refund":
            ledger.reverse(f"order:{name}", f"refund:{name}:{index}", points=points)
        case "cancel":
            ledger.reverse(f"order:{name}", f"cancel:{name}")
        case "answer":
            ledger.earn(customer_id, "survey-answer", points, f"answer:{name}")
        case "withdraw":
            ledger.reverse(f"answer:{name}", f"withdraw:{name}")
        case "adjust":
            ledger.adjust(customer_id, points, 7, "why", f"adjust:{run}:{index}")


def check(customer_id: int, entries: list[LedgerEntry]) -> None:
    assert ledger.balance(customer_id) == sum(entry.points for entry in entries)
    assert len({entry.cause for entry in entries}) == len(entries)
    assert reconcile().faults == ()
    given_ = {entry.id: entry for entry in entries if entry.kind != EntryKind.REVERSE}
    for entry in given_.values():
        back = -sum(each.points for each in entries if each.reverses_id == entry.id)
        assert 0 <= back <= entry.points or entry.points <= back <= 0, "never more taken back than given"
    by_day = [entry for entry in entries if entry.kind == EntryKind.EARN and entry.action == "survey-answer"]
    assert len(by_day) <= 2
