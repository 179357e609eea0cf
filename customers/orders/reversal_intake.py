"""Puts reported cancellations and refunds into the inbox and says whether they are new, known or impossible.

The worker handles them in the customer's queue; `reversals.py` applies them.
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
    """The result of reporting a reversal."""

    NEW = "new"
    KNOWN = "known"
    CONFLICT = "conflict"
    UNKNOWN_ORDER = "unknown_order"
    TOO_MUCH = "too_much"


@dataclass(frozen=True)
class TakenReversal:
    """A reported reversal and the result. `left_yen` is the part of the price not refunded yet, where
    known."""

    outcome: ReversalOutcome
    state: str = "received"
    left_yen: int | None = None
    known_yen: int | None = None
    """The amount under which a refund is known, where another was reported."""


def take(reversal: Reversal, *, may_wait: bool = False) -> TakenReversal:
    """Puts the reversal into the inbox once.

    `may_wait` accepts a reversal of an order that is not known yet, and a refund of more than is left, which
    counts up to the order's price: a webhook's sender cannot be asked to correct it.
    """
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
    key, line_user_id = queue_of(number)
    fresh = inbox.put(
        KINDS[reversal.kind], reversal.cause, key, reversal.as_data(), line_user_id=line_user_id
    )
    return TakenReversal(ReversalOutcome.NEW if fresh else ReversalOutcome.KNOWN, state)


def taken_back_at(order_number: str) -> datetime | None:
    """When the order was reported as cancelled, or the last of it as refunded."""
    event = InboxEvent.get_or_none(InboxEvent.event_id == f"order-cancelled:{order_number}")
    if event is not None:
        received_at: datetime = event.received_at
        return received_at
    purchase = purchases.find(order_number)
    return max((each.refunded_at for each in _refunds(purchase)), default=None) if purchase else None


def refunded_yen(order_number: str) -> int:
    """The refunded amount in yen, refunds that are still in the inbox included."""
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
        # LIKE ignores case, and the prefix may match a longer number.
        if reversal.order_number == order_number:
            found.setdefault(f"{order_number}:{reversal.refund_id}", (reversal.amount_yen, reversal.is_total))
    return refunded_amounts.yen(found.values())


def _refunds(purchase: purchases.Purchase) -> list[Refund]:
    return list(Refund.select().where(Refund.purchase == purchase.id))


def queue_of(order_number: str) -> tuple[str, str | None]:
    """The key and LINE user of the conversation in whose queue the order's events are handled."""
    purchase = purchases.find(order_number)
    if purchase is not None and purchase.customer is not None and purchase.customer.line_user_id:
        return purchase.customer.line_user_id, purchase.customer.line_user_id
    event = InboxEvent.get_or_none(InboxEvent.event_id == f"order:{order_number}")
    if event is not None:
        return event.conversation.key, event.conversation.line_user_id
    return f"order:{order_number}", None
