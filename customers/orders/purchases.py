"""Records orders as purchases of customers, and reverses them; what a purchase earns is for `rewards/`.

One order is one row, whatever its source: `order_number` is unique across sources, since the same order may
come by CSV and by API and must count once. A shop with two systems whose numbers overlap prefixes one of
them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import insert_once, require_transaction
from customers.orders import buyers, refunded_amounts
from customers.orders.buyers import Buyer
from customers.orders.order import Item, Order
from customers.orders.tables import CANCELLED as CANCELLED
from customers.orders.tables import PAID as PAID
from customers.orders.tables import REFUNDED as REFUNDED
from customers.orders.tables import Product as Product
from customers.orders.tables import Purchase as Purchase
from customers.orders.tables import PurchaseItem as PurchaseItem
from customers.orders.tables import Refund as Refund
from customers.people.customer import Customer, get_or_create_by_line_user


class AlreadyLinked(Exception):
    """The buyer is linked to another customer on LINE; staff must check."""


@dataclass(frozen=True)
class RecordedPurchase:
    """The result of recording an order. `credited` are the purchases that became this customer's just now,
    oldest first: this one, and earlier ones of the same buyer. Each purchase is credited once."""

    purchase: Purchase
    customer: Customer | None
    new: bool
    credited: tuple[Purchase, ...] = ()


def record(order: Order) -> RecordedPurchase:
    """Stores the order as a purchase, once. Its customer is the LINE user it names, else the one its buyer is
    linked to; without either it waits for a link."""
    require_transaction()
    buyer = buyers.get_or_create_locked(order)
    customer = _get_or_create_customer(order, buyer)
    purchase, is_new = _insert(order, buyer, customer)
    if is_new:
        _store_items(purchase, order.items)
    elif buyer is not None and purchase.customer_id is None and purchase.buyer_id != buyer.id:
        # The owner has said in the meantime whose number it is.
        Purchase.update(buyer=buyer).where(Purchase.id == purchase.id).execute()
        purchase.buyer = buyer
    if customer is None or not (is_new or _assign_to(purchase, customer)):
        return RecordedPurchase(purchase, purchase.customer, is_new)
    credited = [purchase]
    if buyer is not None and buyer.customer_id is None:
        credited += link_buyer(buyer, customer)
    refresh(customer)
    return RecordedPurchase(
        purchase, customer, is_new, tuple(sorted(credited, key=lambda each: (each.ordered_at, each.id)))
    )


def link_buyer(buyer: Buyer, customer: Customer) -> list[Purchase]:
    """Links the buyer to this customer; returns the purchases that waited for it, oldest first, to be
    credited now.

    Repeated, it returns nothing. Raises AlreadyLinked when the buyer is linked to somebody else.
    """
    buyer = buyers.lock(buyer)
    if buyer.customer_id not in (None, customer.id):
        raise AlreadyLinked(f"buyer {buyer.id} is already linked to customer {buyer.customer_id}")
    now = localtime.now()
    Buyer.update(customer=customer, linked_at=now).where(
        Buyer.id == buyer.id, Buyer.customer.is_null()
    ).execute()
    is_waiting = (Purchase.buyer == buyer.id) & Purchase.customer.is_null()
    waiting = list(Purchase.select().where(is_waiting).order_by(Purchase.ordered_at, Purchase.id))
    if waiting:
        Purchase.update(customer=customer, credited_at=now).where(is_waiting).execute()
        refresh(customer)
    return [_with_customer(purchase, customer, now) for purchase in waiting if purchase.state == PAID]


def unlink_buyer(buyer: Buyer) -> None:
    """Removes the link: later orders of this buyer wait again; what was credited stays the customer's."""
    Buyer.update(customer=None, linked_at=None).where(Buyer.id == buyer.id).execute()


def cancel(purchase: Purchase) -> bool:
    """Cancels the order as a whole; False when it was cancelled before. A cancellation replaces a full
    refund, so that the result does not depend on which is reported first."""
    return _change_state(purchase, (PAID, REFUNDED), CANCELLED, cancelled_at=localtime.now())


