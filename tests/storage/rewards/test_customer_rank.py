"""A customer's rank: from what they bought and did, raised at once, written only when something changed."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import database, is_postgres, write_transaction
from customers.orders import purchases
from customers.orders.order import Order
from customers.people import customer as customers
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ranks import average_ltv, customer_rank, shown_testimonials
from rewards.ranks import facts as rank_facts
from rewards.ranks.customer_rank import CustomerRank, RankChange
from rewards.ranks.rules import Axes, Rank, Step

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


def line_user(letter: str) -> str:
    return "U" + letter * 32


def a_customer(letter: str = "a") -> int:
    customer_id = int(customers.follow(line_user(letter)).id)
    customer_rank.register(customer_id)
    return customer_id


def buy(letter: str, number: str, total_yen: int, days_ago: int = 0) -> purchases.Purchase:
    at = localtime.now() - timedelta(days=days_ago)
    order = Order(
        source="test",
        order_number=number,
        ordered_at=at,
        ordered_on=localtime.local_date(at),
        total_yen=total_yen,
        line_user_id=line_user(letter),
    )
    return purchases.record(order).purchase


def did(customer_id: int, action: Action, *causes: str) -> None:
    for cause in causes:
        ledger.earn(customer_id, action, 1, f"{action}:{cause}")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []
    bound = database.obj
    execute = bound.execute_sql

    def noted(sql: str, *rest: object, **more: object) -> object:
        sent.append(sql)
        return execute(sql, *rest, **more)

    bound.execute_sql = noted
    try:
        yield sent
    finally:
        del bound.execute_sql


def test_registering_begins_as_basic_once() -> None:
    with write_transaction():
        customer_id = int(customers.follow(line_user("a")).id)
        assert customer_rank.register(customer_id)
        assert not customer_rank.register(customer_id)
    assert customer_rank.count_by_rank() == {
        Rank.BASIC: 1,
        Rank.ACTIVE: 0,
        Rank.PREMIUM: 0,
        Rank.AMBASSADOR: 0,
    }
    assert [(each.before, each.after) for each in customer_rank.changes(customer_id)] == [(None, Rank.BASIC)]


def test_a_purchase_and_an_answer_make_an_active() -> None:
    with write_transaction():
        customer_id = a_customer()
        buy("a", "1", 3_980)
        assert not customer_rank.review(customer_id).rose
        did(customer_id, Action.SURVEY_ANSWER, "1")
        review = customer_rank.review(customer_id)
        assert not customer_rank.review(customer_id).rose, "congratulated once"
    assert review.rose
    assert (review.before, review.after) == (Rank.BASIC, Rank.ACTIVE)
    stored = CustomerRank.get()
    assert (stored.rank, stored.money, stored.behaviour, stored.relationship) == (Rank.ACTIVE, 11, 25, 0)
    assert [each.after for each in customer_rank.changes(customer_id)] == [Rank.BASIC, Rank.ACTIVE]


def test_a_review_is_one_statement_and_at_most_two_more() -> None:
    with write_transaction():
        customer_id = a_customer()
        a_customer("b")  # by now this process has recorded the rules in force, once
        customer_rank.review(customer_id)
        with statements() as nothing_new:
            customer_rank.review(customer_id)
        did(customer_id, Action.COMMENT, "1")
        with statements() as axes_moved:
            customer_rank.review(customer_id)
        buy("a", "1", 3_980)
        did(customer_id, Action.SURVEY_ANSWER, "1")
        with statements() as rose:
            assert customer_rank.review(customer_id).rose
    lock = 1 if is_postgres() else 0  # a rise brings gifts, which are stored with the customer too
    assert [len(nothing_new), len(axes_moved), len(rose)] == [1, 2, 3 + lock]


def test_a_review_of_somebody_unregistered_begins_without_congratulations() -> None:
    with write_transaction():
        purchase = buy("a", "1", 3_980)
        review = customer_rank.review(int(purchase.customer_id or 0))
    assert (review.before, review.after, review.rose) == (None, Rank.BASIC, False)


def test_what_was_taken_back_or_refused_counts_for_nothing() -> None:
    with write_transaction():
        customer_id = a_customer()
        did(customer_id, Action.TESTIMONIAL, "1")  # thanked for, which does not mean published
        for cause in ("testimonial:2", "testimonial:2", "testimonial:3"):
            shown_testimonials.add(customer_id, cause)
        shown_testimonials.remove("testimonial:3")
        did(customer_id, Action.COMMENT, "1", "2")
        ledger.reverse("comment:1", "comment:1:undone")
        buy("a", "1", 3_980)
        cancelled = buy("a", "2", 9_000)
        purchases.cancel(cancelled)
        refunded = buy("a", "3", 1_000)
        purchases.refund(refunded, "refund:1", 400)
        facts = customer_rank.snapshot(customer_id).facts
    assert (facts.testimonial_count, facts.opinion_count) == (1, 1)
    assert (facts.purchase_count, facts.sales_yen) == (2, 4_580)


def test_only_the_last_twelve_months_count() -> None:
    """Up to today: what is dated tomorrow counts from tomorrow on, and what was free never."""
    with write_transaction():
        with localtime.fixed(NOON - timedelta(days=365)):
            customer_id = a_customer()
            did(customer_id, Action.SURVEY_ANSWER, "old")
        buy("a", "1", 5_000, days_ago=365)
        buy("a", "2", 3_000, days_ago=364)
        buy("a", "3", 0, days_ago=10)
        buy("a", "4", 7_000, days_ago=-1)
        did(customer_id, Action.SURVEY_ANSWER, "new")
        with localtime.fixed(NOON + timedelta(days=1)):
            did(customer_id, Action.SURVEY_ANSWER, "tomorrow's")
        facts = customer_rank.snapshot(customer_id).facts
        promised = rank_facts.promised(customer_id, localtime.today() + timedelta(days=30))
        with localtime.fixed(NOON + timedelta(days=1)):
            tomorrow = customer_rank.snapshot(customer_id).facts
    assert (facts.sales_yen, facts.purchase_count, facts.survey_answer_count) == (3_000, 1, 1)
    assert facts.months_since_joining == 12
    assert (promised.sales_yen, promised.purchase_count, promised.survey_answer_count) == (0, 0, 1)
    assert (tomorrow.sales_yen, tomorrow.purchase_count, tomorrow.survey_answer_count) == (7_000, 1, 2)


def test_a_review_never_lowers_a_rank() -> None:
    with write_transaction():
        customer_id = a_customer()
        buy("a", "1", 3_980)
        did(customer_id, Action.SURVEY_ANSWER, "1")
        customer_rank.review(customer_id)
        with localtime.fixed(NOON + timedelta(days=500)):
            review = customer_rank.review(customer_id)
            snapshot = customer_rank.snapshot(customer_id)
            offer = customer_rank.offer(customer_id, snapshot.rank, {})
    assert (review.before, review.after, review.rose) == (Rank.ACTIVE, Rank.ACTIVE, False)
    assert review.axes == Axes(0, 0, 10)
    assert snapshot.rank is Rank.ACTIVE
    assert offer.action is not None
    assert offer.action.rank > Rank.ACTIVE


def test_a_snapshot_and_an_offer_write_nothing() -> None:
    with write_transaction():
        customer_id = a_customer()
        buy("a", "1", 3_980)
        before = CustomerRank.get()
        with statements() as sent:
            snapshot = customer_rank.snapshot(customer_id)
        offer = customer_rank.offer(customer_id, snapshot.rank, {})
    assert len(sent) == 1
    assert offer.action is not None
    assert offer.action.kind is Step.SURVEY_ANSWER
    assert CustomerRank.get().money == before.money == 0


def test_money_is_measured_against_the_shops_own_average_once_there_are_enough() -> None:
    try:
        shop.use({"ranks": {"fewest_customers": 2}})
        with write_transaction():
            customer_id = a_customer()
            buy("a", "1", 3_000)
            assert average_ltv.refresh() is None
            assert customer_rank.snapshot(customer_id).facts.average_ltv_yen == 18_000
            buy("b", "2", 1_000)
            buy("b", "3", 99_000, days_ago=400)
            assert average_ltv.refresh() == 2_000
            assert average_ltv.refresh() == 2_000
            snapshot = customer_rank.snapshot(customer_id)
        assert (snapshot.facts.average_ltv_yen, snapshot.axes.money) == (2_000, 75)
    finally:
        shop.use({})


def test_a_rank_of_nobody_is_an_error() -> None:
    with pytest.raises(LookupError):
        customer_rank.snapshot(404)


def test_history_and_rank_agree() -> None:
    with write_transaction():
        customer_id = a_customer()
        buy("a", "1", 20_000)
        did(customer_id, Action.SURVEY_ANSWER, "1", "2")
        customer_rank.review(customer_id)
        did(customer_id, Action.REFERRAL, "1", "2")
        customer_rank.review(customer_id)
    last = customer_rank.changes(customer_id)[-1]
    stored = customer_rank.of_customer(customer_id)
    assert stored is not None
    assert (stored.rank, stored.rule_version, stored.since) == (
        last.after,
        last.rule_version,
        last.changed_at,
    )
    assert RankChange.select().count() == 3


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ({"premium": [50, 40, 10]}, "money alone would make it"),
        ({"ambassador": [25, 40, 15]}, "more relationship than premium"),
        ({"ambassador": [25, 40, 50]}, "without a friend who bought. Raise it above 50"),
        ({"opinion": [10, 3]}, "without a friend who bought. Raise it above 70"),
        ({"active": [0, 25, 101]}, "each axis is 0 to 100"),
        ({"purchase": [10]}, "purchase"),
        ({"purchase": [-1, 4]}, "both numbers are 0 to 100"),
        ({"premium_park": "x"}, "Did you mean premium_perk"),
    ],
)
def test_rules_that_cannot_be_are_refused_at_the_start(section: dict[str, object], sentence: str) -> None:
    with pytest.raises(shop.ShopFileError, match=sentence):
        shop.use({"ranks": section})


def test_the_shops_file_holds_every_rule_and_is_taken_as_it_is_written() -> None:
    try:
        shop.use(tomllib.loads(shop.as_toml()))
    finally:
        shop.use({})
