"""What a rank card offers, done in time, always brings the rank, and the rank stays for the qualifying period.

Shops are generated from a seed: other customers buy much and little, so that the average moves; years have
other lengths; rules differ from the defaults.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders import purchases
from customers.orders.order import Order
from customers.people import active_days
from customers.people import customer as customers
from customers.values import windows
from handlers import rank_review_jobs
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ranks import average_ltv, customer_rank, shown_testimonials
from rewards.ranks.rules import NextAction, Rank, Step
from rewards.ranks.tables import CustomerRank

BEGIN = datetime(2026, 1, 20, 3, 0, tzinfo=UTC)
RULES: tuple[dict[str, Any], ...] = (
    {},
    {"fewest_customers": 2, "average_ltv_yen": 5_000, "premium": [70, 30, 12], "qualifying_months": 6},
    {
        "fewest_customers": 3,
        "active": [40, 20, 0],
        "premium": [60, 20, 11],
        "month": [1, 5],
        "grace_days": 40,
    },
    {"fewest_customers": 1, "money_at_average": 80, "active": [80, 10, 0], "review_day": 28},
)


@pytest.fixture(autouse=True)
def _own_rules() -> Iterator[None]:
    yield
    shop.use({})


class Scene:
    """A shop with one customer under test, and others who move the average."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.day, self.number = chance, 0, 0
        self.letters = "abcdefgh"
        with localtime.fixed(self.now), write_transaction():
            for letter in self.letters:
                user_id = "U" + letter * 32
                customer = customers.follow(user_id, conversations.ensure(user_id, user_id))
                customer_rank.register(customer.id)
            self.misaki = customers.follow("U" + "a" * 32, conversations.ensure("U" + "a" * 32, None)).id

    @property
    def now(self) -> datetime:
        return BEGIN + timedelta(days=self.day)

    @property
    def today(self) -> date:
        return localtime.local_date(self.now)

    def buys(self, letter: str, yen: int) -> None:
        self.number += 1
        with localtime.fixed(self.now), write_transaction():
            order = Order(
                source="test",
                order_number=str(self.number),
                ordered_at=self.now,
                ordered_on=self.today,
                total_yen=yen,
                line_user_id="U" + letter * 32,
            )
            purchases.record(order)

    def does(self, step: Step) -> None:
        self.number += 1
        with localtime.fixed(self.now), write_transaction():
            match step:
                case Step.SURVEY_ANSWER:
                    ledger.earn(self.misaki, Action.SURVEY_ANSWER, 1, f"answer:{self.number}")
                case Step.OPINION:
                    ledger.earn(self.misaki, Action.COMMENT, 1, f"comment:{self.number}")
                case Step.REFERRAL:
                    ledger.earn(self.misaki, Action.REFERRAL, 1, f"referral:{self.number}")
                case Step.TESTIMONIAL:
                    shown_testimonials.add(self.misaki, f"testimonial:{self.number}")
                case Step.REPLY_DAY:
                    active_days.note(self.misaki, active_days.DayKind.WROTE, self.today)

    def passes(self, count: int) -> None:
        """Days on which others buy anything from nothing to a fortune, and some of the nightly reviews between
        them."""
        until = self.day + count
        while self.day < until:
            self.day = min(until, self.day + self.chance.randrange(1, 12))
            if self.chance.random() < 0.5:
                self.buys(self.chance.choice(self.letters[1:]), self.chance.choice((0, 300, 4_000, 250_000)))
            with localtime.fixed(self.now):
                average_ltv.refresh()
                rank_review_jobs.review_all_ranks()
                rank_review_jobs.notify_rank_changes()

    def review(self) -> CustomerRank:
        with localtime.fixed(self.now), write_transaction():
            customer_rank.review(self.misaki)
        return self.held()

    def held(self) -> CustomerRank:
        found = customer_rank.of_customer(self.misaki)
        assert found is not None
        return found

    def offer(self) -> customer_rank.RankOffer:
        possible = {
            Step.SURVEY_ANSWER: self.chance.choice((0, 1)),
            Step.OPINION: self.chance.choice((0, 1)),
            Step.REPLY_DAY: customer_rank.OFFER_LASTS.days,
        }
        with localtime.fixed(self.now):
            offer = customer_rank.offer(self.misaki, Rank(self.held().rank), possible)
            steps = [] if offer.action is None else [offer.action, *offer.action.also]
            assert all(step.count <= possible.get(step.kind, step.count) for step in steps)
        return offer


