"""The SQL over all customers agrees with the pure rules for each, whatever they did and whatever the rules."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from peewee import Model, chunked

from bot import localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from customers.orders.purchases import Purchase
from customers.people.active_days import CustomerDay, DayKind
from customers.people.customer import Customer
from rewards.ledger.actions import Action
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ranks import batch_sql, changes, facts, nightly_review
from rewards.ranks.batch_sql import Measure
from rewards.ranks.rules import Rank, rank_of
from rewards.ranks.settings import RankSection
from rewards.ranks.shown_testimonials import ShownTestimonial
from rewards.ranks.tables import CustomerRank

NOW = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
"""1 April on the shop's clock, where the months before have fewer days or more."""
COUNT = 80
USUAL_RULES = RankSection.model_validate({})
OTHER_RULES = RankSection.model_validate(
    {
        "qualifying_months": 3,
        "average_ltv_yen": 5_000,
        "money_at_average": 70,
        "purchase": (20, 2),
        "reply_day": (3, 4),
        "click_day": (7, 1),
        "testimonial": (4, 2),
        "opinion": (2, 1),
        "month": (2, 4),
        "active": (10, 20, 0),
        "premium": (40, 20, 10),
        "ambassador": (0, 20, 20),
    }
)


@pytest.fixture
def own_rules() -> Iterator[Callable[[RankSection], None]]:
    """Puts rank rules into force for the test."""
    yield lambda section: shop.use({"ranks": section.model_dump(mode="json")})
    shop.use({})


Rows = dict[type[Model], list[dict[str, Any]]]
"""What is to be stored; a statement for each row would take most of the time."""


def fill(chance: random.Random, count: int) -> None:
    """Customers with random years: orders paid, refunded and cancelled, actions earned, refused, reversed,
    testimonials published."""
    rows: Rows = {
        each: [] for each in (Customer, CustomerRank, Purchase, LedgerEntry, ShownTestimonial, CustomerDay)
    }
    for customer_id in range(1, count + 1):
        joined_at = NOW - timedelta(days=chance.randrange(500), minutes=chance.randrange(3_000))
        registered_at = joined_at if chance.random() < 0.7 else None
        rows[Customer].append({"id": customer_id, "first_seen_at": joined_at, "registered_at": registered_at})
        if chance.random() < 0.9:
            rows[CustomerRank].append(random_rank(customer_id, chance))
        for number in range(chance.randrange(7)):
            rows[Purchase].append(bought(customer_id, number, chance))
        for number in range(chance.randrange(12)):
            rows[LedgerEntry] += did(len(rows[LedgerEntry]) + 1, customer_id, number, chance)
        for number in range(chance.randrange(4)):
            at = NOW - timedelta(days=chance.randrange(-2, 400))
            shown_on, cause = localtime.local_date(at), f"{customer_id}-{number}"
            rows[ShownTestimonial].append({"customer": customer_id, "cause": cause, "shown_on": shown_on})
        for _ in range(chance.randrange(16)):
            day = localtime.local_date(NOW) - timedelta(
                days=chance.choice((-1, 0, 90, 91, 364, 365, 366, 30))
            )
            kind = chance.choice(list(DayKind))
            day -= timedelta(days=chance.randrange(5))
            rows[CustomerDay].append({"customer": customer_id, "kind": kind, "day": day})
    for table, stored in rows.items():
        for chunk in chunked(stored, 200):
            table.insert_many(chunk).on_conflict_ignore().execute()


def random_rank(customer_id: int, chance: random.Random) -> dict[str, Any]:
    axes = {name: chance.randrange(100) for name in ("money", "behaviour", "relationship")}
    today = date(2026, 4, 1)
    falls_on = today + timedelta(days=chance.choice((-1, 0, 1))) if chance.random() < 0.6 else None
    is_found = falls_on is not None or chance.random() < 0.3
    days_left = chance.choice((None, -1, 0, 29, 30, 31, 200))
    return {
        "customer": customer_id,
        "rank": chance.choice(list(Rank)),
        "since": NOW,
        "reviewed_at": NOW,
        "rule_version": "1",
        "falls_on": falls_on,
        "below_since": today - timedelta(days=40) if is_found else None,
        "held_until": None if days_left is None else today + timedelta(days=days_left),
        **axes,
    }


