"""Applies cancellations and refunds to purchases; the result does not depend on the sequence in which they
are reported.

A reversal that comes before its order is stored and applied when the order is recorded. Points and rewards
are reversed in `handlers/order_reversed.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

from peewee import CharField, TextField
from pydantic import BaseModel, ConfigDict

from bot import localtime, notices
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, insert_once
from bot.notices import notice_text
from customers.orders import buyers, purchases
from customers.orders.purchases import Purchase

CANCEL: Final = "cancel"
REFUND: Final = "refund"
IMPORT_UNDONE = "import-undone"
"""The reason of a cancellation because the import that brought the order was undone: the customer heard nothing of the
order, and hears nothing of this."""


class Reversal(BaseModel):
    """The data of an `order.cancelled` or `order.refunded` event."""

    model_config = ConfigDict(frozen=True)

    order_number: str
    kind: Literal["cancel", "refund"]
    refund_id: str = ""
    amount_yen: int = 0
    is_total: bool = False
    """Whether the amount is everything refunded until now."""
    source: str = ""
    reason: str = ""

    @property
    def cause(self) -> str:
        """The event's id, unique for the reversal: reported twice, it is one event."""
        if self.kind == CANCEL:
            return f"order-cancelled:{self.order_number}"
        return f"order-refunded:{self.order_number}:{self.refund_id}"

    def as_data(self) -> dict[str, Any]:
        """The reversal as JSON data."""
        return self.model_dump(mode="json")


@dataclass(frozen=True)
class ReversedPurchase:
    """A purchase with what it was worth before and after the reversal, in yen."""

    purchase: Purchase
    before_yen: int
    after_yen: int


class PendingReversal(Model):
    """A reversal of an order that has not been recorded yet."""

    order_number = CharField(80, index=True)
    cause = CharField(150, unique=True)
    reversal = TextField(column_name="told")
    received_at = UtcDateTimeField(column_name="told_at")

    class Meta:
        table_name = "waiting_reversal"


class OrderAlias(Model):
    """The name of an order in another system, some of whose messages contain only that name."""

    name = CharField(80, unique=True)
    order_number = CharField(64, index=True)

    class Meta:
        table_name = "order_alias"


def total_refund(order_number: str, amount_yen: int, source: str) -> Reversal:
    """A refund of everything given back until now, as a file or a webhook reports it; the same total again is
    known."""
    return Reversal(
        order_number=order_number,
        kind=REFUND,
        refund_id=f"total-{amount_yen}",
        amount_yen=amount_yen,
        is_total=True,
        source=source,
    )


def record_alias(alias: str, order_number: str) -> None:
    """Stores another system's name of the order."""
    insert_once(OrderAlias, name=alias, order_number=order_number)


def number_of(name: str) -> str:
    """The order's number, by its alias or by the number itself."""
    found = OrderAlias.select(OrderAlias.order_number).where(OrderAlias.name == name).scalar()
    return name if found is None else str(found)


def lock_order(order_number: str) -> None:
    """Waits for other transactions that handle the same order, and locks it until this one ends.

    An order and its cancellation may be in two conversations, which are handled in parallel.
    """
    for name in sorted(set(names_of(order_number))):
        database.advisory_lock(f"order:{name}")


def worth_yen(purchase: Purchase) -> int:
    """The price less refunds, in yen; 0 for an order that was reversed as a whole."""
    return purchase.total_yen - purchase.refunded_yen if purchase.state == purchases.PAID else 0


def apply(reversal: Reversal) -> ReversedPurchase | None:
    """Applies the reversal; None when nothing changed: it was known, or its order has yet to come."""
    lock_order(reversal.order_number)
    number = number_of(reversal.order_number)
    purchase = purchases.find(number)
    if purchase is None:
        insert_once(
            PendingReversal,
            order_number=reversal.order_number,
            cause=reversal.cause,
            reversal=json.dumps(reversal.as_data()),
            received_at=localtime.now(),
        )
        return None
    return _apply(purchase, reversal)


def apply_pending(purchase: Purchase) -> Purchase:
    """Applies the reversals that came before the order; returns the purchase as it is then."""
    names = names_of(purchase.order_number)
    rows = list(PendingReversal.select().where(PendingReversal.order_number.in_(names)))
    for row in sorted(rows, key=lambda each: int(each.id)):
        _apply(purchase, Reversal.model_validate_json(row.reversal))
    if rows:
        PendingReversal.delete().where(PendingReversal.order_number.in_(names)).execute()
    return purchase


def _apply(purchase: Purchase, reversal: Reversal) -> ReversedPurchase | None:
    if purchase.buyer is not None:
        # A link made at this moment credits the purchase: one of the two transactions sees the other's
        # change.
        buyers.lock(purchase.buyer)
    purchase = _read_again(purchase)
    before_yen = worth_yen(purchase)
    if reversal.kind == CANCEL:
        changed = purchases.cancel(purchase)
    else:
        cause = f"{purchase.order_number}:{reversal.refund_id}"
        changed = purchases.refund(purchase, cause, reversal.amount_yen, is_total=reversal.is_total)
        if changed and purchases.refunds_recorded_yen(purchase) > purchase.total_yen:
            _notify_too_much(purchase)
    return ReversedPurchase(purchase, before_yen, worth_yen(purchase)) if changed else None


def _notify_too_much(purchase: Purchase) -> None:
    notices.notify(
        f"refunds-too-much:{purchase.order_number}",
        notice_text(
            "注文 %(order)s の返金の合計が、注文の金額（%(yen)s円）を超えています。"
            "注文の金額まで返金されたものとして数えました。お店のシステムの記録を確かめてください。",
            order=purchase.order_number,
            yen=f"{purchase.total_yen:,}",
        ),
    )


def _read_again(purchase: Purchase) -> Purchase:
    fresh = Purchase.get_by_id(purchase.id)
    for name in ("customer", "state", "refunded_yen", "credited_at"):
        setattr(purchase, name, getattr(fresh, name))
    return purchase


def names_of(order_number: str) -> list[str]:
    """The order's number and its aliases."""
    rows: Any = OrderAlias.select(OrderAlias.name).where(OrderAlias.order_number == order_number).tuples()
    return [order_number, *(str(alias) for (alias,) in rows)]


erasure.deleted(PendingReversal, lambda who: PendingReversal.order_number.in_(who.order_numbers))
erasure.detached(OrderAlias, "Two names of one order, in the shop's own systems.")
