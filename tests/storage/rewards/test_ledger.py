"""The ledger as tables: what happened, and the balance that must result."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ledger.reconciliation import reconcile
from rewards.ledger.rule_versions import RuleVersion

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def a_customer(letter: str = "a") -> int:
    return int(customers.get_or_create_by_line_user("U" + letter * 32).id)


@pytest.mark.parametrize(
    ("history", "balance"),
    [
        ("", 0),
        ("earn purchase 39 order:1", 39),
        ("earn purchase 39 order:1 | earn purchase 39 order:1", 39),
        ("earn purchase 39 order:1 | earn purchase 12 order:2", 51),
        ("earn purchase 39 order:1 | reverse order:1 cancel:1", 0),
        ("earn purchase 39 order:1 | reverse order:1 cancel:1 | reverse order:1 cancel:1", 0),
        ("earn purchase 39 order:1 | reverse order:1 cancel:1 | reverse order:1 cancel:2", 0),
        ("earn purchase 39 order:1 | reverse order:1 refund:1 9 | reverse order:1 refund:2 9", 21),
        ("earn purchase 39 order:1 | reverse order:1 refund:1 30 | reverse order:1 refund:2 30", 0),
        ("earn purchase 39 order:1 | reverse order:1 refund:1 9 | reverse order:1 cancel:1", 0),
        ("earn purchase 39 order:1 | reverse order:1 refund:1 0", 39),
        ("earn purchase 39 order:1 | reverse order:1 refund:1 -9", 39),
        ("reverse order:9 cancel:9", 0),
        ("earn purchase 39 order:1 | reverse order:1 cancel:1 | reverse cancel:1 cancel:2", 0),
        ("earn purchase 0 order:1", 0),
        ("adjust 100 sorry:1", 100),
        ("adjust 100 sorry:1 | adjust 100 sorry:1", 100),
        ("adjust -100 mistake:1", -100),
        ("earn purchase 39 order:1 | adjust -30 mistake:1 | reverse order:1 cancel:1", -30),
        ("adjust -30 mistake:1 | reverse mistake:1 mistake-of-mistake:1", 0),
        # Two survey answers a day earn, the third is refused and its reversal takes nothing.
        (
            "earn survey-answer 20 answer:1 | earn survey-answer 20 answer:2 | earn survey-answer 20 answer:3"
            " | reverse answer:3 undo:3",
            40,
        ),
    ],
)
def test_a_history_makes_its_balance(history: str, balance: int) -> None:
    with write_transaction():
        customer_id = a_customer()
        for line in filter(None, history.split(" | ")):
            happen(customer_id, line.split())
    assert ledger.balance(customer_id) == balance
    assert reconcile().faults == ()


def happen(customer_id: int, words: list[str]) -> None:
    match words:
        case ["earn", action, points, cause]:
            ledger.earn(customer_id, action, int(points), cause)
        case ["reverse", original, cause, *points]:
            ledger.reverse(original, cause, points=int(points[0]) if points else None)
        case ["adjust", points, cause]:
            ledger.adjust(customer_id, int(points), 7, "お詫び", cause)
        case _:
            raise ValueError(words)


def test_a_cause_is_given_once_and_says_so() -> None:
    with write_transaction():
        customer_id = a_customer()
        first = ledger.earn(customer_id, Action.PURCHASE, 39, "order:1", "¥3,980")
        again = ledger.earn(customer_id, Action.PURCHASE, 39, "order:1")
    assert first is not None
    assert (first.kind, first.points, first.note) == (EntryKind.EARN, 39, "¥3,980")
    assert again is None


def test_one_customers_cause_is_not_anothers_either() -> None:
    with write_transaction():
        ledger.earn(a_customer("a"), Action.PURCHASE, 39, "order:1")
        assert ledger.earn(a_customer("b"), Action.PURCHASE, 39, "order:1") is None
    assert ledger.balance(a_customer("b")) == 0


def test_past_the_limit_of_the_day_it_is_refused_and_says_why() -> None:
    with write_transaction():
        customer_id = a_customer()
        for day, number in ((0, 1), (0, 2), (0, 3), (1, 4)):
            with localtime.fixed(NOON + timedelta(days=day)):
                entry = ledger.earn(customer_id, Action.SURVEY_ANSWER, 20, f"answer:{number}")
            assert entry is not None
            assert (entry.kind, entry.points) == (
                (EntryKind.REFUSED, 0) if number == 3 else (EntryKind.EARN, 20)
            )
    refused = ledger.entry_of("answer:3")
    assert refused is not None
    assert refused.note == "more than 2 a day of survey-answer"
    assert ledger.balance(customer_id) == 60


def test_the_day_of_a_limit_is_the_shops() -> None:
    """23:59 and 00:01 in Tokyo are one UTC day and two of the shop's."""
    before_midnight = datetime(2026, 1, 5, 14, 59, tzinfo=UTC)
    with write_transaction():
        customer_id = a_customer()
        with localtime.fixed(before_midnight):
            ledger.earn(customer_id, Action.TESTIMONIAL, 50, "testimonial:1")
        with localtime.fixed(before_midnight + timedelta(minutes=2)):
            entry = ledger.earn(customer_id, Action.TESTIMONIAL, 50, "testimonial:2")
    assert entry is not None
    assert entry.kind == EntryKind.EARN
    assert str(entry.occurred_on) == "2026-01-06"