def a_past(scene: Scene) -> None:
    for _ in range(scene.chance.randrange(3, 12)):
        scene.passes(scene.chance.choice((1, 20, 50)))
        scene.buys("a", scene.chance.choice((0, 900, 3_980, 9_000)))
        for _ in range(scene.chance.randrange(3)):
            scene.does(scene.chance.choice((Step.SURVEY_ANSWER, Step.OPINION, Step.REPLY_DAY)))
        if scene.chance.random() < 0.3:
            scene.does(Step.TESTIMONIAL)
        scene.review()


def does_what_is_offered(scene: Scene, action: NextAction, until: date) -> None:
    steps = [action, *action.also]
    longest = max([1, *(step.count for step in steps if step.kind is Step.REPLY_DAY)])
    scene.passes(scene.chance.randrange((until - scene.today).days - longest + 1))
    for step in steps:
        for number in range(step.count):
            if step.kind is Step.PURCHASE:
                scene.buys("a", max(1, step.yen if number == 0 else 1))
            else:
                scene.does(step.kind)
                if step.kind is Step.REPLY_DAY and number + 1 < step.count:
                    scene.passes(1)
    assert scene.today <= until


@pytest.mark.parametrize(
    ("any_database", "seed"),
    [
        *zip(("sqlite",) * 5, (0, 1, 2, 3, 15), strict=True),
        *zip(("postgres",) * 5, (4, 5, 6, 7, 26), strict=True),
    ],
    indirect=["any_database"],
)
def test_what_is_offered_brings_the_rank_and_the_rank_stays(any_database: object, seed: int) -> None:
    """With each of the rules on both databases."""
    chance = random.Random(seed)
    shop.use({"ranks": RULES[seed % len(RULES)]})
    scene = Scene(chance)
    a_past(scene)
    offer = scene.offer()
    if offer.action is None:
        assert scene.held().rank == Rank.AMBASSADOR or not offer.is_top
        return

    does_what_is_offered(scene, offer.action, offer.until)
    risen = scene.review()
    assert risen.rank >= offer.action.rank

    months = 6 if seed % len(RULES) == 1 else 12
    assert risen.held_until == windows.same_day_after(scene.today, months)
    while scene.today < risen.held_until:
        scene.passes(min(30, (risen.held_until - scene.today).days))
        held = scene.held()
        assert held.rank >= risen.rank
        assert held.falls_on is None or held.falls_on >= risen.held_until


def test_the_average_rises_a_quarter_later_and_falls_at_once() -> None:
    shop.use({"ranks": {"fewest_customers": 1, "average_ltv_yen": 10_000}})
    scene = Scene(random.Random(1))
    scene.buys("b", 30_000)

    def in_force() -> int:
        with localtime.fixed(scene.now):
            average_ltv.refresh()
            return average_ltv.yen_in_force(scene.today)

    assert in_force() == 30_000, "a shop that begins takes what its customers bought before"
    with localtime.fixed(scene.now):
        assert average_ltv.highest(scene.today, scene.today + timedelta(days=90)) == 30_000
    scene.buys("b", 60_000)
    assert in_force() == 30_000, "a higher one is not in force yet"
    scene.day = 75  # 5 April: the quarter's was fixed in January
    assert in_force() == 30_000
    scene.day = 165  # 4 July: fixed in April
    assert in_force() == 90_000
    for letter in "cdefgh":
        scene.buys(letter, 1_000)
    assert in_force() == (90_000 + 6_000) // 7, "a lower one is in force at once"


def test_an_order_of_nothing_earns_no_rank() -> None:
    shop.use({})
    scene = Scene(random.Random(1))
    scene.buys("a", 0)
    for _ in range(2):
        scene.does(Step.SURVEY_ANSWER)
    assert scene.review().rank == Rank.BASIC
    scene.buys("a", 1)
    assert scene.review().rank == Rank.ACTIVE


def test_a_rise_undone_by_a_refund_leads_back_to_the_rank_before_and_its_day() -> None:
    shop.use({})
    scene = Scene(random.Random(1))
    scene.buys("a", 4_000)
    scene.does(Step.SURVEY_ANSWER)
    first = scene.review()
    assert (first.rank, first.held_until) == (Rank.ACTIVE, date(2027, 1, 20))
    scene.day = 60
    for step in (Step.TESTIMONIAL, Step.TESTIMONIAL, Step.SURVEY_ANSWER):
        scene.does(step)
    scene.buys("a", 20_000)
    second = scene.review()
    assert (second.rank, second.held_until) == (Rank.PREMIUM, date(2027, 3, 21))
    with localtime.fixed(scene.now), write_transaction():
        newest = purchases.Purchase.select().order_by(purchases.Purchase.id.desc()).get()
        purchases.cancel(newest)
        customer_rank.review_after_refund(scene.misaki)
    assert (scene.held().rank, scene.held().held_until) == (Rank.ACTIVE, date(2027, 1, 20))
