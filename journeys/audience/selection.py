"""Finds the customers of an audience who can be written to: how many, a page of them, or all in chunks.

What a filter means is in `definition.py`, what it is called in `sentences.py`, and which filters cannot be meant
in `faults.py`. Rank, segment and stage are read from the profile (`tables.py`): somebody without one yet, who
came in the last minute, is in no filter of these.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import peewee
from peewee import JOIN, fn

from bot import localtime
from bot.db.database import is_postgres, stored
from bot.db.value_lists import is_one_of
from customers.orders import product_codes
from customers.orders.purchases import is_purchase
from customers.orders.tables import Purchase, PurchaseItem
from customers.people import customer as customers
from customers.people import customer_tags
from customers.people.customer import Customer
from customers.people.customer_tags import CustomerTag
from journeys.audience.definition import Audience
from journeys.audience.tables import CustomerProfile
from journeys.enrolments.tables import INSIDE, Enrolment
from journeys.flows.field_types import RANKS
from journeys.flows.tables import Flow
from journeys.links.tables import LinkClick, ShortLink

_RECIPIENTS: Any = peewee.Table("campaign_recipient", ("customer_id", "state", "settled_at"))
"""Of `journeys/campaigns/tables.py`, which is built on audiences and so cannot be imported here."""
NEAR = 20_000
"""How many of the next customers are tried for a page one after the other."""


class Selected(NamedTuple):
    """A customer of an audience, and their conversation."""

    customer_id: int
    conversation_id: int


def query(audience: Audience, now: datetime | None = None) -> Any:
    """Query of (customer id, conversation id) of those in the audience who can be written to, in no particular order.

    `now` is the moment from which days are counted. `columns(…)` of the query may ask for others of `Customer`,
    for an `INSERT … SELECT`. For parts of a large audience see `chunk`.
    """
    return _query(audience, now or localtime.now(), is_walk=False)


def chunk(audience: Audience, after_id: int, limit: int, now: datetime | None = None) -> Any:
    """As `query`, for the next `limit` of them by customer id, after that id: each chunk costs what it holds, so that
    a walk over all is linear."""
    found = _query(audience, now or localtime.now(), is_walk=True)
    return found.where(Customer.id > after_id).order_by(Customer.id).limit(limit)


def count(audience: Audience, now: datetime | None = None) -> int:
    """How many can be written to.

    SQLite finds those of a set more quickly than it asks of each customer of the shop whether they are in it, so where
    an audience only leaves some out, these are counted and taken off.
    """
    now = now or localtime.now()
    if is_postgres() or any(is_in for is_in, _, _ in _of_others(audience, now, is_set=True)):
        return _counted(query(audience, now))
    found, left_out = _parts(audience, now, is_walk=False)
    return _counted(found) - (_counted(found.where(reduce(or_, left_out))) if left_out else 0)


def first(audience: Audience, limit: int, after_id: int = 0, now: datetime | None = None) -> list[Selected]:
    """A page of the audience, by customer id, from the one after `after_id`.

    Tries the next customers first; where few of those are in the audience, searching all is quicker.
    """
    now = now or localtime.now()
    near = _selected(chunk(audience, after_id, limit, now).where(Customer.id <= after_id + NEAR))
    if len(near) == limit:
        return near
    beyond = near[-1].customer_id if near else after_id
    rest = query(audience, now).where(Customer.id > beyond).order_by(Customer.id).limit(limit - len(near))
    return near + _selected(rest)


def ids_after(audience: Audience, after_id: int, limit: int, now: datetime | None = None) -> list[Selected]:
    """The next chunk of the audience, by customer id, for a walk over all of it; empty at its end."""
    return _selected(chunk(audience, after_id, limit, now))


def _selected(found: Any) -> list[Selected]:
    return [Selected(customer_id, conversation_id) for customer_id, conversation_id in found.tuples()]


def _counted(found: Any) -> int:
    return int(found.columns(fn.COUNT(Customer.id)).scalar())


def _query(audience: Audience, now: datetime, *, is_walk: bool) -> Any:
    found, left_out = _parts(audience, now, is_walk=is_walk)
    return found.where(*(~each for each in left_out)) if left_out else found


def _parts(audience: Audience, now: datetime, *, is_walk: bool) -> tuple[Any, list[Any]]:
    """Query of those in whom all is found that must be, and the conditions that leave some of them out."""
    # SQLite has no figures of the tables unless somebody asks it for some, so the form of the query is its plan: for
    # a walk, one customer after the other; else the sets of the others' customers. PostgreSQL plans for itself.
    is_set = not is_walk and not is_postgres()
    conditions = list(_of_customer(audience, now, is_walk=is_walk))
    left_out: list[Any] = []
    for is_in, column, those in _of_others(audience, now, is_set=is_set):
        condition: Any
        if is_set:
            condition = Customer.id.in_(those.where(column.is_null(False)))
        else:
            condition = fn.EXISTS(those.where(column == Customer.id))
        (conditions if is_in else left_out).append(condition)
    found = Customer.select(Customer.id, Customer.conversation).where(
        customers.can_be_written_to(), *conditions
    )
    return found, left_out


def _of_profile(audience: Audience) -> Iterable[Any]:
    if audience.ranks:
        yield CustomerProfile.rank.in_([RANKS.index(rank) + 1 for rank in audience.ranks])
    if audience.segments:
        answered = CustomerProfile.segment.in_(audience.segments)
        yield answered | CustomerProfile.segment.is_null() if audience.silent else answered
    elif audience.silent:
        yield CustomerProfile.segment.is_null()
    if audience.stages:
        yield CustomerProfile.stage.in_(audience.stages)


def _of_customer(audience: Audience, now: datetime, *, is_walk: bool) -> Iterable[Any]:
    today = localtime.local_date(now)
    last_on: Any = Customer.last_purchased_on
    if is_walk and not is_postgres():
        last_on = peewee.NodeList((peewee.SQL("+"), last_on))  # so that SQLite does not go by its index
    for column, least, most in (
        (Customer.purchase_count, audience.min_orders, audience.max_orders),
        (Customer.sales_yen, audience.min_sales_yen, audience.max_sales_yen),
        (
            last_on,
            _days_before(today, audience.max_days_since_order),
            _days_before(today, audience.min_days_since_order),
        ),
    ):
        if least is not None:
            yield peewee.Expression(column, peewee.OP.GTE, least)
        if most is not None:
            yield peewee.Expression(column, peewee.OP.LTE, most)
    if audience.joined_within_days is not None:
        since = now - timedelta(days=audience.joined_within_days)
        is_unregistered = Customer.registered_at.is_null()
        yield (Customer.registered_at >= since) | (is_unregistered & (Customer.first_seen_at >= since))
    if audience.customer_ids:
        yield is_one_of(Customer.id, audience.customer_ids)


def _of_others(audience: Audience, now: datetime, *, is_set: bool) -> Iterable[tuple[bool, Any, Any]]:
    """What other tables hold of the customer: whether it must be so, the column of the customer, the rows."""
    if profile := list(_of_profile(audience)):
        yield True, CustomerProfile.customer, CustomerProfile.select(CustomerProfile.customer).where(*profile)
    if audience.bought_products:
        yield True, Purchase.customer, _purchases_of(audience.bought_products, is_set=is_set)
    if audience.not_bought_products:
        yield False, Purchase.customer, _purchases_of(audience.not_bought_products, is_set=is_set)
    if audience.tags:
        yield True, CustomerTag.customer, _tagged(audience.tags)
    if audience.not_tags:
        yield False, CustomerTag.customer, _tagged(audience.not_tags)
    if audience.clicked_within_days is not None:
        since = now - timedelta(days=audience.clicked_within_days)
        yield True, ShortLink.customer, _clicks_since(since, is_set=is_set)
    if audience.not_clicked_within_days is not None:
        since = now - timedelta(days=audience.not_clicked_within_days)
        yield False, ShortLink.customer, _clicks_since(since, is_set=is_set)
    if audience.not_in_campaigns_within_days is not None:
        since = now - timedelta(days=audience.not_in_campaigns_within_days)
        got = (_RECIPIENTS.state == "sent") & (_RECIPIENTS.settled_at >= stored(since))
        yield False, _RECIPIENTS.customer_id, _RECIPIENTS.select(_RECIPIENTS.customer_id).where(got)
    if audience.inside_flow is not None:
        flow = Flow.select(Flow.id).where(Flow.key == audience.inside_flow)
        inside = Enrolment.select(Enrolment.customer).where(
            Enrolment.flow == flow, Enrolment.state.in_(INSIDE)
        )
        yield True, Enrolment.customer, inside


def _purchases_of(codes: Iterable[str], *, is_set: bool) -> Any:
    skus = [sku for known in product_codes.spellings(codes).values() for sku in known]
    # SQLite goes through a CROSS JOIN as it is named: for a set of customers from the products' items.
    first, then = (PurchaseItem, Purchase) if is_set else (Purchase, PurchaseItem)
    orders = first.select(Purchase.customer).join(then, JOIN.CROSS)
    return orders.where(
        PurchaseItem.purchase == Purchase.id, is_purchase(), is_one_of(PurchaseItem.sku, skus)
    )


def _tagged(tags: Iterable[str]) -> Any:
    plain = [customer_tags.plain(tag) for tag in tags]
    return CustomerTag.select(CustomerTag.customer).where(is_one_of(CustomerTag.tag, plain))


def _clicks_since(since: datetime, *, is_set: bool) -> Any:
    first, then = (LinkClick, ShortLink) if is_set else (ShortLink, LinkClick)
    clicks = first.select(ShortLink.customer).join(then, JOIN.CROSS)
    return clicks.where(LinkClick.link == ShortLink.id, LinkClick.clicked_at >= since)


def _days_before(today: date, days: int | None) -> date | None:
    return None if days is None else today - timedelta(days=days)
