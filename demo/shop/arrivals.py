"""What arrived on a person's phone since a moment, and what comes next and when: for the phone page after time
travel."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot import localtime
from bot.queue.outbox import SHOWN, OutboxMessage
from customers.people import customer as customers
from customers.people.customer import Customer
from demo.line.timeline import Entry
from demo.phone.client import as_plain_text
from demo.phone.controls import Arrived, Coming
from journeys.audience import selection
from journeys.campaigns import campaigns
from journeys.campaigns.tables import SCHEDULED, Campaign
from journeys.enrolments.tables import WAITING as BEFORE_A_STEP
from journeys.enrolments.tables import Enrolment
from journeys.flows import step_messages, stock
from journeys.flows.tables import ON, Flow
from journeys.proof import assignment
from journeys.sending.tables import SENT, WAITING, PlannedMessage

LONGEST_TEXT = 34
MOST_SHOWN = 30


def arrived(
    why: Callable[[int], str], line_user_id: str, since: datetime, entries: Sequence[Entry]
) -> list[Arrived]:
    """The unasked messages that were sent to that person since then, oldest first. `entries` are those that the
    shop added to the chat since; `why` is the address of a message's page by its id."""
    customer = customers.find_by_line_user(line_user_id)
    if customer is None:
        return []
    calls = OutboxMessage.select().where(
        OutboxMessage.conversation == customer.conversation_id,
        OutboxMessage.kind.in_(SHOWN),
        OutboxMessage.state == "sent",
        OutboxMessage.created_at >= since,
    )
    left, found = list(entries), []
    for call in calls.order_by(OutboxMessage.sent_at, OutboxMessage.id):
        count = len(json.loads(call.messages))
        bubbles, left = left[:count], left[count:]
        found += _of_call(call.id, bubbles, why)
    return found[-MOST_SHOWN:]


def _of_call(outbox_id: int, bubbles: Sequence[Entry], why: Callable[[int], str]) -> list[Arrived]:
    rows = PlannedMessage.select().where(PlannedMessage.outbox_id == outbox_id, PlannedMessage.state == SENT)
    sent = list(rows.order_by(PlannedMessage.priority.desc(), PlannedMessage.id))
    if not bubbles:
        return []
    return [
        Arrived(
            entry=bubble.id,
            at_ms=bubble.at_ms,
            text=_beginning(as_plain_text(bubble.message)),
            why_url=why(row.id),
        )
        for number, row in enumerate(sent)
        for bubble in [bubbles[min(number, len(bubbles) - 1)]]
    ]


def coming(line_user_id: str) -> Coming | None:
    """The person's next unasked message, by the time at which it is pushed; None when nothing is planned."""
    customer = customers.find_by_line_user(line_user_id)
    if customer is None:
        return None
    planned = [*_planned(customer), *_steps_ahead(customer), *_campaigns_ahead(customer)]
    return min(planned, key=lambda each: each.at_ms, default=None)


def _planned(customer: Customer) -> list[Coming]:
    """Messages that wait already: for a reply to go along with, a limit, a ticket."""
    waiting = (PlannedMessage.customer == customer.id) & (PlannedMessage.state == WAITING)
    return [
        _coming(row.due_at, _text_of(row, customer), may_ride=True)
        for row in PlannedMessage.select().where(waiting)
    ]


def _steps_ahead(customer: Customer) -> list[Coming]:
    """The next step of each flow that the customer is in."""
    ahead = (Enrolment.customer == customer.id) & (Enrolment.state == BEFORE_A_STEP)
    found = []
    for enrolment in (
        Enrolment.select().join(Flow).where(ahead, Flow.state == ON, Enrolment.due_at.is_null(False))
    ):
        step = stock.definition_of_version(enrolment.version_id).find(enrolment.step_key)
        if step is not None and enrolment.due_at is not None:
            at = enrolment.due_at + timedelta(days=step.latest_days)
            text = _beginning(step_messages.fill_in(step.text, customer.display_name))
            found.append(_coming(at, text, may_ride=step.latest_days > 0))
    return found


def _campaigns_ahead(customer: Customer) -> list[Coming]:
    """Campaigns that are scheduled and for which the customer would be taken in now."""
    found = []
    for campaign in Campaign.select().where(Campaign.state == SCHEDULED):
        definition, subject = campaigns.definition_of(campaign), campaigns.subject_of(campaign.id)
        is_in = selection.query(definition.audience).where(Customer.id == customer.id).exists()
        sides = assignment.foreseen(subject, [customer.id], definition.holdout_percent, subject)
        if is_in and not sides[customer.id].is_held_out:
            text = _beginning(step_messages.fill_in(definition.message.text, customer.display_name))
            found.append(_coming(campaign.scheduled_at, text, may_ride=False))
    return found


def _text_of(row: PlannedMessage, customer: Customer) -> str:
    stored = json.loads(row.messages)
    if stored:
        return _beginning(as_plain_text(stored[0]))
    enrolment = Enrolment.get_or_none(Enrolment.id == row.enrolment_id)
    definition = stock.definition_of_version(enrolment.version_id) if enrolment else None
    step = definition.find(row.step_key or "") if definition else None
    return _beginning(step_messages.fill_in(step.text, customer.display_name)) if step else ""


def _coming(at: datetime, text: str, *, may_ride: bool) -> Coming:
    local = localtime.local(at)
    when = f"{local.month}月{local.day}日{local.hour}時"
    return Coming(at_ms=int(at.timestamp() * 1000), when=when, text=text, may_ride=may_ride)


def _beginning(text: str) -> str:
    """The first line that says something, shortened."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if len(first) <= LONGEST_TEXT else f"{first[: LONGEST_TEXT - 1]}…"
