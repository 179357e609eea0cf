"""Finds the customers whose trigger happened in the last days, to take them into a flow that is switched on now, and
asks for their entry.

Triggers of customers, orders, tags and clicks are answered here; those of ranks, scores and testimonials by a query
of the caller's (`console/journeys/triggers_of_other_domains.py`), since domains do not read each other's tables.
Customers who cannot be written to unasked, or who were in the flow before, are left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import peewee
from peewee import fn

from bot import localtime
from bot.conversations import Conversation
from bot.queue import inbox
from bot.queue.inbox import NewEvent
from bot.routing import event_kinds
from customers.orders.purchases import is_purchase
from customers.orders.tables import Purchase, PurchaseItem
from customers.people import customer_tags
from customers.people.customer import Customer
from customers.people.customer_tags import CustomerTag
from journeys.enrolments import requests
from journeys.enrolments.tables import Enrolment
from journeys.flows.definition import Event
from journeys.flows.occurrences import On
from journeys.flows.tables import Flow
from journeys.links.tables import LinkClick, ShortLink

CHUNK = 500
"""How many entries are asked for in one transaction."""
MOST_AT_ONCE = 10_000
"""How many customers one query finds."""
NO_ORDER = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer who can be taken in."""

    id: int
    key: str
    """Of their conversation."""
    line_user_id: str | None
    order_number: str | None
    """The order that triggered it, if it was one."""


def triggered(event: Event, flow_key: str, days: int) -> Any | None:
    """A query of the customers to whom the event happened in the last so many days, each once: `customer_id`, and
    as `purchase_id` the newest order that did it, if it was one. None for events that are not known here."""
    since, today = localtime.now() - timedelta(days=days), localtime.today()
    match event.on:
        case On.FOLLOW:  # the first time: an old friend who comes back is no newcomer
            return _customers().where(Customer.registered_at >= since)
        case On.ORDER:
            return _orders(event, days)
        case On.RECENCY:
            last_on = today - timedelta(days=event.days or 0)
            bought_on = Customer.last_purchased_on
            return _customers().where(bought_on > last_on - timedelta(days=days), bought_on <= last_on)
        case On.TAG:
            tagged = (CustomerTag.tag == customer_tags.plain(event.tag or "")) & (CustomerTag.set_at >= since)
            return CustomerTag.select(_who(CustomerTag), _no_order()).where(tagged)
        case On.CLICK:
            clicked = (ShortLink.flow_key == (event.flow or flow_key)) & (LinkClick.clicked_at >= since)
            if event.step:
                clicked &= ShortLink.step_key == event.step
            query = ShortLink.select(_who(ShortLink), _no_order()).join(LinkClick)
            return query.where(clicked).distinct()
    return None


def ids(triggered_query: Any, flow: Flow) -> list[int]:
    """All of these customers who can be taken in."""
    return [customer_id for (customer_id,) in _able(triggered_query, flow, Customer.id).tuples()]


def candidates(triggered_query: Any, flow: Flow, after_id: int = 0) -> list[Candidate]:
    """The next of the customers who can be taken in, by their ids; fewer than MOST_AT_ONCE when these are all."""
    columns = (Customer.id, Conversation.key, Conversation.line_user_id, Purchase.order_number)
    query = _able(triggered_query, flow, *columns).where(Customer.id > after_id)
    return [Candidate(*row) for row in query.order_by(Customer.id).limit(MOST_AT_ONCE).tuples()]


def request_entries(flow: Flow, customers: Sequence[Candidate]) -> int:
    """Store the requests that these customers enter, in the open transaction, once for each customer and day, or
    order; how many were new."""
    return inbox.store([_request(flow, each) for each in customers])


def _request(flow: Flow, customer: Candidate) -> NewEvent:
    """As `requests.request_entry` stores one. An order is its own cause, so that it makes nobody enter twice."""
    now, order = localtime.now(), customer.order_number
    cause = f"order:{order}" if order else f"taken-in:{localtime.today()}"
    body = {"type": event_kinds.FLOW_ENTRY_REQUESTED, "flow": flow.id, "cause": cause}
    return NewEvent(
        requests.entry_event_id(flow.id, customer.id, cause),
        customer.key,
        customer.line_user_id,
        event_kinds.FLOW_ENTRY_REQUESTED,
        json.dumps(body),
        now,
        now,
    )


def _able(triggered_query: Any, flow: Flow, *columns: Any) -> Any:
    """Those of the customers who can be written to and were never in the flow."""
    who = triggered_query.alias("triggered")
    been = Enrolment.select().where(Enrolment.customer == Customer.id, Enrolment.flow == flow.id)
    known_on_line = Customer.followed_at.is_null(False) | Customer.last_seen_at.is_null(False)
    return (
        Customer.select(*columns)
        .join(who, on=Customer.id == who.c.customer_id)
        .switch(Customer)
        .join(Conversation, on=Customer.conversation == Conversation.id)
        .join(Purchase, peewee.JOIN.LEFT_OUTER, on=Purchase.id == who.c.purchase_id)
        .where(
            known_on_line,
            Customer.line_user_id.is_null(False),
            Customer.blocked_at.is_null(),
            Customer.opted_out_at.is_null(),
            ~fn.EXISTS(been),
        )
    )


def _no_order() -> Any:
    return peewee.Value(NO_ORDER).cast("integer").alias("purchase_id")


def _who(model: Any) -> Any:
    return model.customer_id.alias("customer_id")


def _customers() -> Any:
    return Customer.select(Customer.id.alias("customer_id"), _no_order())


def _orders(event: Event, days: int) -> Any:
    """The newest order of the last days of each customer that the event means."""
    wanted = (Purchase.ordered_on > localtime.today() - timedelta(days=days)) & is_purchase()
    wanted &= Purchase.customer.is_null(False)
    if event.nth is not None:
        older = Purchase.alias()
        counted = (older.customer == Purchase.customer) & is_purchase(older)
        before = (older.ordered_at < Purchase.ordered_at) | (
            (older.ordered_at == Purchase.ordered_at) & (older.id <= Purchase.id)
        )
        wanted &= older.select(fn.COUNT(older.id)).where(counted, before) == event.nth
    if event.products:
        items = PurchaseItem.select().where(
            PurchaseItem.purchase == Purchase.id, PurchaseItem.sku.in_(event.products)
        )
        wanted &= fn.EXISTS(items)
    newest = fn.MAX(Purchase.id).alias("purchase_id")
    return Purchase.select(_who(Purchase), newest).where(wanted).group_by(Purchase.customer_id)
