"""The lists behind the answers' figures: the same answers in the same order, however a page finds them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import peewee
import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders import purchases
from customers.orders.order import Item, Order
from customers.people.customer import Customer
from customers.values.windows import Window
from surveys.figures import answer_lists
from surveys.figures.answer_lists import NO_PURCHASE, Listed, Which
from surveys.nps import answers, invitations
from surveys.nps.segments import Segment

TODAY = date(2026, 4, 1)
NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
WINDOW = Window(date(2026, 1, 1), TODAY)
SKUS = ("A", "A", "A", "B", "")
WHICH = [
    Which(WINDOW),
    Which(WINDOW, Segment.DETRACTOR),
    Which(WINDOW, sku="A"),
    Which(WINDOW, sku="B"),
    Which(WINDOW, sku="never sold"),
    Which(WINDOW, first_bought=Window(date(2026, 2, 1), date(2026, 2, 28))),
    Which(WINDOW, first_bought=Window(date(1900, 1, 1), TODAY)),
    Which(WINDOW, first_bought=NO_PURCHASE),
    Which(WINDOW, Segment.PROMOTER, "A", Window(date(2026, 1, 1), date(2026, 2, 28))),
    Which(Window(date(2026, 3, 1), TODAY), sku="A"),
]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    shop.use({})
    with localtime.fixed(NOON):
        yield


def fill(seed: int) -> list[tuple[Listed, str, date | None]]:
    """Forty answers in ninety days; each with the product and the day of the first purchase."""
    rng = random.Random(seed)
    made = [_answer(rng, number) for number in range(40)]
    return sorted(made, key=lambda each: (each[0].answered_on, each[0].answer_id), reverse=True)


def _answer(rng: random.Random, number: int) -> tuple[Listed, str, date | None]:
    sku, score, days_ago = rng.choice(SKUS), rng.randrange(11), rng.randrange(90)
    bought_at = NOON - timedelta(days=days_ago + 14)
    cause = f"word:{number}"
    with localtime.fixed(bought_at), write_transaction():
        line_user_id = f"U{number}"
        customer = Customer.create(line_user_id=line_user_id, display_name="", first_seen_at=bought_at)
        if sku:
            order = Order(
                source="csv",
                order_number=str(number),
                ordered_at=bought_at,
                ordered_on=localtime.today(),
                total_yen=3_000,
                line_user_id=line_user_id,
                items=(Item(sku=sku), Item(sku=sku, name="again")),
            )
            cause = f"purchase:{purchases.record(order).purchase.id}"
    with localtime.fixed(NOON - timedelta(days=days_ago)), write_transaction():
        recorded = answers.record_score(customer.id, invitations.invite(customer.id, cause), score)
        assert recorded
        answer = answers.SurveyAnswer.get_by_id(recorded.answer_id)
    listed = Listed(answer.id, customer.id, "", score, answer.segment, answer.answered_on, "")
    return listed, sku, localtime.local(bought_at).date() if sku else None


def wanted(which: Which, made: list[tuple[Listed, str, date | None]]) -> list[Listed]:
    """What the list holds, by plain Python."""
    return [
        each
        for each, sku, first_on in made
        if which.window.first_on <= each.answered_on <= which.window.last_on
        and (which.segment is None or each.segment == which.segment)
        and which.sku in ("", sku)
        and (
            which.first_bought is None
            or (
                (first_on is None) == (which.first_bought == NO_PURCHASE)
                and (
                    first_on is None or which.first_bought.first_on <= first_on <= which.first_bought.last_on
                )
            )
        )
    ]


@pytest.mark.parametrize("few", [0, 12, 20_000])
def test_a_page_holds_the_same_however_it_finds_the_answers(
    database: peewee.Database, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(answer_lists, "FEW", few)
    monkeypatch.setattr(answer_lists, "BATCH", 3)
    made = fill(7)
    for which in WHICH:
        assert list(answer_lists.every(which)) == wanted(which, made), which
    assert any(wanted(which, made) for which in WHICH[2:4])
