"""Counts of pairs against a count in Python, on both databases; what is offered, and what was shown."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import peewee
import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders import purchases
from customers.orders.order import Item, Order
from customers.orders.tables import Product
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import recommendation_jobs
from journeys.audience.tables import CustomerProfile
from journeys.recommendations import counting, offers, outcomes, shown
from journeys.recommendations.choosing import Usual
from journeys.recommendations.offers import Source
from journeys.recommendations.tables import ProductBuyers, ProductCount, ProductPair, RecommendationShown

START = datetime(2026, 4, 1, 3, tzinfo=UTC)
SKUS = ("TEA", "CUP", "POT", "SET", "BAG")


@pytest.fixture(autouse=True)
def _rules(any_database: peewee.Database) -> Iterator[None]:
    shop.use({})
    with localtime.fixed(START):
        yield


def person(name: str) -> Customer:
    user_id = f"U-{name}"
    with write_transaction():
        return customers.follow(user_id, conversations.ensure(user_id, user_id))


def order(number: str, skus: list[str], at: datetime, user_id: str | None, email: str | None = None) -> Order:
    return Order(
        source="api",
        order_number=number,
        ordered_at=at,
        ordered_on=localtime.local_date(at),
        total_yen=1_000,
        line_user_id=user_id,
        email_hash=email,
        items=tuple(Item(sku=sku, name=f"商品{sku}", quantity=1) for sku in skus),
    )


def counted(at_once: int = 3) -> dict[tuple[str, str], tuple[int, int, int]]:
    """All pairs after a whole count in chunks of a few people."""
    while True:
        with write_transaction():
            if counting.count_chunk(localtime.now(), at_once) is None:
                break
    skus = {row.id: row.sku for row in Product.select()}
    return {
        (skus[row.product_id], skus[row.other_id]): (row.together_count, row.next_count, row.buyer_count)
        for row in ProductPair.select()
    }


def test_the_counts_are_those_of_a_count_in_python() -> None:
    chance = random.Random(7)
    orders: dict[str, list[tuple[datetime, list[str]]]] = defaultdict(list)
    people = [str(person(str(number)).line_user_id) for number in range(14)]
    for number in range(90):
        who = chance.choice([*people, *(f"buyer-{each}" for each in range(8))])
        skus = chance.sample(SKUS, chance.randint(1, 3))
        at = START - timedelta(days=chance.randint(1, 500), minutes=number)
        is_line = who.startswith("U-")
        made = order(f"N-{number}", skus, at, who if is_line else None, None if is_line else who)
        with write_transaction():
            recorded = purchases.record(made)
            if chance.random() < 0.1:
                purchases.cancel(recorded.purchase)
                continue
        orders[who].append((at, skus))
    together, later, either = (
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
    )
    for mine in orders.values():
        mine.sort()
        pairs = {(a, b) for _, skus in mine for a in skus for b in skus}
        following = {(a, b) for (_, skus), (_, then) in pairwise(mine) for a in skus for b in then}
        together.update(pairs)
        later.update(following)
        either.update(pairs | following)
    assert counted() == {each: (together[each], later[each], either[each]) for each in either}
    run = counting.current()
    assert run is not None
    several = [mine for mine in orders.values() if any(len(skus) > 1 for _, skus in mine)]
    repeats = [mine for mine in orders.values() if len(mine) > 1]
    assert (run.buyer_count, run.repeat_count, run.several_count) == (len(orders), len(repeats), len(several))
    for row in ProductBuyers.select():
        sku, with_it = (
            row.product.sku,
            [m for m in orders.values() if any(row.product.sku in s for _, s in m)],
        )
        assert (row.buyer_count, row.repeat_count, row.later_count, row.several_count) == (
            len(with_it),
            sum(any(sku in skus for _, skus in mine[:-1]) for mine in with_it),
            sum(any(sku in skus for _, skus in mine[1:]) for mine in with_it),
            sum(any(sku in skus and len(skus) > 1 for _, skus in mine) for mine in with_it),
        )


def test_a_product_that_comes_twice_in_an_order_counts_once() -> None:
    user = person("a").line_user_id
    with write_transaction():
        purchases.record(order("1", ["TEA", "TEA"], START, user))
    assert counted() == {("TEA", "TEA"): (1, 0, 1)}


def test_the_count_before_is_used_until_the_new_one_is_finished() -> None:
    users = [person(str(number)).line_user_id for number in range(4)]
    for user in users[:2]:
        with write_transaction():
            purchases.record(order(f"1-{user}", ["TEA"], START, user))
    counted()
    before = counting.current()
    for user in users[2:]:
        with write_transaction():
            purchases.record(order(f"1-{user}", ["TEA"], START, user))
    with write_transaction():
        assert counting.count_chunk(localtime.now(), 1) == 1
    tea = Product.get(Product.sku == "TEA").id
    assert counting.current() == before
    assert counting.buyer_counts([tea]) == {tea: 2}
    counted()
    assert counting.buyer_counts([tea]) == {tea: 4}
    assert ProductCount.select().count() == 1


def test_the_job_counts_once_a_night_and_catches_up() -> None:
    user = person("a").line_user_id
    with write_transaction():
        purchases.record(order("1", ["TEA"], START, user))
    assert recommendation_jobs.count_pairs() == 1
    assert recommendation_jobs.count_pairs() == 0
    with localtime.fixed(START + timedelta(hours=13)):  # one o'clock at night
        assert recommendation_jobs.count_pairs() == 0
    with localtime.fixed(START + timedelta(days=3)):
        assert recommendation_jobs.count_pairs() == 1
        assert recommendation_jobs.count_pairs() == 0


def shop_of_tea(count: int = 12) -> list[Customer]:
    """Of that many buyers of tea, two in three bought the cup next; ten others bought the pot."""
    people = [person(f"tea-{number}") for number in range(count)]
    for number, each in enumerate(people):
        with write_transaction():
            purchases.record(order(f"T-{number}", ["TEA"], START - timedelta(days=90), each.line_user_id))
            if number % 3:
                purchases.record(order(f"C-{number}", ["CUP"], START - timedelta(days=60), each.line_user_id))
    for number in range(10):
        user = person(f"pot-{number}").line_user_id
        with write_transaction():
            purchases.record(order(f"P-{number}", ["POT"], START - timedelta(days=60), user))
            purchases.record(order(f"Q-{number}", ["POT"], START - timedelta(days=50), user))
    for sku in ("TEA", "CUP", "POT"):
        Product.update(url=f"https://shop.example/{sku}", price_yen=900).where(Product.sku == sku).execute()
    counted()
    return people


def test_the_history_says_what_to_recommend() -> None:
    people = shop_of_tea()
    (found,) = offers.by_history(people[0].id)
    assert found.product.sku == "CUP" and found.pair is not None
    assert (found.pair.next_count, found.pair.product_buyers) == (8, 12)
    assert found.pair.usually_next == Usual(8, 8, 18)
    assert offers.by_history(people[1].id) == []  # has the cup
    Product.update(in_stock=False).where(Product.sku == "CUP").execute()
    assert offers.find(people[0].id, Source.HISTORY) is None


def test_a_refunded_product_is_never_recommended_nor_a_reason() -> None:
    people = shop_of_tea()
    tea = purchases.find("T-0")
    assert tea is not None
    with write_transaction():
        purchases.refund(tea, "refund-1", 100)
    assert offers.by_history(people[0].id) == []


@pytest.mark.parametrize(
    ("stage", "rank", "is_ready"),
    [
        ("fan", 2, True),
        ("word-of-mouth", 1, True),
        ("repeat", 3, True),
        ("repeat", 2, False),
        ("premium-product", 4, False),
        (None, 0, False),
    ],
)
def test_who_is_ready_for_the_premium_product(stage: str | None, rank: int, is_ready: bool) -> None:
    (one, *_) = shop_of_tea()
    Product.update(premium=True).where(Product.sku == "POT").execute()
    if stage is not None:
        now = localtime.now()
        CustomerProfile.create(
            customer=one.id, rank=rank, stage=stage, stage_since=now, changed_at=now, force_insert=True
        )
    found = offers.find(one.id, Source.PREMIUM)
    assert (found.product.sku if found else None) == ("POT" if is_ready else None)


def test_the_side_is_stored_once_for_a_message() -> None:
    shop.use({"proof": {"first_percent": 0, "shop_percent": 0}})
    (one, *_) = shop_of_tea()
    (found,) = offers.by_history(one.id)
    with write_transaction():
        assert not shown.note(one.id, found, "history", "step:1:a")
    shop.use({"proof": {"first_percent": 90, "shop_percent": 0}})
    with write_transaction():
        assert not shown.note(one.id, found, "history", "step:1:a")
    assert RecommendationShown.select().count() == 1


def test_what_it_brings_is_counted_by_product_and_by_any_order() -> None:
    shop.use({"proof": {"first_percent": 50, "shop_percent": 0}})
    people = shop_of_tea(60)
    product = Product.get(Product.sku == "CUP")
    seen: dict[bool, int] = Counter()
    for number, each in enumerate(people[::3]):
        (found,) = offers.by_history(each.id)
        with write_transaction():
            held_out = shown.note(each.id, found, "history", f"step:{number}")
            shown.note_asked(each.id, found, f"event-{number}")
            seen[held_out] += 1
            at = START + timedelta(days=5)
            purchases.record(order(f"X-{number}", ["POT" if held_out else "CUP"], at, each.line_user_id))
    assert product.id in shown.counts() and len(seen) == 2
    with localtime.fixed(START + timedelta(days=31)):
        of_product, of_anything = outcomes.of_product(), outcomes.of_anything()
    assert of_product is not None and of_anything is not None
    assert (of_product.treated.count, of_product.treated.buyer_count) == (seen[False], seen[False])
    assert (of_product.held_out.count, of_product.held_out.buyer_count) == (seen[True], 0)
    assert of_anything.held_out.buyer_count == seen[True]
