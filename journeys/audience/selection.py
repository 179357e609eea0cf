"""Finds the customers of an audience who can be written to: how many, a page of them, or all in chunks.

What a filter means is in `definition.py`, what it is called in `sentences.py`, and which filters cannot be meant
in `faults.py`. Rank, segment and stage are read from the profile (`tables.py`): somebody without one yet, who
came in the last minute, is in no filter of these.
"""

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import peewee
from peewee import fn

from bot import localtime
from bot.db.database import is_postgres, stored
from customers.orders import product_codes
from customers.orders.tables import PAID, Purchase, PurchaseItem
from customers.people import customer_tags
from customers.people.customer import Customer
from customers.people.customer_tags import CustomerTag
from journeys.audience.definition import Audience
from journeys.audience.tables import CustomerProfile
from journeys.enrolments.tables import INSIDE, Enrolment
from journeys.flows.field_types import RANKS
from journeys.flows.tables import Flow
from journeys.links.tables import LinkClick, ShortLink

_RECIPIENTS = peewee.Table("campaign_recipient", ("customer_id", "state", "settled_at"))
"""Of `journeys/campaigns/tables.py`, which is built on audiences and so cannot be imported here."""


class Selected(NamedTuple):
    """A customer of an audience, and their conversation."""

    customer_id: int
    conversation_id: int


def query(audience: Audience, now: datetime | None = None) -> Any:
    """Query of (customer id, conversation id) of those in the audience who can be written to, in no particular order.

    `now` is the moment from which days are counted. `columns(…)` of the query may ask for others of `Customer`,
    for an `INSERT … SELECT`.
    """
    now = now or localtime.now()
    found = Customer.select(Customer.id, Customer.conversation).where(can_be_written_to())
    if audience.ranks or audience.segments or audience.silent or audience.stages:
        found = found.join(CustomerProfile, on=(CustomerProfile.customer == Customer.id))
    conditions = [*_of_profile(audience), *_of_customer(audience, now), *_of_others(audience, now)]
    return found.where(*conditions) if conditions else found


def count(audience: Audience, now: datetime | None = None) -> int:
    """How many can be written to."""
    return int(query(audience, now).columns(fn.COUNT(Customer.id)).scalar())


def first(audience: Audience, limit: int, after_id: int = 0, now: datetime | None = None) -> list[Selected]:
    """A page of the audience, by customer id, from the one after `after_id`."""
    page = query(audience, now).where(Customer.id > after_id).order_by(Customer.id).limit(limit)
    return [Selected(customer_id, conversation_id) for customer_id, conversation_id in page.tuples()]


def ids_after(audience: Audience, after_id: int, limit: int, now: datetime | None = None) -> list[Selected]:
    """The next chunk of the audience, by customer id, for a walk over all of it; empty at its end."""
    return first(audience, limit, after_id, now)


def can_be_written_to() -> Any:
    """Condition on customers: on LINE with us, neither blocking us nor opted out of messages."""
    return (
        Customer.conversation.is_null(False)
        & Customer.line_user_id.is_null(False)
        & Customer.blocked_at.is_null()
        & Customer.opted_out_at.is_null()
        & (Customer.followed_at.is_null(False) | Customer.last_seen_at.is_null(False))
    )


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


def _of_customer(audience: Audience, now: datetime) -> Iterable[Any]:
    today = localtime.local_date(now)
    for column, least, most in (
        (Customer.purchase_count, audience.min_orders, audience.max_orders),
        (Customer.sales_yen, audience.min_sales_yen, audience.max_sales_yen),
        (
            Customer.last_purchased_on,
            _days_before(today, audience.max_days_since_order),
            _days_before(today, audience.min_days_since_order),
        ),
    ):
        if least is not None:
            yield column >= least
        if most is not None:
            yield column <= most
    if audience.joined_within_days is not None:
        since = now - timedelta(days=audience.joined_within_days)
        is_unregistered = Customer.registered_at.is_null()
        yield (Customer.registered_at >= since) | (is_unregistered & (Customer.first_seen_at >= since))
    if audience.customer_ids:
        yield _is_one_of(Customer.id, audience.customer_ids)


def _of_others(audience: Audience, now: datetime) -> Iterable[Any]:
    """Conditions on what other tables hold of the customer."""
    if audience.bought_products:
        yield fn.EXISTS(_purchases_of(audience.bought_products))
    if audience.not_bought_products:
        yield ~fn.EXISTS(_purchases_of(audience.not_bought_products))
    if audience.tags:
        yield fn.EXISTS(_tagged(audience.tags))
    if audience.not_tags:
        yield ~fn.EXISTS(_tagged(audience.not_tags))
    if audience.clicked_within_days is not None:
        yield fn.EXISTS(_clicks_since(now - timedelta(days=audience.clicked_within_days)))
    if audience.not_clicked_within_days is not None:
        yield ~fn.EXISTS(_clicks_since(now - timedelta(days=audience.not_clicked_within_days)))
    if audience.not_in_campaigns_within_days is not None:
        since = now - timedelta(days=audience.not_in_campaigns_within_days)
        got = (_RECIPIENTS.state == "sent") & (_RECIPIENTS.settled_at >= stored(since))
        theirs = _RECIPIENTS.customer_id == Customer.id
        yield ~fn.EXISTS(_RECIPIENTS.select(peewee.SQL("1")).where(theirs, got))
    if audience.inside_flow is not None:
        flow = Flow.select(Flow.id).where(Flow.key == audience.inside_flow)
        inside = Enrolment.state.in_(INSIDE) & Enrolment.flow.in_(flow)
        yield fn.EXISTS(_one(Enrolment).where(Enrolment.customer == Customer.id, inside))


def _purchases_of(codes: Iterable[str]) -> Any:
    skus = [sku for known in product_codes.spellings(codes).values() for sku in known]
    return (
        _one(Purchase)
        .join(PurchaseItem, on=(PurchaseItem.purchase == Purchase.id))
        .where(Purchase.customer == Customer.id, Purchase.state == PAID, _is_one_of(PurchaseItem.sku, skus))
    )


def _tagged(tags: Iterable[str]) -> Any:
    plain = [customer_tags.plain(tag) for tag in tags]
    return _one(CustomerTag).where(CustomerTag.customer == Customer.id, _is_one_of(CustomerTag.tag, plain))


def _clicks_since(since: datetime) -> Any:
    return (
        _one(ShortLink)
        .join(LinkClick, on=(LinkClick.link == ShortLink.id))
        .where(ShortLink.customer == Customer.id, LinkClick.clicked_at >= since)
    )


def _one(model: type[peewee.Model]) -> Any:
    return model.select(peewee.SQL("1"))


def _days_before(today: Any, days: int | None) -> Any:
    return None if days is None else today - timedelta(days=days)


def _is_one_of(column: Any, values: Collection[int] | Collection[str]) -> Any:
    """Whether the column is one of the values, bound as a single one: a list may be longer than the number of values
    that a database binds."""
    if is_postgres():
        return peewee.NodeList((column, peewee.SQL("= ANY(%s)", (list(values),))))
    return column.in_(peewee.SQL("(SELECT value FROM json_each(?))", (json.dumps(list(values)),)))
