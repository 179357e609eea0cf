"""Decides whether a cancellation or a refund that somebody tells of is new, known, or cannot be.

It enters through the inbox, in its customer's order; what it takes back is decided when the worker handles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.db.database import require_transaction
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.routing import event_kinds
from bot.text.cleaning import read_json
from customers.orders import intake, purchases, refunded_amounts, reversals
from customers.orders.purchases import Refund
from customers.orders.reversals import CANCEL, Reversal

KINDS = {"cancel": event_kinds.ORDER_CANCELLED, "refund": event_kinds.ORDER_REFUNDED}


class ReversalOutcome(StrEnum):
    """What became of it."""

    NEW = "new"
    KNOWN = "known"
    CONFLICT = "conflict"
    UNKNOWN_ORDER = "unknown_order"
    TOO_MUCH = "too_much"


@dataclass(frozen=True)
class TakenReversal:
    """`left_yen` is how much of the order has not been given back, where that is known."""

    outcome: ReversalOutcome
    state: str = "received"
    left_yen: int | None = None
    known_yen: int | None = None
    """The amount under which a refund is known, where another was reported."""


def take(reversal: Reversal, *, may_wait: bool = False) -> TakenReversal:
    """Put it into the inbox once. `may_wait` takes what is told of an order nobody has told of yet; a refund of more
    than is left is then taken too and counted up to the order's price (a webhook cannot be asked to correct it)."""
    require_transaction()
    number = reversals.number_of(reversal.order_number)
    may_be_too_much = reversal.kind != CANCEL and not may_wait
    if may_be_too_much:
        reversals.lock_order(number)  # of two refunds at once, the later must count the earlier
    known = intake.known_order(number)
    if known is None and not may_wait:
        return TakenReversal(ReversalOutcome.UNKNOWN_ORDER)
    state = known[1] if known is not None else "received"
    earlier = InboxEvent.get_or_none(InboxEvent.event_id == reversal.cause)
    if earlier is not None:
        first = Reversal.model_validate(read_json(earlier.body))
        same = reversal.kind == CANCEL or first.amount_yen == reversal.amount_yen
        return TakenReversal(
            ReversalOutcome.KNOWN if same else ReversalOutcome.CONFLICT, state, known_yen=first.amount_yen
        )
    if known is not None and may_be_too_much:
        left_yen = known[0].total_yen - refunded_yen(number)
        if reversal.amount_yen > left_yen:
            return TakenReversal(ReversalOutcome.TOO_MUCH, state, max(0, left_yen))
    key, line_user_id = _queue_of(number)
    fresh = inbox.put(
        KINDS[reversal.kind], reversal.cause, key, reversal.as_data(), line_user_id=line_user_id
    )
    return TakenReversal(ReversalOutcome.NEW if fresh else ReversalOutcome.KNOWN, state)


def taken_back_at(order_number: str) -> datetime | None:
    """When we heard that the order was cancelled, or that the last of it was given back."""
    event = InboxEvent.get_or_none(InboxEvent.event_id == f"order-cancelled:{order_number}")
    if event is not None:
        received_at: datetime = event.received_at
        return received_at
    purchase = purchases.find(order_number)
    return max((each.refunded_at for each in _refunds(purchase)), default=None) if purchase else None


def refunded_yen(order_number: str) -> int:
    """Given back already, and about to be: refunds in the inbox count too."""
    purchase = purchases.find(order_number)
    found = (
        {str(each.cause): (int(each.amount_yen), bool(each.is_total)) for each in _refunds(purchase)}
        if purchase
        else {}
    )
    pending = InboxEvent.select().where(
        InboxEvent.event_id.startswith(f"order-refunded:{order_number}:"),
        InboxEvent.state == inbox.PENDING,
    )
    for event in list(pending):
        reversal = Reversal.model_validate(read_json(event.body))
        if reversal.order_number == order_number:  # LIKE takes a-1 for A-1, and the beginning for the whole
            found.setdefault(f"{order_number}:{reversal.refund_id}", (reversal.amount_yen, reversal.is_total))
    return refunded_amounts.yen(found.values())


def _refunds(purchase: purchases.Purchase) -> list[Refund]:
    return list(Refund.select().where(Refund.purchase == purchase.id))


def _queue_of(order_number: str) -> tuple[str, str | None]:
    """Where the customer's events queue; before the order is recorded, where the order's own event does."""
    purchase = purchases.find(order_number)
    if purchase is not None and purchase.customer is not None and purchase.customer.line_user_id:
        return purchase.customer.line_user_id, purchase.customer.line_user_id
    event = InboxEvent.get_or_none(InboxEvent.event_id == f"order:{order_number}")
    if event is not None:
        return event.conversation.key, event.conversation.line_user_id
    return f"order:{order_number}", None
