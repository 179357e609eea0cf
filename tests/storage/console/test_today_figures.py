"""The figures of 「きょう」 in SQL, on both databases, against the same counted in Python on random shops."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.queue.outbox import OutboxMessage
from console.figures.definitions import today as figures
from console.today import counted
from customers.figures import second_purchases, shop_sales
from customers.orders.tables import CANCELLED, PAID, Product, Purchase, PurchaseItem
from customers.people.customer import Customer
from customers.products import hidden_products
from customers.values import windows
from journeys.campaigns import unfinished
from journeys.campaigns.tables import DONE, LATE, SENT, STOPPED, WAITING, Campaign, CampaignRecipient
from journeys.sending import costs
from journeys.sending.message_kinds import Kind
from rewards.coupons.tables import Coupon, Reward
from rewards.figures import expiring_soon
from rewards.ledger.entries import PointsAccount
from support.tickets import tickets, waiting_tickets
from support.tickets.tickets import Ticket
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.segments import segment_of
from tests.storage import budget_scene

NOON = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _noon(any_database: object) -> Iterator[None]:
    shop.use({})
    with localtime.fixed(NOON):
        yield


def customer(number: int, **columns: Any) -> Customer:
    """A customer on LINE who can be written to, unless the columns say otherwise."""
    user_id = f"U{number:032x}"
    values = {"line_user_id": user_id, "first_seen_at": NOON, "followed_at": NOON}
    with write_transaction():
        values["conversation"] = conversations.ensure(user_id, user_id)
        return Customer.create(**(values | columns))


def order(number: int, who: Customer | None, on: date, yen: int, **columns: Any) -> Purchase:
    """An order of that day."""
    values = {
        "source": "test",
        "order_number": f"N-{number}",
        "customer": who,
        "ordered_at": NOON,
        "recorded_at": NOON,
    }
    return Purchase.create(**(values | {"ordered_on": on, "total_yen": yen} | columns))


@pytest.mark.parametrize("seed", range(4))
def test_sales_of_random_shops(seed: int) -> None:
    dice = random.Random(seed)
    people = [customer(number) for number in range(6)]
    rows = []
    for number in range(120):
        yen = dice.choice((0, 900, 3_000, 12_345))
        row = {
            "who": dice.choice([None, *people]),
            "on": TODAY - timedelta(days=dice.randrange(-3, 420)),
            "yen": yen,
            "state": dice.choice((PAID, PAID, PAID, CANCELLED)),
            "refunded": dice.choice((0, 0, yen, yen // 3)),
        }
        order(number, row["who"], row["on"], yen, state=row["state"], refunded_yen=row["refunded"])
        rows.append(row)
    for window in (
        windows.month_to(TODAY),
        figures.last_month(TODAY),
        figures.last_year(TODAY),
        windows.year(TODAY),
    ):
        real = [
            each for each in rows
            if each["state"] == PAID and each["yen"] > each["refunded"] and each["on"] in window
        ]  # fmt: skip
        net = [each["yen"] - each["refunded"] for each in real]
        linked = [yen for yen, each in zip(net, real, strict=True) if each["who"] is not None]
        assert shop_sales.of(window) == shop_sales.Sales(sum(net), len(net), sum(linked))
        found = {each for (each,) in shop_sales.people(window).tuples()}
        assert found == {each["who"].id for each in real if each["who"] is not None}
    some = [people[0].id, people[1].id]
    assert shop_sales.year_of_customers(some, TODAY) == sum(
        yen for yen, each in zip(net, real, strict=True) if each["who"] is not None and each["who"].id in some
    )
    assert shop_sales.year_of_customers([], TODAY) == 0


@pytest.mark.parametrize("seed", range(3))
def test_supporters_of_random_shops_as_of_any_day(seed: int) -> None:
    dice = random.Random(seed)
    given: dict[int, list[tuple[date, int]]] = {}
    people = [
        customer(
            number,
            blocked_at=dice.choice((None, None, NOON)),
            opted_out_at=dice.choice((None, None, NOON)),
        )
        for number in range(20)
    ]
    answers = sorted(
        (TODAY - timedelta(days=dice.randrange(120)), dice.randrange(20), dice.choice((3, 8, 9, 10)))
        for _ in range(50)
    )
    for number, (on, whose, score) in enumerate(answers):
        who = people[whose]
        invitation = SurveyInvitation.create(customer=who, cause=f"c{number}", asked_at=NOON)
        SurveyAnswer.create(
            invitation=invitation, customer=who, score=score, segment=segment_of(score),
            answered_at=NOON, answered_on=on,
        )  # fmt: skip
        given.setdefault(who.id, []).append((on, score))
    for days_ago in (0, 30, 119, 200):
        day = TODAY - timedelta(days=days_ago)
        right = set()
        for who in people:
            until = [score for on, score in given.get(who.id, []) if on <= day]
            if until and until[-1] >= 9 and who.blocked_at is None and who.opted_out_at is None:
                right.add(who.id)
        assert {each for (each,) in figures.reachable_supporters(day).tuples()} == right
        assert next(each for each in figures.DEFINITIONS if each.name == "supporters").count(
            day
        ).value == len(right)


def test_the_middle_of_what_is_counted() -> None:
    assert second_purchases.middle([], 1) is None
    assert second_purchases.middle([(20, 1), (40, 1)], 1) == 20
    assert second_purchases.middle([(40, 2), (20, 1)], 1) == 40
    assert second_purchases.middle([(40, 29)]) is None
    assert second_purchases.middle([(40, 29), (90, 1)]) == 40


def test_first_buyers_at_the_end_of_the_usual_time() -> None:
    for number in range(30):
        first_on = TODAY - timedelta(days=200)
        last_on = first_on + timedelta(days=(30, 45, 60)[number % 3])
        customer(number, purchase_count=2, first_purchased_on=first_on, last_purchased_on=last_on)
    for number, days in enumerate((38, 39, 45, 46), 100):
        on = TODAY - timedelta(days=days)
        customer(number, purchase_count=1, first_purchased_on=on, last_purchased_on=on)
    on = TODAY - timedelta(days=42)
    customer(200, purchase_count=1, first_purchased_on=on, last_purchased_on=on, blocked_at=NOON)
    assert second_purchases.ending(TODAY) == second_purchases.Ending(45, 2)


def test_points_and_coupons_that_expire_within_a_week() -> None:
    people = [customer(number) for number in range(5)]
    for who, days in zip(people, (-1, 0, 6, 7), strict=False):
        on = TODAY + timedelta(days=days)
        PointsAccount.create(customer=who, last_active_on=TODAY, expires_on=on)
    reward = Reward.create(name="お礼", kind="coupon", value_text="-", made_at=NOON)
    coupons = [(1, 3, "issued"), (4, 5, "issued"), (4, 2, "redeemed")]
    for number, (whose, days, state) in enumerate(coupons):
        Coupon.create(
            customer=people[whose], reward=reward, code=f"C{number}", cause=f"c{number}", state=state,
            issued_at=NOON, valid_until=TODAY + timedelta(days=days),
        )  # fmt: skip
    found = sorted(each for (each,) in expiring_soon.customers(TODAY).tuples())
    assert found == [people[1].id, people[2].id, people[4].id]
    assert expiring_soon.first_day(TODAY) == TODAY
    assert expiring_soon.first_day(TODAY + timedelta(days=100)) is None


def test_products_that_sell_and_are_hidden() -> None:
    shown, hidden, away = (Product.create(sku=f"P-{number}", name="石けん") for number in range(3))
    Product.update(url="https://shop.example/p").where(Product.id == shown.id).execute()
    Product.update(in_stock=False).where(Product.id == away.id).execute()
    for number, (sku, days) in enumerate((("P-0", 1), ("P-1", 29), ("P-1", 30), ("P-2", 1))):
        made = order(number, None, TODAY - timedelta(days=days), 2_000)
        PurchaseItem.create(purchase=made, sku=sku, name=sku, quantity=2, unit_yen=1_000)
    assert hidden_products.sold_lately(TODAY) == hidden_products.HiddenProducts(1, 2_000, hidden.id)


def test_who_waits_and_what_was_promised() -> None:
    assert waiting_tickets.waiting() == waiting_tickets.Waiting(0, None)
    states = (tickets.WAITING, tickets.WAITING, tickets.OPEN, tickets.RESOLVED)
    for number, state in enumerate(states):
        who = customer(number)
        Ticket.create(
            customer=who, conversation=who.conversation_id, state=state, cause="asked", cause_key=f"k{number}",
            opened_at=NOON, since_at=NOON - timedelta(hours=number * 30), answer_due_at=NOON + timedelta(hours=number),
            urgency=number,
        )  # fmt: skip
    assert waiting_tickets.waiting() == waiting_tickets.Waiting(2, NOON - timedelta(hours=30))
    assert waiting_tickets.waiting_since(NOON - timedelta(days=1)) == 1
    assert [each.cause_key for each in waiting_tickets.promised_by(NOON + timedelta(minutes=1), 9)] == ["k0"]
    assert [each.cause_key for each in waiting_tickets.promised_by(NOON + timedelta(days=9), 9)] == [
        "k0",
        "k1",
    ]
    assert waiting_tickets.gravest() is None
    Ticket.update(urgency=2).where(Ticket.cause_key == "k1").execute()
    grave = waiting_tickets.gravest()
    assert grave is not None
    assert grave.cause_key == "k1"


def test_campaigns_that_wait_for_a_person() -> None:
    made = {}
    for name, state, reason in (
        ("late", LATE, "outage"), ("quota", STOPPED, "quota"), ("by staff", STOPPED, "staff"), ("done", DONE, ""),
    ):  # fmt: skip
        made[name] = Campaign.create(
            name=name, definition="{}", state=state, reason=reason, created_at=NOON, changed_at=NOON
        )
    for number, state in enumerate((WAITING, WAITING, SENT)):
        CampaignRecipient.create(
            campaign=made["late"], customer=customer(number), conversation_id=1, state=state, send_at=NOON
        )
    found = [(each.name, count) for each, count in unfinished.waiting_for_a_person()]
    assert found == [("late", 2), ("quota", 0)]


def test_messages_of_some_days() -> None:
    who = budget_scene.customer()
    budget_scene.said(who, NOON - timedelta(days=2), Kind.RANK_ROSE, Kind.COUPON_GIVEN)
    budget_scene.said(who, NOON - timedelta(days=1), Kind.SURVEY, sent_as="reply")
    budget_scene.said(who, NOON - timedelta(days=31), Kind.SURVEY)
    assert OutboxMessage.select().count() == 3
    sent = costs.sent_on(windows.month_to(TODAY))
    assert (sent.sent_count, sent.push_count, sent.ride_count) == (3, 1, 1)
    by_name = {each.name: each.count(TODAY) for each in figures.DEFINITIONS}
    assert by_name["messages-month"].value == 3
    assert by_name["messages-free-share"].value == pytest.approx(2 / 3)
    assert by_name["messages-yen"].value == 3
    assert by_name["quota-left"].value is None


def test_all_of_it_is_counted_as_values_that_json_can_hold() -> None:
    counted.FIGURES.count()
    assert counted.morning().counted_at is not None
