"""Answers whether a customer reached a flow's goal since they entered, from what the database remembers.

What happens is passed on to flows at once (`flow_triggers.py`); this is asked again when a step comes due, for what a
process did not pass on because it did not know yet that a flow asks for it.
"""

from bot import localtime
from customers.orders import purchase_history
from customers.people import customer_tags
from customers.people.customer_tags import CustomerTag
from journeys.enrolments.matching import matches
from journeys.enrolments.tables import Enrolment
from journeys.flows.definition import Event
from journeys.flows.occurrences import Occurrence, On
from journeys.links.tables import LinkClick, ShortLink
from surveys.nps import answers


def has_reached(enrolment: Enrolment, goal: Event, flow_key: str) -> bool:
    """Whether an order, a tag, a click or a score since the customer entered is the goal. Of other goals nothing is
    remembered: False."""
    match goal.on:
        case On.ORDER:
            return any(matches(goal, each, flow_key) for each in _orders(enrolment))
        case On.TAG:
            tag = customer_tags.plain(goal.tag or "")
            mine = (CustomerTag.customer == enrolment.customer_id) & (CustomerTag.tag == tag)
            return bool(CustomerTag.select().where(mine, CustomerTag.set_at > enrolment.entered_at).exists())
        case On.CLICK:
            return _has_clicked(enrolment, goal, flow_key)
        case On.SCORE:
            answer = answers.latest_of(enrolment.customer_id)
            if answer is None or answer.answered_at <= enrolment.entered_at:
                return False
            return matches(goal, Occurrence(On.SCORE, "", score=answer.score), flow_key)
    return False


def _orders(enrolment: Enrolment) -> list[Occurrence]:
    """The customer's orders since they entered, other than the one they entered by. Older orders that an import
    brings later do not count."""
    since = purchase_history.orders_recorded_since(
        enrolment.customer_id,
        enrolment.entered_at,
        localtime.local_date(enrolment.entered_at),
        except_order=enrolment.order_number,
    )
    return [
        Occurrence(
            On.ORDER,
            f"order:{order.order_number}",
            position,
            order.order_number,
            purchase_history.skus_of(order.id),
        )
        for position, order in since
    ]


def _has_clicked(enrolment: Enrolment, goal: Event, flow_key: str) -> bool:
    ours = (ShortLink.customer == enrolment.customer_id) & (ShortLink.flow_key == (goal.flow or flow_key))
    if goal.step is not None:
        ours &= ShortLink.step_key == goal.step
    since = LinkClick.clicked_at > enrolment.entered_at
    return bool(LinkClick.select().join(ShortLink).where(ours, since).exists())
