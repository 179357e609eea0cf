"""Profiles of customers: brought up to date by what was added, they are what a rebuild makes of all there is."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import conversations, localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from customers.orders import purchases
from customers.orders.order import Item, Order
from customers.orders.tables import Product, Purchase
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import profile_jobs, stage_facts
from journeys.audience import profiles
from journeys.audience.tables import CustomerProfile, ProfileCursor, StageChange
from rewards.ranks import customer_rank, shown_testimonials
from rewards.ranks.tables import CustomerRank, RankChange
from rewards.referrals.tables import Referral, ReferralCode
from surveys.nps import answers
from surveys.nps.invitations import SurveyInvitation
from surveys.testimonials.tables import Change, Testimonial, note

START = datetime(2026, 4, 1, 3, tzinfo=UTC)
"""Noon in the shop."""


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    shop.use({})
    with localtime.fixed(START):
        yield


def person(name: str) -> Customer:
    user_id = f"U-{name}"
    with write_transaction():
        found = customers.follow(user_id, conversations.ensure(user_id, user_id))
        customer_rank.register(found.id)
    return found


def buys(one: Customer, number: str, yen: int = 3_000, *, premium: bool = False) -> Purchase:
    order = Order(
        source="api",
        order_number=number,
        ordered_at=localtime.now(),
        ordered_on=localtime.today(),
        total_yen=yen,
        line_user_id=one.line_user_id,
        items=(Item(sku="P-1" if premium else "A-1", name="x", quantity=1, premium=premium or None),),
    )
    with write_transaction():
        return purchases.record(order).purchase


def scores(one: Customer, score: int) -> None:
    with write_transaction():
        asked = SurveyInvitation.create(
            customer=one.id, cause=f"{one.id}:{SurveyInvitation.select().count()}", asked_at=localtime.now()
        )
        answers.record_score(one.id, asked.id, score)


def corrects(one: Customer, score: int) -> None:
    with write_transaction():
        newest = answers.latest_of(one.id)
        if newest is not None:
            answers.record_score(one.id, newest.invitation_id, score)


def ranks(one: Customer, rank: int) -> None:
    with write_transaction():
        before = CustomerRank.get(CustomerRank.customer == one.id).rank
        CustomerRank.update(rank=rank).where(CustomerRank.customer == one.id).execute()
        RankChange.create(
            customer=one.id, before=before, after=rank, money=0, behaviour=0, relationship=0,
            changed_at=localtime.now(), rule_version="1",
        )  # fmt: skip


def invites(one: Customer, friend: Customer) -> None:
    with write_transaction():
        database.insert_once(ReferralCode, customer=one.id, code=f"C{one.id}", made_at=localtime.now())
        added = database.insert_once(
            Referral,
            referrer=one.id,
            referee=friend.id,
            code=f"C{one.id}",
            state="joined",
            joined_at=localtime.now(),
        )
        if added:
            mine = ReferralCode.customer == one.id
            ReferralCode.update(joined_count=ReferralCode.joined_count + 1).where(mine).execute()


def is_published(one: Customer) -> None:
    with write_transaction():
        written = Testimonial.create(customer=one.id, body="よい", written_at=localtime.now())
        note(written.id, Change.PUBLISHED)
        shown_testimonials.add(one.id, f"testimonial:{written.id}")


def withdraws(one: Customer) -> None:
    with write_transaction():
        for written in Testimonial.select().where(Testimonial.customer == one.id):
            note(written.id, Change.WITHDRAWN)
            shown_testimonials.remove(f"testimonial:{written.id}")


def reverses(one: Customer, chance: random.Random) -> None:
    with write_transaction():
        for purchase in Purchase.select().where(Purchase.customer == one.id).limit(1):
            if chance.random() < 0.5:
                purchases.cancel(purchase)
            else:
                amount = chance.choice([1_000, purchase.total_yen])
                purchases.refund(purchase, f"{purchase.id}:{chance.random()}", amount)


def later(hours: float = 0.02) -> datetime:
    return localtime.now() + timedelta(hours=hours)


def everyone() -> dict[int, tuple[int, int | None, str | None, str]]:
    """The profiles, without their times."""
    return {
        row.customer_id: (row.rank, row.score, row.segment, row.stage) for row in CustomerProfile.select()
    }


def computed() -> dict[int, tuple[int, int | None, str | None, str]]:
    """What each customer is, asked for one at a time as the steps of flows do."""
    found = {}
    rows: Any = Customer.select(Customer.id).tuples()
    for (customer_id,) in rows:
        one = stage_facts.of_many([customer_id])[customer_id]
        found[customer_id] = (int(one.rank), one.score, one.segment, one.stage.value)
    return found


def whole_rows() -> list[tuple[object, ...]]:
    query: Any = CustomerProfile.select().order_by(CustomerProfile.customer).tuples()
    return list(query)


def something_happens(one: Customer, other: Customer, chance: random.Random, step: int) -> None:
    """One random thing of all that a profile follows."""
    match chance.randrange(10):
        case 0:
            buys(one, f"{one.id}-{step}", chance.choice([2_000, 9_000]))
        case 1 if chance.random() < 0.2:
            buys(one, f"{one.id}-{step}", premium=True)
        case 2:
            reverses(one, chance)
        case 3:
            scores(one, chance.randrange(11))
        case 4:
            corrects(one, chance.randrange(11))
        case 5:
            ranks(one, chance.randrange(1, 5))
        case 6 if one.id != other.id:
            invites(one, other)
        case 7:
            is_published(one)
        case 8:
            withdraws(one)
        case 9:
            person(f"new-{step}")


@given(seed=st.integers(0, 10_000))
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_upkeep_makes_what_a_rebuild_makes(any_database: object, seed: int) -> None:
    for table in (StageChange, CustomerProfile, ProfileCursor):
        table.delete().execute()
    chance, moment = random.Random(seed), START + timedelta(days=seed)
    with localtime.fixed(moment):
        people = [person(f"{seed}-{number}") for number in range(4)]
        profile_jobs.keep_profiles()
    for step in range(20):
        moment += timedelta(minutes=chance.choice([1, 20, 3_000]))
        with localtime.fixed(moment):
            something_happens(chance.choice(people), chance.choice(people), chance, seed * 100 + step)
            if chance.random() < 0.7:
                profile_jobs._upkeep()
                assert everyone() == computed()
    with localtime.fixed(moment + timedelta(minutes=1)):
        profile_jobs._upkeep()
        upheld, rows = everyone(), whole_rows()
        assert upheld == computed()
    with localtime.fixed(moment + timedelta(days=2)):
        profile_jobs.keep_profiles()
        assert whole_rows() == rows  # the night changed nothing, not even when each stage began
    CustomerProfile.delete().execute()
    ProfileCursor.delete().execute()
    with localtime.fixed(moment + timedelta(days=3)):
        profile_jobs.keep_profiles()
        assert everyone() == upheld


def test_each_source_of_changes_is_followed(any_database: object) -> None:
    """Each thing alone, days after the others, on a customer whose profile it changes."""
    one, two, three, friend = (person(name) for name in ("one", "two", "three", "friend"))
    buys(two, "2-1")
    profile_jobs.keep_profiles()
    waiting = buys(three, "3-1")
    Purchase.update(customer=None, credited_at=None).where(Purchase.id == waiting.id).execute()

    def is_credited() -> None:
        mine = Purchase.id == waiting.id
        Purchase.update(customer=three.id, credited_at=localtime.now()).where(mine).execute()

    def is_approved() -> None:
        Referral.update(decided_at=localtime.now()).where(Referral.referrer == friend.id).execute()
        ReferralCode.update(joined_count=1).where(ReferralCode.customer == friend.id).execute()

    def is_held() -> None:
        invites(friend, three)
        ReferralCode.update(joined_count=0).where(ReferralCode.customer == friend.id).execute()

    changes_in_turn: tuple[Callable[[], object], ...] = (
        lambda: buys(one, "1-1"),
        lambda: purchases.cancel(Purchase.get(order_number="1-1")),
        lambda: purchases.refund(Purchase.get(order_number="2-1"), "all", 3_000),
        is_credited,
        lambda: scores(one, 9),
        lambda: ranks(two, 3),
        lambda: is_published(one),
        lambda: withdraws(one),
        is_held,
        is_approved,
        lambda: buys(two, "2-2", premium=True),
        lambda: person("new"),
    )
    for day, happens in enumerate(changes_in_turn, 1):
        with localtime.fixed(START + timedelta(days=2 * day)):
            profile_jobs._upkeep()
            before = everyone()
            if happens in changes_in_turn[1:3]:
                with write_transaction():
                    happens()
            else:
                happens()
        with localtime.fixed(START + timedelta(days=2 * day, minutes=1)):
            profile_jobs._upkeep()
            assert everyone() == computed(), day
            assert happens is is_held or everyone() != before, day
    with localtime.fixed(START + timedelta(days=60)):
        scores(one, 10)
    with localtime.fixed(START + timedelta(days=60, minutes=7)):
        profile_jobs._upkeep()
    with localtime.fixed(START + timedelta(days=60, minutes=50)):
        corrects(one, 2)
    with localtime.fixed(START + timedelta(days=60, minutes=51)):
        profile_jobs._upkeep()
    assert everyone()[one.id][1] == 2


def test_a_stage_begins_when_it_changes_and_each_change_is_recorded(any_database: object) -> None:
    one = person("stage")
    profile_jobs.keep_profiles()
    first = later(1)
    with localtime.fixed(first):
        buys(one, "1")
        profile_jobs.keep_profiles()
    with localtime.fixed(later(2)):
        scores(one, 3)  # another score, the same stage
        profile_jobs.keep_profiles()
    row = CustomerProfile.get()
    assert (row.stage, row.stage_since, row.score) == ("first", first, 3)
    with localtime.fixed(later(3)):
        buys(one, "2")
        profile_jobs.keep_profiles()
    changes = [(each.before, each.after) for each in StageChange.select().order_by(StageChange.id)]
    assert changes == [("acquired", "first"), ("first", "repeat")]


def test_a_row_that_was_committed_late_is_found(any_database: object) -> None:
    one, other = person("a"), person("b")
    profile_jobs.keep_profiles()
    with localtime.fixed(later()):
        early = buys(one, "early")
        buys(other, "late")
        number, _ = early.id, Purchase.update(customer=None).where(Purchase.id == early.id).execute()
        profile_jobs.keep_profiles()
        # As if the transaction with the lower id had committed only now.
        Purchase.update(customer=one.id).where(Purchase.id == number).execute()
    with localtime.fixed(later(0.05)):
        profile_jobs.keep_profiles()
    assert everyone()[one.id][3] == "first"


def test_a_clock_that_was_down_catches_up(any_database: object) -> None:
    one = person("down")
    profile_jobs.keep_profiles()
    with localtime.fixed(later(1)):
        purchase = buys(one, "1")
        buys(one, "2")
    with localtime.fixed(later(3)), write_transaction():
        purchases.cancel(purchase)
    with localtime.fixed(later(9)):
        profile_jobs._upkeep()
    assert everyone()[one.id][3] == "first"


def test_a_product_marked_as_premium_counts_after_the_night(any_database: object) -> None:
    one = person("premium")
    buys(one, "1")
    profile_jobs.keep_profiles()
    Product.update(premium=True).execute()
    with localtime.fixed(START + timedelta(days=1)):
        profile_jobs.keep_profiles()
    assert everyone()[one.id][3] == "premium-product"


def test_a_walk_goes_on_where_the_last_run_stopped(
    any_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [person(f"w{number}") for number in range(5)]
    monkeypatch.setattr(profile_jobs, "AT_ONCE", 2)
    monkeypatch.setattr(profile_jobs, "SECONDS_A_RUN", 0)
    assert [profile_jobs._rebuild() for _ in range(5)] == [2, 2, 1, 0, 0]
    assert set(everyone()) == {one.id for one in people}


def test_hundreds_cost_as_many_statements_as_one(
    any_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [person(f"s{number}").id for number in range(40)]
    counted: list[str] = []
    run = database.database.obj.execute_sql

    def counting(sql: str, *values: Any, **options: Any) -> Any:
        counted.append(sql)
        return run(sql, *values, **options)

    monkeypatch.setattr(database.database.obj, "execute_sql", counting)
    stage_facts.of_many(ids[:1])
    single = len(counted)
    stage_facts.of_many(ids)
    assert len(counted) == 2 * single == 10
    with pytest.raises(ValueError, match="at most 500"):
        stage_facts.of_many(range(501))


def test_who_was_erased_meanwhile_is_left_out(any_database: object) -> None:
    one = person("gone")
    with write_transaction():
        assert profiles.write({one.id + 1: profiles.Profile(1, None, None, "acquired")}) == 0
