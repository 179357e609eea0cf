"""Puts reported orders into the inbox and says of each whether it is new, known or contradicts the stored
one.

Orders of every source enter as `order.received` events; the worker records them
(`handlers/order_received.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot import localtime
from bot.config import settings
from bot.db.database import require_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from bot.text.cleaning import read_json
from customers.orders import buyers, order, parked, purchases
from customers.orders.buyers import Buyer
from customers.orders.order import Item, Order
from customers.orders.parked import Reason
from customers.orders.purchases import PAID, Purchase
from customers.orders.schema import OrderIn
from customers.people.customer import Customer


class OrderOutcome(StrEnum):
    """The result of reporting an order."""

    NEW = "new"
    KNOWN = "known"
    CONFLICT = "conflict"
    FUTURE = "future"


@dataclass(frozen=True)
class TakenOrder:
    """A reported order and the result. `fields` are those in which it contradicts the stored order,
    `earlier`."""

    order: Order
    outcome: OrderOutcome
    fields: tuple[str, ...] = ()
    earlier: Order | None = None
    is_reversed: bool = False
    """Whether it is known, and was cancelled or refunded as a whole."""


def take(payloads: Sequence[OrderIn], source: str) -> list[TakenOrder]:
    """Puts new orders into the inbox; returns the result for each, in the order given."""
    require_transaction()
    guests = buyers.guest_numbers()
    return take_orders([stored_form(each, source, guests) for each in payloads])


def take_orders(orders: Sequence[Order]) -> list[TakenOrder]:
    """The same with orders in stored form. Questions for which they were parked are closed."""
    require_transaction()
    numbers = {each.order_number for each in orders}
    recorded, reversed_numbers = _recorded(numbers), _reversed_numbers(numbers)
    conversations = {each: _conversation_of(each) for each in orders if each.order_number not in recorded}
    inbox.begin_conversations(dict(conversations.values()))
    taken = [
        _take_one(each, recorded.get(each.order_number), conversations, each.order_number in reversed_numbers)
        for each in orders
    ]
    understood = {
        each.order.order_number for each in taken if each.outcome in (OrderOutcome.NEW, OrderOutcome.KNOWN)
    }
    if understood:
        parked.close(understood, (Reason.STATE, Reason.CURRENCY))
    return taken


def stored_form(payload: OrderIn, source: str, guest_numbers: Collection[str] | None = None) -> Order:
    """The order in stored form: with times in UTC, and addresses hashed with this shop's key."""
    shop = settings.current()
    guests = buyers.guest_numbers() if guest_numbers is None else guest_numbers
    return order.stored_form(payload, source, ZoneInfo(shop.shop_timezone), shop.hash_key, guests)


def known_order(order_number: str) -> tuple[Order, str] | None:
    """A known order and its state: `received` until the worker has recorded it, then the purchase's state."""
    recorded = _recorded({order_number}).get(order_number)
    if recorded is not None:
        purchase = Purchase.get(Purchase.order_number == order_number)
        return recorded, str(purchase.state)
    event = inbox.InboxEvent.get_or_none(inbox.InboxEvent.event_id == f"order:{order_number}")
    return (_of_event(event), "received") if event is not None else None


def _reversed_numbers(order_numbers: Collection[str]) -> set[str]:
    """Those that were cancelled or refunded as a whole, and those whose cancellation is in the inbox."""
    found = Purchase.select(Purchase.order_number).where(
        Purchase.order_number.in_(list(order_numbers)), Purchase.state != PAID
    )
    causes = {f"order-cancelled:{number}": number for number in order_numbers}
    events = inbox.InboxEvent.select(inbox.InboxEvent.event_id).where(
        inbox.InboxEvent.event_id.in_(list(causes))
    )
    return {str(each.order_number) for each in found} | {causes[str(each.event_id)] for each in events}


