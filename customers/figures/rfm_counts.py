"""Counts the customers by classes of recency, frequency and money on two days, in one statement over all purchases, and
finds the people of a class. The classes are in `rfm.py`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import SQL, Case, fn

from customers.figures.rfm import BANDS, LOST_FROM, Axis, Band, Classes, Group
from customers.orders.purchases import is_purchase
from customers.orders.tables import Purchase
from customers.people.customer import Customer

NEAR = 20_000
"""How many of the next customers are searched for a page before all are."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Classes of customers on one day; an axis of None is not asked for."""

    on: date
    r: int | None = None
    f: int | None = None
    m: int | None = None
    is_new: bool = False
    """Instead: had bought nothing up to that day."""
    is_gone: bool | None = None
    """More than 180 days since the last purchase, or not; None is not asked for."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """Expressions of one customer's purchases up to a day."""

    last_on: Any
    count: Any
    yen: Any


def groups(earlier: date, later: date) -> list[Group]:
    """The groups of all customers on LINE who had bought up to the later day."""
    before, after = _sums_up_to(earlier), _sums_up_to(later)
    per_customer = (
        _purchases(later)
        .select(
            before.last_on.alias("last_before"),
            before.count.alias("count_before"),
            before.yen.alias("yen_before"),
            after.last_on.alias("last_after"),
            after.count.alias("count_after"),
            after.yen.alias("yen_after"),
        )
        .group_by(Purchase.customer)
        .alias("each")
    )
    each = per_customer.c
    then = [_class(axis, column, earlier) for axis, column in _columns(each, "before")]
    now = [_class(axis, column, later) for axis, column in _columns(each, "after")]
    names = [(part.alias(name)) for part, name in zip((*then, *now), "abcdef", strict=True)]
    rows: Any = (
        Purchase.select(*names, fn.COUNT(each.count_after), fn.SUM(each.yen_before), fn.SUM(each.yen_after))
        .from_(per_customer)
        .group_by(*(SQL(str(place)) for place in range(1, 7)))
        .tuples()
    )
    return [
        Group(
            Classes(int(r), int(f), int(m)) if f is not None else None,
            Classes(int(r_now), int(f_now), int(m_now)),
            int(people),
            int(yen_before),
            int(yen_after),
        )
        for r, f, m, r_now, f_now, m_now, people, yen_before, yen_after in rows
    ]


def people(*sought: Sought) -> Any:
    """Query of the customers who are in all these classes, each on its day."""
    latest = max(each.on for each in sought)
    conditions = [condition for each in sought for condition in _conditions(each)]
    found = _purchases(latest).select(Purchase.customer).group_by(Purchase.customer)
    return found.having(*conditions) if conditions else found


def page(sought: tuple[Sought, ...], after_id: int, limit: int) -> list[int]:
    """The next of these customers by id. The next ones by id are searched first; where few of those are among them,
    all are."""
    query = people(*sought).order_by(Purchase.customer)
    near = _ids(query.where(Purchase.customer > after_id, Purchase.customer <= after_id + NEAR).limit(limit))
    if len(near) == limit:
        return near
    beyond = near[-1] if near else after_id
    rest = query.where(Purchase.customer > max(beyond, after_id + NEAR))
    if candidates := _candidates(sought):
        rest = rest.where(Purchase.customer.in_(Customer.select(Customer.id).where(*candidates)))
    return near + _ids(rest.limit(limit - len(near)))


def _candidates(sought: tuple[Sought, ...]) -> list[Any]:
    """What the customer's own row says of everybody sought; most others are left out by it. The row counts all
    purchases, whatever their day."""
    found: list[Any] = []
    for each in sought:
        if each.f:
            found.append(Customer.purchase_count >= BANDS[Axis.FREQUENCY][each.f].first)
        if each.m:
            found.append(Customer.sales_yen >= BANDS[Axis.MONEY][each.m].first)
    return found


def _ids(query: Any) -> list[int]:
    return [customer_id for (customer_id,) in query.tuples()]


def _purchases(until: date) -> Any:
    return Purchase.select().where(
        is_purchase(), Purchase.customer.is_null(is_null=False), Purchase.ordered_on <= until
    )


def _sums_up_to(day: date) -> _Sums:
    known = Purchase.ordered_on <= day
    net = Purchase.total_yen - Purchase.refunded_yen
    return _Sums(
        fn.MAX(Case(None, [(known, Purchase.ordered_on)])),
        fn.SUM(Case(None, [(known, 1)], 0)),
        fn.SUM(Case(None, [(known, net)], 0)),
    )


def _columns(each: Any, when: str) -> list[tuple[Axis, Any]]:
    return [
        (Axis.RECENCY, getattr(each, f"last_{when}")),
        (Axis.FREQUENCY, getattr(each, f"count_{when}")),
        (Axis.MONEY, getattr(each, f"yen_{when}")),
    ]


def _class(axis: Axis, column: Any, day: date) -> Any:
    """The class as SQL; NULL for who had bought nothing."""
    whens = [(_is_in(axis, column, band, day), SQL(str(place))) for place, band in enumerate(BANDS[axis])]
    return Case(None, whens)


def _is_in(axis: Axis, column: Any, band: Band, day: date) -> Any:
    if axis is Axis.RECENCY:
        is_recent = column <= day - timedelta(days=band.first)
        return is_recent if band.last is None else is_recent & (column >= day - timedelta(days=band.last))
    is_many = column >= band.first
    return is_many if band.last is None else is_many & (column <= band.last)


def _conditions(sought: Sought) -> list[Any]:
    sums = _sums_up_to(sought.on)
    if sought.is_new:
        return [sums.count == 0]
    found = [sums.count > 0]
    for axis, column, place in (
        (Axis.RECENCY, sums.last_on, sought.r),
        (Axis.FREQUENCY, sums.count, sought.f),
        (Axis.MONEY, sums.yen, sought.m),
    ):
        if place is not None:
            found.append(_is_in(axis, column, BANDS[axis][place], sought.on))
    if sought.is_gone is not None:
        border = sought.on - timedelta(days=BANDS[Axis.RECENCY][LOST_FROM].first)
        found.append(sums.last_on <= border if sought.is_gone else sums.last_on > border)
    return found
