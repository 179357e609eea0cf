"""Undoes an import of orders that brought nothing else with it: asks first what came of them, then takes each back.

An order that nobody on LINE was credited is deleted and can be imported again. One that gave points is cancelled as a
shop's system cancels: by reversal entries, without a word to the customer, who was not sent one about it either. Where
a message, a used coupon, spent points, a referral or a flow came of an order, the import stays as it is.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from peewee import fn

from bot.db.database import write_transaction
from customers.csv.order_import import CHANGED, NEW, PARKED, SOURCE
from customers.imports import undo
from customers.imports.progress import add_counts
from customers.imports.tables import DataImport, ImportKind, ImportOrder, ImportState
from customers.orders import reversal_intake
from customers.orders.purchases import PAID, Purchase
from customers.orders.reversals import CANCEL, IMPORT_UNDONE, OrderAlias, Reversal
from customers.orders.shipments import Shipment
from customers.orders.tables import Refund
from handlers.coupons import first_purchase_cause
from journeys.enrolments.tables import Enrolment
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import SENT, PlannedMessage
from rewards.coupons.tables import Coupon, CouponState
from rewards.ledger import ledger
from rewards.ledger.entries import LedgerEntry
from rewards.referrals.tables import Referral

ASKED_AT_ONCE = 300
UNDONE_AT_ONCE = 100
REMOVED, REVERSED, LEFT = "removed", "reversed", "left"
NEWS = (Kind.REFERRAL, Kind.COUPON_GIVEN, Kind.RANK_ROSE)
"""What may be said beside the card of a received order, under causes of their own."""


def begin(row: DataImport) -> None:
    """Ask what came of the import: go on to undo it, or note why it stays."""
    found = what_came_of(row)
    with write_transaction():
        if found:
            undo.settle(row, ImportState.DONE, refusal=_as_json(found), undone_by_id=None)
        else:
            undo.settle(row, ImportState.UNDOING)


def step(row: DataImport) -> int:
    """Take the next orders of the import back; how many. At the end the import is undone, and the answer is 0."""
    with write_transaction():
        if row.kind == ImportKind.PRODUCTS:
            add_counts(row, {f"{name}_count": count for name, count in undo.take_products_back(row).items()})
            undo.settle(row, ImportState.UNDONE)
            return 0
        numbers = undo.orders_after(row, "", UNDONE_AT_ONCE, NEW)
        done = Counter(_take_back(row, number) for number in numbers)
        if not numbers:
            undo.unpark(undo.orders_after(row, "", 10**6, PARKED))
            undo.settle(row, ImportState.UNDONE)
        add_counts(row, {f"{name}_count": count for name, count in done.items()})
        return len(numbers)


def what_came_of(row: DataImport) -> Counter[str]:
    """How many orders of the import are followed by something that cannot be taken back, by what that is."""
    found: Counter[str] = Counter()
    if row.kind == ImportKind.PRODUCTS:
        return found
    if changed := undo.count(row, CHANGED):
        found["others"] = changed
    last = ""
    while numbers := undo.orders_after(row, last, ASKED_AT_ONCE, NEW):
        last = numbers[-1]
        found["pending"] += undo.pending(numbers)
        purchases = undo.purchases_of(numbers)
        found["changed"] += len(_changed_since(purchases))
        credited = [each for each in purchases if each.customer_id is not None and each.state == PAID]
        if credited:
            found += _of_credited(row, credited)
    return +found


def _changed_since(purchases: Sequence[Purchase]) -> set[str]:
    """The numbers of those that another source has reported first, cancelled, refunded or named since."""
    numbers = {int(each.id): str(each.order_number) for each in purchases}
    changed = {str(each.order_number) for each in purchases if each.state != PAID or each.source != SOURCE}
    refunds: Any = Refund.select(Refund.purchase, Refund.cause).where(Refund.purchase.in_(list(numbers)))
    for purchase_id, cause in refunds.tuples():
        if not str(cause).startswith(f"{numbers[purchase_id]}:total-"):
            changed.add(numbers[purchase_id])
    named: Any = OrderAlias.select(OrderAlias.order_number).where(
        OrderAlias.order_number.in_(list(numbers.values()))
    )
    return changed | {str(number) for (number,) in named.tuples()}


def _of_credited(row: DataImport, credited: Sequence[Purchase]) -> Counter[str]:
    causes = [f"order:{each.order_number}" for each in credited]
    cards = [f"order-received:{each.order_number}" for each in credited]
    said = [*cards, *(f"{card}:{kind}" for card in cards for kind in NEWS), *_parcel_causes(credited)]
    owners = sorted({int(each.customer_id or 0) for each in credited})
    redeemed = (Coupon.state == CouponState.REDEEMED) & (Coupon.redeemed_at >= row.made_at)
    gifts = Coupon.select().where(Coupon.customer.in_(owners), redeemed)
    return Counter(
        {
            "messages": _count(
                PlannedMessage, PlannedMessage.cause.in_(said) & (PlannedMessage.state == SENT)
            ),
            "flows": _count(Enrolment, Enrolment.cause.in_(causes)),
            "referrals": _count(Referral, Referral.purchase_cause.in_(causes)),
            "coupons": _count(Coupon, Coupon.redeemed_request.in_(causes))
            + sum(
                str(each.cause).startswith(f"{first_purchase_cause(each.customer_id)}:")
                for each in list(gifts)
            ),
            "points": sum(_is_spent(owner, causes) for owner in owners),
        }
    )


def _parcel_causes(credited: Sequence[Purchase]) -> list[str]:
    """The causes of messages about the parcels of these orders."""
    numbered = Shipment.order_number.in_([each.order_number for each in credited])
    rows: Any = Shipment.select(Shipment.id).where(numbered).tuples()
    return [
        f"{kind}:{parcel}" for (parcel,) in rows for kind in (Kind.ORDER_DISPATCHED, Kind.ORDER_DELIVERED)
    ]


def _is_spent(customer_id: int, causes: Sequence[str]) -> bool:
    """Whether the customer has fewer points than these orders gave, so that a reversal would leave a debt."""
    mine = (LedgerEntry.customer == customer_id) & LedgerEntry.cause.in_(list(causes))
    gave = LedgerEntry.select(fn.COALESCE(fn.SUM(LedgerEntry.points), 0)).where(mine).scalar()
    return int(gave) > max(0, ledger.balance(customer_id))


def _count(model: Any, condition: Any) -> int:
    return int(model.select(fn.COUNT(model.id)).where(condition).scalar())


def _take_back(row: DataImport, number: str) -> str:
    """Delete the order or report its cancellation; what was done, which is noted beside its number."""
    undo.lock(number)
    purchase = next(iter(undo.purchases_of([number])), None)
    if purchase is not None and undo.is_free(purchase) and not _changed_since([purchase]):
        undo.forget(purchase)
        outcome = REMOVED
    elif purchase is not None and _may_be_cancelled(row, purchase):
        cancel = Reversal(order_number=number, kind=CANCEL, source=SOURCE, reason=IMPORT_UNDONE)
        reversal_intake.take(cancel)
        outcome = REVERSED
    else:
        outcome = LEFT
    same = (ImportOrder.data_import == row.id) & (ImportOrder.order_number == number)
    ImportOrder.update(outcome=outcome).where(same).execute()
    return outcome


def _may_be_cancelled(row: DataImport, purchase: Purchase) -> bool:
    """Asked again of each order: a message may have been sent since the whole import was asked about."""
    is_credited = purchase.customer_id is not None and purchase.state == PAID
    return is_credited and not +_of_credited(row, [purchase]) and not _changed_since([purchase])


def _as_json(found: Counter[str]) -> str:
    pairs = ", ".join(f'"{name}": {count}' for name, count in sorted(found.items()))
    return f"{{{pairs}}}"