def bought(customer_id: int, number: int, chance: random.Random) -> dict[str, Any]:
    at = NOW - timedelta(days=chance.randrange(-2, 400), hours=chance.randrange(24))
    total = chance.choice(
        (0, chance.randrange(1, 20_000), chance.randrange(1, 20_000), chance.randrange(1, 20_000))
    )
    return {
        "source": "test",
        "order_number": f"{customer_id}-{number}",
        "customer": customer_id,
        "ordered_at": at,
        "ordered_on": localtime.local_date(at),
        "total_yen": total,
        "refunded_yen": chance.choice((0, 0, total // 2)),
        "state": chance.choice(("paid", "paid", "paid", "cancelled", "refunded")),
        "recorded_at": at,
    }


def did(entry_id: int, customer_id: int, number: int, chance: random.Random) -> list[dict[str, Any]]:
    at = NOW - timedelta(days=chance.randrange(-2, 400), hours=chance.randrange(24))
    values = {
        "customer": customer_id,
        "action": chance.choice(list(Action)),
        "rule_version": "1",
        "occurred_at": at,
        "occurred_on": localtime.local_date(at),
    }
    kind = chance.choice(
        (EntryKind.EARN, EntryKind.EARN, EntryKind.EARN, EntryKind.REFUSED, EntryKind.PENDING)
    )
    deed = {"id": entry_id, "kind": kind, "points": 5, "cause": f"deed:{customer_id}:{number}"}
    entries = [deed | values | {"reverses": None}]
    if kind is EntryKind.EARN and chance.random() < 0.1:
        undone = {"kind": EntryKind.REVERSE, "points": -5, "cause": f"undone:{customer_id}:{number}"}
        entries.append(undone | values | {"id": entry_id + 1, "reverses": entry_id})
    return entries


@pytest.mark.parametrize("seed", range(4))
def test_sql_and_rules_say_the_same_of_each_customer(seed: int) -> None:
    """By the usual rules and by others; what is dated tomorrow, and what was free, counts in neither."""
    with localtime.fixed(NOW), write_transaction():
        fill(random.Random(seed), COUNT)
    for section in (USUAL_RULES, OTHER_RULES):
        assert_alike(section)


def assert_alike(section: RankSection) -> None:
    with localtime.fixed(NOW):
        today = localtime.today()
        measure = Measure(section, today, section.average_ltv_yen)
        sql = batch_sql.measure_sql(measure)
        columns = "customer_id, before_rank, money, behaviour, relationship, deserved, after_rank"
        counted_facts = database.execute(
            f"SELECT {columns} FROM ({sql}) AS l ORDER BY customer_id", *batch_sql.values_of(1, COUNT)
        ).fetchall()
        expected = []
        for customer_id in range(1, COUNT + 1):
            known = facts.read(customer_id, section=section)
            deserved = rank_of(known.axes, known.facts, section.rules())
            after = changes.after(known.rank, deserved, known.falls_on, today) if known.rank else deserved
            axes = known.axes
            expected.append(
                (customer_id, known.rank, axes.money, axes.behaviour, axes.relationship, deserved, after)
            )
    assert [tuple(row) for row in counted_facts] == expected, f"{section=}"
    assert len({row[5] for row in counted_facts}) > 2, "customers of several ranks"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("section", [USUAL_RULES, OTHER_RULES], ids=["usual rules", "other rules"])
def test_a_nightly_review_finds_whom_the_rules_say_to_warn(
    seed: int, section: RankSection, own_rules: Callable[[RankSection], None]
) -> None:
    own_rules(section)
    with localtime.fixed(NOW):
        today = localtime.today()
        with write_transaction():
            fill(random.Random(seed), COUNT)
            night = nightly_review.begin_or_resume_review(today)
        assert night is not None
        sql = f"SELECT customer_id, below FROM ({nightly_review.measure_statement(night)}) AS l ORDER BY customer_id"
        found = [tuple(row) for row in database.execute(sql, *batch_sql.values_of(1, COUNT)).fetchall()]
        expected = []
        for customer_id in range(1, COUNT + 1):
            known = facts.read(customer_id, section=section)
            stored = CustomerRank.get_or_none(CustomerRank.customer == customer_id)
            is_due = stored is not None and changes.is_warning_due(
                changes.HeldRank(Rank(stored.rank), stored.held_until, stored.below_since, stored.falls_on),
                rank_of(known.axes, known.facts, section.rules()),
                today,
                section.falls(),
            )
            expected.append((customer_id, int(is_due)))
    assert found == expected
    assert {below for _, below in found} == {0, 1}


def test_a_chunk_is_the_next_so_many_customers_whatever_their_ids() -> None:
    with write_transaction():
        for customer_id in (3, 7, 8, 90):
            Customer.insert(id=customer_id, first_seen_at=NOW).execute()
    chunks = [batch_sql.last_of_chunk(after, 2) for after in (0, 7, 8, 90)]
    assert chunks == [7, 90, 90, None]
