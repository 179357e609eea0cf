"""Conditions of queries over customers by what they had bought by a day, for the lists behind figures.

Each asks one customer's purchases alone, by their index, so that a page of a list stops when it is full. What the
figures count is in `sales.py`, `repurchase.py` and `cohorts.py`.
"""

from datetime import date, timedelta
from typing import Any

from peewee import SQL, Value, fn

from customers.figures.bought import days_between
from customers.figures.histories import YEAR_DAYS
from customers.figures.repurchase import WITHIN_DAYS, matured_window
from customers.figures.sales import CLASS_BOUNDS, GOAL_ORDERS, GOAL_YEN
from customers.orders.purchases import is_purchase
from customers.orders.tables import Purchase, PurchaseItem
from customers.people.customer import Customer
from customers.values import windows
from customers.values.windows import Window

FEW_LINES = 20_000
"""Up to so many lines of orders, reading all of a product is faster than walking the customers."""


def ids(condition: Any) -> Any:
    """The query of the ids of customers whom the condition holds of."""
    return Customer.select(Customer.id).where(condition)


def bought_in(window: Window) -> Any:
    """Bought on these days."""
    return fn.EXISTS(_purchases(Value(1)).where(Purchase.ordered_on.between(window.first_on, window.last_on)))


def bought_first_in(window: Window) -> Any:
    """Bought first on these days."""
    earlier = _purchases(Value(1)).where(Purchase.ordered_on < window.first_on)
    # The cached day of the first purchase saves asking for most customers.
    first = Customer.first_purchased_on.between(window.first_on, window.last_on)
    return first & bought_in(window) & ~fn.EXISTS(earlier)


def has_orders(count: int, on: date) -> Any:
    """Had made at least so many purchases by that day."""
    # The cached count is of all days, so it is never less, and saves counting most customers.
    return (Customer.purchase_count >= count) & (_up_to(on, fn.COUNT(Purchase.id)) >= count)


def reached_goal(on: date) -> Any:
    """Bought for at least ¥18,000 in at least three purchases of the last 12 months."""
    year = windows.year(on)
    return (_within(year, fn.COUNT(Purchase.id)) >= GOAL_ORDERS) & (_within(year, _yen()) >= GOAL_YEN)


def stayed(on: date) -> Any:
    """Bought in the 12 months before, and in the last 12 months too."""
    return bought_in(windows.year_before(on)) & bought_in(windows.year(on))


def of_year_class(place: int, on: date) -> Any:
    """Bought for an amount of that class in the last 12 months."""
    return _of_class(_within(windows.year(on), _yen()), place)


def of_matured_class(place: int, on: date) -> Any:
    """Bought first at least 365 days ago, and for an amount of that class in the first 365 days."""
    orders = (
        _purchases(Purchase.ordered_on)
        .select_extend(
            (Purchase.total_yen - Purchase.refunded_yen).alias("yen"),
            fn.MIN(Purchase.ordered_on).over(partition_by=[Purchase.customer]).alias("first_on"),
        )
        .where(Purchase.ordered_on <= on)
        .alias("orders")
    )
    in_first_year = SQL(f"{days_between('orders.ordered_on', 'orders.first_on')} < {YEAR_DAYS}")
    amount = Purchase.select(fn.COALESCE(fn.SUM(orders.c.yen), 0)).from_(orders).where(in_first_year)
    return is_matured(on) & _of_class(amount, place)


def is_matured(on: date) -> Any:
    """Bought first at least 365 days ago."""
    last_on = on - timedelta(days=YEAR_DAYS)
    return fn.EXISTS(_purchases(Value(1)).where(Purchase.ordered_on <= last_on))


def of_step(place: int, on: date, *, came_back: bool, matured: bool = False) -> Any:
    """Made the order of that number by that day, and the following one too, or not. With `matured`: the order was in
    the window of the matured rate, and the following one came within 180 days, or did not."""
    order: dict[str, Any] = {"order_by": [Purchase.ordered_on]}
    orders = (
        _purchases(Purchase.ordered_on)
        .select_extend(
            fn.ROW_NUMBER().over(**order).alias("place"),
            fn.LEAD(Purchase.ordered_on).over(**order).alias("next_on"),
        )
        .where(Purchase.ordered_on <= on)
        .alias("steps")
    )
    has_next = orders.c.next_on.is_null(False)
    if matured:
        has_next &= SQL(f"{days_between('steps.next_on', 'steps.ordered_on')} <= {WITHIN_DAYS}")
    wanted = (orders.c.place == place) & (has_next if came_back else ~has_next)
    if matured:
        window = matured_window(on)
        wanted &= orders.c.ordered_on.between(window.first_on, window.last_on)
    found = Purchase.select(Value(1)).from_(orders).where(wanted)
    return (Customer.purchase_count >= place) & fn.EXISTS(found)


def bought_again(sku: str, on: date) -> Any:
    """Bought the product of that code again, on a later day, in the last 12 months."""
    ours = is_purchase() & (PurchaseItem.sku == sku) & (Purchase.ordered_on <= on)
    again = fn.MAX(Purchase.ordered_on) > fn.MIN(Purchase.ordered_on)
    lately = fn.MAX(Purchase.ordered_on) >= windows.year(on).first_on

    def of(column: Any, condition: Any) -> Any:
        orders = PurchaseItem.select(column).join(Purchase).where(ours, condition)
        return orders.group_by(Purchase.customer).having(again, lately)

    sold = PurchaseItem.select(Value(1)).where(PurchaseItem.sku == sku).limit(FEW_LINES + 1)
    if len(sold.tuples()) <= FEW_LINES:
        return Customer.id.in_(of(Purchase.customer, Purchase.customer.is_null(False)))
    # The cached count saves asking for most customers.
    return (Customer.purchase_count >= 2) & fn.EXISTS(of(Value(1), Purchase.customer == Customer.id))


def _of_class(amount: Any, place: int) -> Any:
    bounds = (1, *CLASS_BOUNDS)
    condition = amount >= bounds[place]
    return condition & (amount < bounds[place + 1]) if place + 1 < len(bounds) else condition


def _within(window: Window, what: Any) -> Any:
    return _purchases(what).where(Purchase.ordered_on.between(window.first_on, window.last_on))


def _up_to(on: date, what: Any) -> Any:
    return _purchases(what).where(Purchase.ordered_on <= on)


def _yen() -> Any:
    return fn.COALESCE(fn.SUM(Purchase.total_yen - Purchase.refunded_yen), 0)


def _purchases(what: Any) -> Any:
    return Purchase.select(what).where(Purchase.customer == Customer.id, is_purchase())