def _take_one(
    received: Order,
    earlier: Order | None,
    conversations: Mapping[Order, tuple[str, str | None]],
    is_reversed: bool,
) -> TakenOrder:
    # Clocks differ by minutes or a zone; anything more is a mistyped date.
    if (received.ordered_on - localtime.today()).days > 1:
        return TakenOrder(received, OrderOutcome.FUTURE, ("ordered_at",))
    if earlier is None:
        # The unique event id decides, not the query before: two sources may report one order at once.
        key, line_user_id = conversations[received]
        if inbox.put(
            event_kinds.ORDER_RECEIVED, received.event_id, key, received.as_data(), line_user_id=line_user_id
        ):
            return TakenOrder(received, OrderOutcome.NEW)
        earlier = _of_event(inbox.InboxEvent.get(inbox.InboxEvent.event_id == received.event_id))
    fields = tuple(order.differences(earlier, received))
    if not fields and received.arrives_on not in (None, earlier.arrives_on):
        _store_arrival(received)
    if not fields and received.line_user_id and not earlier.line_user_id:
        # The LINE user was unknown before. The event needs an id of its own, since the order's may be
        # finished.
        line_user_id = received.line_user_id
        inbox.put(
            event_kinds.ORDER_RECEIVED,
            f"{received.event_id}:named",
            line_user_id,
            received.as_data(),
            line_user_id=line_user_id,
        )
    return TakenOrder(
        received, OrderOutcome.CONFLICT if fields else OrderOutcome.KNOWN, fields, earlier, is_reversed
    )


def _store_arrival(received: Order) -> None:
    """Stores the day on which a recorded order is expected now; the latest report is right."""
    changed = Purchase.arrives_on.is_null() | (Purchase.arrives_on != received.arrives_on)
    Purchase.update(arrives_on=received.arrives_on).where(
        Purchase.order_number == received.order_number, changed
    ).execute()


def _conversation_of(received: Order) -> tuple[str, str | None]:
    """The key of the conversation in whose queue the order is handled, and its LINE user."""
    if received.line_user_id:
        return received.line_user_id, received.line_user_id
    buyer = buyers.find(received)
    customer = buyer.customer if buyer is not None else None
    line_user_id = customer.line_user_id if customer is not None else None
    return line_user_id or f"buyer:{buyers.identity_of(received)}", line_user_id


def _of_event(event: inbox.InboxEvent) -> Order:
    return Order.model_validate(read_json(event.body))


def _recorded(order_numbers: set[str]) -> dict[str, Order]:
    """The purchases with these numbers, as orders; four queries."""
    if not order_numbers:
        return {}
    found_purchases = list(Purchase.select().where(Purchase.order_number.in_(order_numbers)))
    items = purchases.items_of([each.id for each in found_purchases])
    owners = {each.customer_id for each in found_purchases if each.customer_id}
    line_ids: dict[int | None, str | None] = {
        each.id: each.line_user_id for each in Customer.select().where(Customer.id.in_(owners))
    }
    buyer_ids = {each.buyer_id for each in found_purchases if each.buyer_id}
    found: dict[int | None, Buyer] = {each.id: each for each in Buyer.select().where(Buyer.id.in_(buyer_ids))}
    return {
        each.order_number: _as_order(
            each, items.get(each.id, []), found.get(each.buyer_id), line_ids.get(each.customer_id)
        )
        for each in found_purchases
    }


def _as_order(purchase: Purchase, items: list[Item], buyer: Buyer | None, line_user_id: str | None) -> Order:
    local = localtime.local(purchase.ordered_at)
    # A member's addresses may change; a guest is identified by them.
    guest = buyer if buyer is not None and not buyer.customer_number else None
    return Order(
        source=purchase.source,
        order_number=purchase.order_number,
        ordered_at=purchase.ordered_at,
        ordered_on=purchase.ordered_on,
        day_only=not any(local.timetuple()[3:6]),
        total_yen=purchase.total_yen,
        arrives_on=purchase.arrives_on,
        line_user_id=line_user_id,
        customer_number=buyer.customer_number if buyer else None,
        email_hash=guest.email_hash if guest else None,
        phone_hash=guest.phone_hash if guest else None,
        items=tuple(items),
    )