def refund(purchase: Purchase, cause: str, amount_yen: int, *, is_total: bool = False) -> bool:
    """Records a refund of part of the price, once for each `cause` (the refund's id in the shop's system).

    False when the refund is known. A fully refunded order is no purchase any more; more than its price is
    never refunded. With `is_total` the amount is everything refunded so far (see `refunded_amounts.py`).
    Raises ValueError for less than one yen.
    """
    require_transaction()
    if amount_yen <= 0:
        raise ValueError(f"a refund gives back at least one yen, not {amount_yen}")
    known = insert_once(
        Refund,
        purchase=purchase,
        cause=cause,
        amount_yen=amount_yen,
        is_total=is_total,
        refunded_at=localtime.now(),
    )
    if known is None:
        return False
    # Locked first: of two refunds at once, the later must count the earlier.
    Purchase.update(refunded_yen=Purchase.refunded_yen).where(Purchase.id == purchase.id).execute()
    row = Purchase.get_by_id(purchase.id)
    purchase.refunded_yen = min(row.total_yen, refunds_recorded_yen(purchase))
    Purchase.update(refunded_yen=purchase.refunded_yen).where(Purchase.id == purchase.id).execute()
    if purchase.refunded_yen >= row.total_yen:
        _change_state(purchase, (PAID,), REFUNDED)
    elif row.customer is not None:
        refresh(row.customer)
    return True


def refunds_recorded_yen(purchase: Purchase) -> int:
    """The amount refunded according to all reports, in yen; it may exceed the price when a system reports
    wrongly."""
    rows: Any = (
        Refund.select(Refund.amount_yen, Refund.is_total).where(Refund.purchase == purchase.id).tuples()
    )
    return refunded_amounts.yen((int(amount), bool(is_total)) for amount, is_total in rows)


def is_purchase(orders: Any = Purchase) -> Any:
    """The condition of queries of `orders`, the table or an alias of it, for what counts as a purchase everywhere:
    not reversed, and more than ¥0 of it paid for good. A free sample or gift is an order, and no purchase."""
    return (orders.state == PAID) & (orders.total_yen > orders.refunded_yen)


def is_purchase_sql(alias: str = "purchase") -> str:
    """`is_purchase` in SQL, for statements of text: of the table with that alias."""
    return f"({alias}.state = '{PAID}' AND {alias}.total_yen > {alias}.refunded_yen)"


def find(order_number: str) -> Purchase | None:
    """The purchase with this order number."""
    return Purchase.get_or_none(Purchase.order_number == order_number)


def by_numbers(order_numbers: Collection[str]) -> list[Purchase]:
    """The purchases with these order numbers."""
    numbers = list(order_numbers)
    return list(Purchase.select().where(Purchase.order_number.in_(numbers))) if numbers else []


def latest_of(customer: Customer, count: int) -> list[Purchase]:
    """The customer's latest orders, reversed ones included; the latest first."""
    mine = Purchase.select().where(Purchase.customer == customer.id)
    return list(
        mine.order_by(Purchase.ordered_on.desc(), Purchase.ordered_at.desc(), Purchase.id.desc()).limit(count)
    )


def items_of(purchase_ids: Collection[int]) -> dict[int, list[Item]]:
    """The items of these purchases, by purchase; those without items are left out."""
    found: dict[int, list[Item]] = {}
    if not purchase_ids:
        return found
    rows = PurchaseItem.select().where(PurchaseItem.purchase.in_(list(purchase_ids)))
    for row in rows.order_by(PurchaseItem.id):
        item = Item(sku=row.sku, name=row.name, quantity=row.quantity, unit_yen=row.unit_yen)
        found.setdefault(row.purchase_id, []).append(item)
    return found


def products_by_name(limit: int) -> list[tuple[str, str]]:
    """The shop's products, as code and name."""
    rows: Any = Product.select(Product.sku, Product.name).order_by(Product.name, Product.sku).limit(limit)
    return [(sku, name or sku) for sku, name in rows.tuples()]


def first_paid_for(customer: Customer) -> Purchase | None:
    """The customer's earliest purchase."""
    mine = (Purchase.customer == customer.id) & is_purchase()
    found: Purchase | None = Purchase.select().where(mine).order_by(Purchase.ordered_at, Purchase.id).first()
    return found


