"""Finds the customers who come due for an individual message, once for each lapse, and stores them with their side of
the comparison. In chunks, each with a constant number of statements.

Which window is whose is in `rules.py`; who is held out is decided before anything else is asked of them
(`journeys/proof/assignment.py`). When it is searched is `handlers/contact_jobs.py`'s.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from bot import localtime
from bot.config import shop
from bot.db.database import insert_once, require_transaction
from customers.orders.purchases import is_purchase
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.people import staff_lines
from customers.people.customer import Customer
from customers.values import windows
from journeys.contacts import rules
from journeys.contacts.rules import Window
from journeys.contacts.settings import ContactRules, configured_percent
from journeys.contacts.tables import DUE, HELD_OUT, SUBJECT, Contact, ContactDay
from journeys.proof import assignment
from journeys.proof.assignment import BY_SHOP

FEWEST_ORDERS = 2


@dataclass(slots=True)
class _Orders:
    """What one customer bought: order days, the sales of the last year, and their newest order."""

    days: list[date] = field(default_factory=list)
    year_yen: int = 0
    newest_id: int = 0
    newest: tuple[datetime, int] | None = None


def window() -> Window:
    """The window of products without repurchase days."""
    given = shop.get(ContactRules)
    return Window(given.from_days, given.until_days)


def days_to_search(today: date) -> list[tuple[date, bool]]:
    """The days on which somebody bought last who may be due today; with each, whether only those count whose products
    have repurchase days of their own."""
    usual, found = window(), {}
    cycles: Any = Product.select(Product.repurchase_days).where(Product.repurchase_days > 0).distinct()
    for (cycle,) in [(None,), *cycles.tuples()]:
        each = usual.of_product(cycle)
        for days in range(each.from_days, each.until_days):
            found[days] = not usual.from_days <= days < usual.until_days
    query: Any = Customer.select(Customer.last_purchased_on).distinct()
    window_days = (today - timedelta(days=max(found)), today - timedelta(days=min(found)))
    bought = {day for (day,) in query.where(Customer.last_purchased_on.between(*window_days)).tuples()}
    days_ago = ((today - timedelta(days=days), only) for days, only in sorted(found.items()))
    return [(day, only) for day, only in days_ago if day in bought]


def candidates(day: date, limit: int, *, only_cycles: bool, today: date) -> Iterator[list[int]]:
    """In chunks, the repeat buyers on LINE who bought last on that day and are not stored for it yet."""
    known = Contact.select(Contact.id).where(
        Contact.customer == Customer.id, Contact.purchased_on == Customer.last_purchased_on
    )
    wanted = (
        (Customer.last_purchased_on == day)
        & (Customer.purchase_count >= FEWEST_ORDERS)
        & Customer.conversation.is_null(is_null=False)
        & Customer.line_user_id.is_null(is_null=False)
        & ~fn.EXISTS(known)
    )
    if only_cycles:
        wanted &= fn.EXISTS(_bought_with_open_window(day, (today - day).days))
    query: Any = Customer.select(Customer.id).order_by(Customer.id).limit(limit)
    after = 0
    while found := [each for (each,) in query.where(wanted, Customer.id > after).tuples()]:
        yield found
        after = found[-1]


def was_searched(today: date) -> bool:
    """Whether those who are due on that day were searched for."""
    return bool(
        ContactDay.select().where(ContactDay.day == today, ContactDay.found_at.is_null(False)).exists()
    )


def record_searched(today: date) -> None:
    """Those who are due on that day are all stored."""
    require_transaction()
    insert_once(ContactDay, day=today)
    ContactDay.update(found_at=localtime.now()).where(ContactDay.day == today).execute()


def store(customer_ids: Sequence[int], today: date) -> int:
    """Store those of these customers whose window is open, each once for their last order; how many."""
    require_transaction()
    rows = _rows(customer_ids, today)
    if not rows:
        return 0
    return int(Contact.insert_many(rows).on_conflict_ignore().as_rowcount().execute())


def _rows(customer_ids: Sequence[int], today: date) -> list[dict[str, Any]]:
    orders, now, usual_window = _orders_of(customer_ids, today), localtime.now(), window()
    items = _items_of([each.newest_id for each in orders.values()])
    left_out = _contacted_since(customer_ids, now - timedelta(days=usual_window.from_days))
    left_out |= staff_lines.of_all_staff()
    rows: list[dict[str, Any]] = []
    for customer_id, each in orders.items():
        name, cycle = rules.product_of(items.get(each.newest_id, ()))
        own, bought_on = usual_window.of_product(cycle), max(each.days)
        if len(each.days) < FEWEST_ORDERS or customer_id in left_out or not own.is_open(bought_on, today):
            continue
        rows.append(
            {
                "customer": customer_id,
                "purchase_id": each.newest_id,
                "purchased_on": bought_on,
                "due_on": own.begins_on(bought_on),
                "until_on": own.ends_on(bought_on),
                "usual_days": rules.usual_days(each.days),
                "order_count": len(each.days),
                "year_yen": each.year_yen,
                "product_name": name[:255],
                "repurchase_days": cycle,
                "assigned_at": now,
            }
        )
    sides = assignment.sides(SUBJECT, [row["customer"] for row in rows], configured_percent())
    for row in rows:
        side = sides[row["customer"]]
        row["state"] = HELD_OUT if side.is_held_out else DUE
        row["reason"] = BY_SHOP if side.by_shop else ""
        row["ended_at"] = now if side.is_held_out else None
    return rows


def _orders_of(customer_ids: Sequence[int], today: date) -> dict[int, _Orders]:
    year = windows.year(today)
    net = Purchase.total_yen - Purchase.refunded_yen
    query: Any = Purchase.select(
        Purchase.customer, Purchase.id, Purchase.ordered_on, Purchase.ordered_at, net
    ).where(Purchase.customer.in_(list(customer_ids)), is_purchase())
    found: dict[int, _Orders] = defaultdict(_Orders)
    for customer_id, purchase_id, ordered_on, ordered_at, yen in query.tuples():
        each = found[customer_id]
        each.days.append(ordered_on)
        if ordered_on in year:
            each.year_yen += yen
        if each.newest is None or (ordered_at, purchase_id) > each.newest:
            each.newest, each.newest_id = (ordered_at, purchase_id), purchase_id
    return found


def _items_of(purchase_ids: Sequence[int]) -> dict[int, list[tuple[str, int | None]]]:
    name = fn.COALESCE(fn.NULLIF(PurchaseItem.name, ""), Product.name, "")
    query: Any = (
        PurchaseItem.select(PurchaseItem.purchase, name, Product.repurchase_days)
        .join(Product, JOIN.LEFT_OUTER, on=(Product.sku == PurchaseItem.sku))
        .where(PurchaseItem.purchase.in_(list(purchase_ids)))
        .order_by(PurchaseItem.id)
    )
    found: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    for purchase_id, said, days in query.tuples():
        found[purchase_id].append((said, days))
    return found


def _contacted_since(customer_ids: Sequence[int], since: datetime) -> set[int]:
    """Those to whom staff wrote since then, about an order that was reversed meanwhile."""
    query: Any = Contact.select(Contact.customer).where(
        Contact.customer.in_(list(customer_ids)), Contact.contacted_at > since
    )
    return {each for (each,) in query.tuples()}


def _bought_with_open_window(day: date, days: int) -> Any:
    """Query: an order of the customer on that day has a product whose own window is open."""
    usual = window()
    longest = usual.until_days - usual.from_days
    return (
        PurchaseItem.select(PurchaseItem.id)
        .join(Purchase)
        .join(Product, on=(Product.sku == PurchaseItem.sku))
        .where(
            Purchase.customer == Customer.id,
            Purchase.ordered_on == day,
            is_purchase(),
            Product.repurchase_days > days - longest,
            Product.repurchase_days <= days,
        )
    )
