"""Explains why a customer is not in a flow, as far as can be known afterwards.

Orders, tags, clicks and the day of following are known here; what happened to a customer elsewhere (a score, a
rank, a coupon) is passed in. Why a message inside a flow was not sent is in `trace.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from customers.orders.purchases import Purchase, PurchaseItem, is_purchase
from customers.people.customer import Customer
from customers.people.customer_tags import CustomerTag
from customers.people.tag_form import plain
from journeys.enrolments.matching import matches
from journeys.enrolments.tables import HELD_OUT, Enrolment
from journeys.flows.definition import Event, FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import DRAFT, OFF, PAUSED, Flow
from journeys.links.tables import LinkClick, ShortLink
from journeys.proof.assignment import BY_SHOP


class Reason(StrEnum):
    """Why a customer did not enter a flow."""

    NEVER_ON = "never-on"
    """The flow is a draft: it was never switched on."""
    IS_OFF = "off"
    IS_PAUSED = "paused"
    HELD_OUT = "held-out"
    """Triggered it and belongs to those it never writes to, so that its effect can be measured."""
    HELD_OUT_BY_SHOP = "held-out-by-shop"
    """Triggered it and belongs to those to whom no flow and no campaign of this year writes, for the same reason."""
    ENTERED_BEFORE = "entered-before"
    """Entered it at that time; the entry policy allows no further entry, or not yet."""
    BEFORE_START = "before-start"
    """What triggers it happened before the flow was on."""
    OTHER_ORDER = "other-order"
    """Ordered since then, and it was not the n-th order that the trigger asks for."""
    OTHER_PRODUCTS = "other-products"
    """Ordered since then, and none of the trigger's products."""
    NOT_MATCHING = "not-matching"
    """It happened since then, and was not what the trigger asks for: another score, rank, tag, step."""
    TRIGGERED = "triggered"
    """What triggers it happened since then, and no entry is stored."""
    NOT_TRIGGERED = "not-triggered"
    """Nothing that triggers it happened since it is on."""
    BY_HAND = "by-hand"
    """Only staff put customers in."""
    NOT_KNOWN = "not-known"
    """The flow is on; whether its trigger happened is not stored anywhere that is known here."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One reason, with when the thing happened that it is about and what it was (the order's number, its position,
    the tag), if anything."""

    reason: Reason
    at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to the customer, and when."""

    at: datetime
    occurrence: Occurrence


ELSEWHERE = frozenset({On.SCORE, On.RANK, On.TESTIMONIAL, On.REFERRAL_JOINED, On.REFERRAL_BOUGHT, On.COUPON})
"""Triggers that are facts of other domains: known where they are passed in."""


def reasons(
    customer: Customer, flow: Flow, definition: FlowDefinition, elsewhere: Sequence[Happened] | None = None
) -> list[WhyNot]:
    """Why the customer is not in the flow, the most telling first; never empty. `definition` is what is published.
    `elsewhere` is what else happened to the customer with a trigger of ELSEWHERE; None where that is not known."""
    found = [*_entries(customer, flow), *_of_the_flow(flow)]
    if flow.version_id is not None and not any(each.reason is Reason.NEVER_ON for each in found):
        found += _trigger(customer, flow, definition.trigger, elsewhere)
    return found


def _entries(customer: Customer, flow: Flow) -> list[WhyNot]:
    if not flow.id:
        return []
    mine = (Enrolment.customer == customer.id) & (Enrolment.flow == flow.id)
    return [
        WhyNot(_side(row), row.entered_at, row.cause)
        for row in Enrolment.select().where(mine).order_by(Enrolment.id.desc()).limit(10)
    ]


def _side(row: Enrolment) -> Reason:
    if row.state != HELD_OUT:
        return Reason.ENTERED_BEFORE
    return Reason.HELD_OUT_BY_SHOP if row.end_reason == BY_SHOP else Reason.HELD_OUT


def _of_the_flow(flow: Flow) -> list[WhyNot]:
    known = {DRAFT: Reason.NEVER_ON, OFF: Reason.IS_OFF, PAUSED: Reason.IS_PAUSED}
    if flow.version_id is None:
        return [WhyNot(Reason.NEVER_ON)]
    return [WhyNot(known[flow.state], flow.changed_at)] if flow.state in known else []


def _trigger(
    customer: Customer, flow: Flow, trigger: Event, elsewhere: Sequence[Happened] | None
) -> list[WhyNot]:
    """What the customer did that has to do with the trigger, against when the flow began."""
    match trigger.on:
        case On.HAND:
            return [WhyNot(Reason.BY_HAND)]
        case On.ORDER:
            return _orders(customer, flow, trigger)
        case On.FOLLOW:
            followed = customer.followed_at
            return _by_time(flow, [(followed, "")] if followed else [])
        case On.TAG:
            row = CustomerTag.get_or_none(
                CustomerTag.customer == customer.id, CustomerTag.tag == plain(trigger.tag or "")
            )
            return _by_time(flow, [(row.set_at, row.tag)] if row else [])
        case On.CLICK:
            return _by_time(flow, _clicks(customer, flow, trigger))
        case on if on in ELSEWHERE and elsewhere is not None:
            return _elsewhere(flow, trigger, [each for each in elsewhere if each.occurrence.on == on])
    return [WhyNot(Reason.NOT_KNOWN)]


def _by_time(flow: Flow, happened: Sequence[tuple[datetime, str]]) -> list[WhyNot]:
    """The newest thing that would have triggered the flow, before or since it began."""
    if not happened:
        return [WhyNot(Reason.NOT_TRIGGERED, flow.starts_at)]
    at, detail = max(happened)
    return [WhyNot(_before_or_since(flow, at), at, detail)]


def _before_or_since(flow: Flow, at: datetime) -> Reason:
    return Reason.TRIGGERED if flow.starts_at is not None and at >= flow.starts_at else Reason.BEFORE_START


def _orders(customer: Customer, flow: Flow, trigger: Event) -> list[WhyNot]:
    """Each order since the flow began, and why it did not count; else the last one before."""
    mine = (Purchase.customer == customer.id) & (is_purchase())
    orders = list(Purchase.select().where(mine).order_by(Purchase.ordered_at, Purchase.id))
    products = _products([each.id for each in orders[-20:]])
    found, before = [], []
    for number, order in enumerate(orders, 1):
        said = f"{order.order_number} ({number})"
        if _before_or_since(flow, order.ordered_at) is Reason.BEFORE_START:
            before.append(WhyNot(Reason.BEFORE_START, order.ordered_at, said))
        elif trigger.nth not in (None, number):
            found.append(WhyNot(Reason.OTHER_ORDER, order.ordered_at, said))
        elif trigger.products and not products.get(order.id, set()) & set(trigger.products):
            found.append(WhyNot(Reason.OTHER_PRODUCTS, order.ordered_at, said))
        else:
            found.append(WhyNot(Reason.TRIGGERED, order.ordered_at, said))
    return found[-5:] or before[-1:] or [WhyNot(Reason.NOT_TRIGGERED, flow.starts_at)]


def _products(purchase_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for row in PurchaseItem.select().where(PurchaseItem.purchase.in_(list(purchase_ids))):
        found.setdefault(row.purchase_id, set()).add(row.sku)
    return found


def _clicks(customer: Customer, flow: Flow, trigger: Event) -> list[tuple[datetime, str]]:
    ours = (ShortLink.customer == customer.id) & (ShortLink.flow_key == (trigger.flow or flow.key))
    if trigger.step is not None:
        ours &= ShortLink.step_key == trigger.step
    query = LinkClick.select(LinkClick.clicked_at, ShortLink.step_key).join(ShortLink)
    rows: Any = query.where(ours).tuples()
    return [(at, step or "") for at, step in rows]


def _elsewhere(flow: Flow, trigger: Event, happened: Sequence[Happened]) -> list[WhyNot]:
    fitting, others = [], []
    for each in happened:
        found = (each.at, _detail(each.occurrence))
        if matches(trigger, each.occurrence, flow.key):
            fitting.append(found)
        elif _before_or_since(flow, each.at) is Reason.TRIGGERED:
            others.append(found)
    if not fitting and others:
        at, detail = max(others)
        return [WhyNot(Reason.NOT_MATCHING, at, detail)]
    return _by_time(flow, fitting)


def _detail(happened: Occurrence) -> str:
    return str(happened.score) if happened.score is not None else happened.rank or ""
