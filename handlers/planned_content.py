"""Which function makes a planned message when it is sent, and which is called once it was sent or given up, by its
kind.

A kind without one says what its row holds, and nothing follows.
"""

import json
from collections.abc import Callable
from typing import Any

from bot.line.messages import Message
from customers.people.customer import Customer
from handlers import (
    campaign_messages,
    contacts,
    flow_steps,
    follow_ups,
    order_received,
    order_shipments,
    overdue_answers,
    points_due,
    ranks,
    survey_due,
)
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage

Renderer = Callable[[PlannedMessage, Customer], list[Message] | None]
SettledCallback = Callable[[PlannedMessage], None]

RENDERERS: dict[Kind, Renderer] = {
    Kind.ORDER_RECEIVED: order_received.card_now,
    Kind.ORDER_DISPATCHED: order_shipments.card_now,
    Kind.ORDER_DELIVERED: order_shipments.card_now,
    Kind.SURVEY: survey_due.question_now,
    Kind.SURVEY_REMINDER: survey_due.reminder_now,
    Kind.RANK_ROSE: ranks.rise_now,
    Kind.RANK_FALL: ranks.fall_warning_now,
    Kind.POINTS_EXPIRING: points_due.warning_now,
    Kind.OVERDUE_ANSWER: overdue_answers.apology_now,
    Kind.FLOW_STEP: flow_steps.content,
    Kind.CAMPAIGN: campaign_messages.content,
    Kind.CONTACT: contacts.message_now,
    Kind.FOLLOW_UP: follow_ups.message_now,
}
SETTLED: dict[Kind, SettledCallback] = {
    Kind.SURVEY: survey_due.question_settled,
    Kind.FLOW_STEP: flow_steps.settled,
    Kind.CAMPAIGN: campaign_messages.settled,
    Kind.CONTACT: contacts.settled,
    Kind.FOLLOW_UP: follow_ups.settled,
    Kind.RANK_FALL: ranks.fall_warning_settled,
}


def render(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """What the row says now; None when it no longer applies."""
    renderer = RENDERERS.get(Kind(row.kind))
    return renderer(row, customer) if renderer else stored(row)


def stored(row: PlannedMessage) -> list[Message]:
    """The messages that the row holds."""
    said: Any = json.loads(row.messages)
    return list(said)


def settled(row: PlannedMessage) -> None:
    """The row was sent, skipped or dropped: have whoever planned it go on."""
    callback = SETTLED.get(Kind(row.kind))
    if callback is not None:
        callback(row)
