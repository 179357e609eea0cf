"""Finds purchases that something is due for, by their day, and that no event of that kind was made for yet."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Value, fn

from bot.conversations import Conversation
from bot.inbox import InboxEvent
from customers.customer import Customer
from customers.purchases import PAID, Purchase


@dataclass(frozen=True, slots=True)
class DuePurchase:
    """A purchase, and where its customer's events queue."""

    purchase_id: int
    conversation_key: str
    line_user_id: str


def purchases_without_event(prefix: str, first_on: date, last_on: date, limit: int) -> list[DuePurchase]:
    """Paid purchases of those days whose customers are on LINE and for which no event `prefix` + id exists."""
    event_id = Value(prefix).concat(Purchase.id.cast("TEXT"))
    known = InboxEvent.select(Value(1)).where(InboxEvent.event_id == event_id)
    rows: Any = (
        Purchase.select(Purchase.id, Conversation.key, Conversation.line_user_id)
        .join(Customer)
        .join(Conversation)
        .where(Purchase.ordered_on.between(first_on, last_on), Purchase.state == PAID)
        .where(Conversation.line_user_id.is_null(False), ~fn.EXISTS(known))
        .order_by(Purchase.id)
        .limit(limit)
        .tuples()
    )
    return [DuePurchase(purchase_id, key, user_id) for purchase_id, key, user_id in rows]