def refresh(customer: Customer) -> Customer:
    """Computes the customer's cached purchase columns from the purchases."""
    require_transaction()
    # Locked first: of two orders of one customer recorded at once, the later must count the earlier.
    Customer.update(purchase_count=Customer.purchase_count).where(Customer.id == customer.id).execute()
    totals: Any = (
        Purchase.select(
            fn.COUNT(Purchase.id),
            fn.COALESCE(fn.SUM(Purchase.total_yen - Purchase.refunded_yen), 0),
            fn.MIN(Purchase.ordered_on),
            fn.MAX(Purchase.ordered_on),
        )
        .where(Purchase.customer == customer.id, is_purchase())
        .tuples()
        .first()
    )
    count, sales_yen, first_on, last_on = totals
    counted = {"purchase_count": count, "sales_yen": int(sales_yen)}
    counted |= {"first_purchased_on": first_on, "last_purchased_on": last_on}
    for name, value in counted.items():
        setattr(customer, name, value)
    Customer.update(counted).where(Customer.id == customer.id).execute()
    return customer


def _insert(order: Order, buyer: Buyer | None, customer: Customer | None) -> tuple[Purchase, bool]:
    """The order's row, and whether it is new."""
    now = localtime.now()
    purchase_id = insert_once(
        Purchase,
        source=order.source,
        order_number=order.order_number,
        customer=customer,
        buyer=buyer,
        ordered_at=order.ordered_at,
        ordered_on=order.ordered_on,
        delivery_hash=order.delivery_hash,
        arrives_on=order.arrives_on,
        total_yen=order.total_yen,
        recorded_at=now,
        credited_at=now if customer else None,
    )
    purchase = Purchase.get(Purchase.order_number == order.order_number)
    return purchase, purchase_id is not None


def _get_or_create_customer(order: Order, buyer: Buyer | None) -> Customer | None:
    if order.line_user_id:
        conversation = Conversation.get_or_none(Conversation.key == order.line_user_id)
        # An order that names a LINE user is no activity of theirs on LINE.
        return get_or_create_by_line_user(
            order.line_user_id, conversation.id if conversation else None, seen=False
        )
    return buyer.customer if buyer is not None else None


def _assign_to(purchase: Purchase, customer: Customer) -> bool:
    """Assigns a known purchase without a customer to the one whom a later report of the order names."""
    now = localtime.now()
    changed = (
        Purchase.update(customer=customer, credited_at=now)
        .where(Purchase.id == purchase.id, Purchase.customer.is_null(), Purchase.state == PAID)
        .execute()
    )
    if changed == 1:
        _with_customer(purchase, customer, now)
    return bool(changed == 1)


def _store_items(purchase: Purchase, items: Iterable[Item]) -> None:
    lines = [(item, item.line) for item in items]
    rows: list[dict[str, Any]] = [
        {"purchase": purchase.id, "sku": sku, "name": name, "quantity": quantity, "unit_yen": unit_yen}
        for _, (sku, name, quantity, unit_yen) in lines
    ]
    if not rows:
        return
    PurchaseItem.insert_many(rows).execute()
    by_sku = {item.sku: item for item, _ in lines if item.sku}
    known = {product.sku for product in Product.select(Product.sku).where(Product.sku.in_(list(by_sku)))}
    for sku, item in sorted(by_sku.items()):  # in one sequence: other transactions lock the same products
        if sku not in known:
            insert_once(Product, sku=sku, name=item.name)
        said = {"repurchase_days": item.repurchase_days, "premium": item.premium}
        said = {name: value for name, value in said.items() if value is not None}
        if said:
            Product.update(**said).where(Product.sku == sku).execute()


def _change_state(purchase: Purchase, before: tuple[str, ...], state: str, **also: Any) -> bool:
    require_transaction()
    changed = (
        Purchase.update(state=state, **also)
        .where(Purchase.id == purchase.id, Purchase.state.in_(before))
        .execute()
    )
    if changed != 1:
        return False
    purchase.state = state
    if purchase.customer is not None:
        refresh(purchase.customer)
    return True


def _with_customer(purchase: Purchase, customer: Customer, credited_at: datetime) -> Purchase:
    purchase.customer, purchase.credited_at = customer, credited_at
    return purchase
