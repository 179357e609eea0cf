"""Golden messages about orders: received, dispatched, delivered, and the states of the last orders."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import localtime
from bot.line.messages import Message
from customers.orders.order import Item
from customers.orders.shipments import Shipment
from customers.orders.tables import CANCELLED, PAID, REFUNDED, Purchase
from handlers import order_cards, replies
from handlers.order_cards import ShownOrder
from rewards.ranks import messages as rank_cards
from rewards.ranks.customer_rank import RankOffer
from rewards.ranks.rules import NextAction, Rank, Step
from tests.golden.golden_files import assert_golden, assert_none_left_over
from tests.line_limits import assert_valid

GOLDEN = Path(__file__).parent / "orders"
NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
ITEMS = (
    Item(sku="HD-102", name="ゆずの化粧水", quantity=2, unit_yen=3480),
    Item(sku="HD-210", name="米ぬか石けん", quantity=1, unit_yen=880),
)
MANY = tuple(Item(sku=f"S-{place}", name=f"季節の詰め合わせ {place}号") for place in range(1, 8))


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


def order(state: str = PAID, *, days_ago: int = 0, arrives_on: date | None = None) -> Purchase:
    return Purchase(
        order_number="A-1001",
        ordered_at=NOON - timedelta(days=days_ago),
        ordered_on=TODAY - timedelta(days=days_ago),
        total_yen=7840,
        state=state,
        arrives_on=arrives_on,
    )


def parcel(
    carrier: str = "yamato",
    number: str = "472575516733",
    *,
    delivered: bool = False,
    written: str = "",
    url: str = "",
    arrives_on: date | None = None,
) -> Shipment:
    return Shipment(
        carrier=carrier,
        carrier_written=written,
        tracking_number=number,
        tracking_url=url,
        dispatched_at=NOON,
        delivered_at=NOON + timedelta(days=1) if delivered else None,
        arrives_on=arrives_on,
    )


def next_step() -> list[Message]:
    action = NextAction(Step.REFERRAL, 1, Rank.ACTIVE)
    return rank_cards.next_step(RankOffer(action, date(2026, 5, 1), is_top=False))


SHOWN: dict[str, Callable[[], list[Message]]] = {
    "received": lambda: replies.lead_on(
        [
            order_cards.received(
                ShownOrder(order(arrives_on=date(2026, 4, 3)), ITEMS),
                replies.purchase_thanks(78, 12_459),
                next_step(),
            )
        ]
    ),
    "received_pending_points": lambda: [
        order_cards.received(
            ShownOrder(order(), ITEMS), replies.purchase_thanks(0, 100, 78, date(2026, 4, 15))
        )
    ],
    "received_without_points": lambda: [
        order_cards.received(ShownOrder(order(), ITEMS), replies.purchase_thanks(0, 12_459))
    ],
    "received_many_items": lambda: [order_cards.received(ShownOrder(order(), MANY))],
    "received_plain": lambda: [order_cards.received(ShownOrder(order()))],
    "dispatched": lambda: [order_cards.dispatched(ShownOrder(order()), parcel(arrives_on=date(2026, 4, 2)))],
    "dispatched_unknown_carrier": lambda: [
        order_cards.dispatched(
            ShownOrder(order(arrives_on=date(2026, 3, 1))), parcel("みどり便", "K88", written="みどり便")
        )
    ],
    "dispatched_given_page": lambda: [
        order_cards.dispatched(ShownOrder(order()), parcel("", "", url="https://track.example.jp/a?n=1"))
    ],
    "delivered": lambda: [order_cards.delivered(ShownOrder(order()))],
    "states": lambda: [
        order_cards.states(
            [
                ShownOrder(order(arrives_on=date(2026, 4, 3)), ITEMS),
                ShownOrder(
                    order(days_ago=3),
                    ITEMS,
                    [parcel(delivered=True), parcel("sagawa", "1234", arrives_on=date(2026, 4, 2))],
                ),
                ShownOrder(order(days_ago=5), MANY, [parcel(delivered=True)]),
            ]
        )
    ],
    "state_past": lambda: [order_cards.states([ShownOrder(order(days_ago=31), ITEMS)])],
    "state_cancelled": lambda: [order_cards.states([ShownOrder(order(CANCELLED), ITEMS, [parcel()])])],
    "state_refunded": lambda: [order_cards.states([ShownOrder(order(REFUNDED), ITEMS)])],
}


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    assert_golden(GOLDEN, name, SHOWN[name]())


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


@pytest.mark.parametrize("letter", ["名", "🌿", "{order}", '"'])
def test_the_longest_order_is_shown(letter: str) -> None:
    item = Item(sku="S" * 64, name=(letter * 255)[:255], quantity=999_999)
    purchase = Purchase(
        order_number=(letter * 64)[:64], ordered_at=NOON, ordered_on=TODAY, total_yen=99_999_999, state=PAID
    )
    far = "https://track.example.jp/" + "a" * 970
    box = parcel((letter * 64)[:64], "9" * 40, written=(letter * 64)[:64], url=far)
    whole = ShownOrder(purchase, [item] * 200, [box] * 20)
    assert_valid([order_cards.received(whole, letter * 300)])
    assert_valid([order_cards.dispatched(whole, box)])
    assert_valid([order_cards.delivered(whole)])
    assert_valid([order_cards.states([whole] * 3)])
