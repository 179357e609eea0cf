"""The one way for a handler to send what the customer did not ask for just now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot import localtime
from bot.line.messages import Message
from bot.queue import outbox
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.sending import planned
from journeys.sending.message_kinds import CLASS_RULES, KIND_RULES, Kind
from journeys.sending.planned import NewMessage
from journeys.sending.tables import SENT, PlannedMessage


def say(
    customer: Customer,
    said: Sequence[Message],
    *,
    kind: Kind,
    cause: str,
    data: dict[str, Any] | None = None,
    earliest_at: datetime | None = None,
    latest_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Plan the messages, once for each cause; they are sent as soon as the customer's limits allow. False when
    there is nothing to say, nobody to reach, or that cause was planned before."""
    stops = CLASS_RULES[KIND_RULES[kind].message_class].stopped_by_opt_out
    may = customers.can_be_pushed(customer) if stops else customers.is_reachable(customer)
    if not said or not may or customer.conversation_id is None:
        return False
    new = NewMessage(
        kind,
        cause,
        tuple(said),
        data,
        earliest_at=earliest_at,
        latest_at=latest_at,
        expires_at=expires_at,
    )
    planned_id = planned.plan(customer, new)
    if planned_id is None:
        return False
    outbox.push(customer.conversation_id, list(said), cause=cause)
    PlannedMessage.update(state=SENT, settled_at=localtime.now()).where(
        PlannedMessage.id == planned_id
    ).execute()
    return True