def test_a_limit_of_nought_is_none() -> None:
    with write_transaction():
        customer_id = a_customer()
        for number in range(20):
            ledger.earn(customer_id, Action.PURCHASE, 1, f"order:{number}")
    assert ledger.balance(customer_id) == 20


def test_an_entry_keeps_its_day_and_the_rules_it_was_made_by() -> None:
    with write_transaction(), localtime.fixed(datetime(2026, 1, 5, 15, 30, tzinfo=UTC)):
        ledger.earn(a_customer(), Action.PURCHASE, 39, "order:1")
    stored = LedgerEntry.get()
    assert str(stored.occurred_on) == "2026-01-06"
    assert stored.occurred_at == datetime(2026, 1, 5, 15, 30, tzinfo=UTC)
    assert "purchase_per_100_yen" in RuleVersion.get(RuleVersion.version == stored.rule_version).rules


def test_new_rules_have_a_new_name() -> None:
    with write_transaction():
        customer_id = a_customer()
        ledger.earn(customer_id, Action.PURCHASE, 39, "order:1")
        try:
            shop.use({"points": {"purchase_per_100_yen": 2}})
            ledger.earn(customer_id, Action.PURCHASE, 78, "order:2")
        finally:
            shop.use({})
    assert len({entry.rule_version for entry in LedgerEntry.select()}) == 2
    assert RuleVersion.select().where(RuleVersion.section == "points").count() == 2


def test_history_is_newest_first_and_goes_on_where_it_stopped() -> None:
    with write_transaction():
        customer_id = a_customer()
        ledger.earn(a_customer("b"), Action.PURCHASE, 1, "order:b")
        for number in range(5):
            ledger.earn(customer_id, Action.PURCHASE, number, f"order:{number}")
    first = ledger.history(customer_id, 2)
    rest = ledger.history(customer_id, 10, before=first[-1].id)
    assert [entry.points for entry in (*first, *rest)] == [4, 3, 2, 1, 0]


def test_staff_give_their_name_and_reason() -> None:
    with write_transaction():
        customer_id = a_customer()
        entry = ledger.adjust(customer_id, 50, 7, "配送の遅れのお詫び", "adjust:7:1")
        assert entry is not None
        assert (entry.staff_id, entry.note, entry.action) == (7, "配送の遅れのお詫び", Action.STAFF)
        with pytest.raises(ValueError, match="reason"):
            ledger.adjust(customer_id, 50, 7, " ", "adjust:7:2")


def test_a_reversal_names_what_it_takes_back() -> None:
    with write_transaction():
        given = ledger.earn(a_customer(), Action.TESTIMONIAL, 50, "testimonial:1")
        taken = ledger.reverse("testimonial:1", "testimonial:1:withdrawn", "withdrawn")
    assert given is not None
    assert taken is not None
    assert (taken.reverses_id, taken.points, taken.action) == (given.id, -50, Action.TESTIMONIAL)


def test_nothing_is_written_outside_a_transaction() -> None:
    with write_transaction():
        customer_id = a_customer()
    with pytest.raises(RuntimeError, match="write_transaction"):
        ledger.earn(customer_id, Action.PURCHASE, 1, "order:1")
    with pytest.raises(RuntimeError, match="write_transaction"):
        ledger.reverse("order:1", "cancel:1")
    with pytest.raises(RuntimeError, match="write_transaction"):
        ledger.adjust(customer_id, 1, 7, "why", "adjust:1")


def test_earning_refuses_a_negative_amount() -> None:
    with write_transaction(), pytest.raises(ValueError, match="reverse"):
        ledger.earn(a_customer(), Action.PURCHASE, -1, "order:1")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"points": -39}, "is earn with -39 points"),
        ({"kind": "refused"}, "is refused with 39 points"),
        ({"kind": "gift"}, "is gift"),
        ({"points": 5}, "were taken back"),
        ({"kind": "reverse"}, "takes back what is not its own"),
    ],
)
def test_reconcile_finds_what_cannot_be_right(changed: dict[str, object], fault: str) -> None:
    with write_transaction():
        customer_id = a_customer()
        ledger.earn(customer_id, Action.PURCHASE, 39, "order:1")
        ledger.reverse("order:1", "refund:1", points=20)
        found = reconcile()
        assert (found.entry_count, found.customer_count, found.points, found.faults) == (2, 1, 19, ())
        LedgerEntry.update(changed).where(LedgerEntry.cause == "order:1").execute()
    assert any(fault in each for each in reconcile().faults)
