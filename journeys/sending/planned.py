"""Plans unasked messages: one row each, once for each cause.

What is due at once gets an event `messages.due` in its customer's conversation, so that all decisions of one
customer are taken one after the other. Whether and how a planned message is sent is in `release.py`.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import localtime
from bot.db.database import insert_once, require_transaction
from bot.line.messages import Message
from bot.queue import inbox
from bot.routing import event_kinds
from customers.people.customer import Customer
from journeys.sending.limits import FREE_RIDE
from journeys.sending.message_kinds import KIND_RULES, Kind, MessageClass
from journeys.sending.tables import DEFER, JourneyEntry, PlannedMessage

DECIDE_AGAIN = timedelta(hours=1)
"""When the clock puts another event for a message whose event has not been handled."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """An unasked message to be planned. What is None is as its kind has it."""

    kind: Kind
    cause: str
    messages: tuple[Message, ...] = ()
    """Empty where `data` is enough to make them when they are sent."""
    data: dict[str, Any] | None = None
    message_class: MessageClass | None = None
    priority: int | None = None
    earliest_at: datetime | None = None
    latest_at: datetime | None = None
    expires_at: datetime | None = None
    when_busy: str = DEFER
    enrolment_id: int | None = None
    step_key: str | None = None


def plan(customer: Customer, new: NewMessage) -> int | None:
    """Store the message as waiting; its id, or None when that cause was planned before or the customer is not
    on LINE."""
    require_transaction()
    if customer.conversation_id is None or customer.line_user_id is None:
        return None
    rules, now = KIND_RULES[new.kind], localtime.now()
    earliest_at = new.earliest_at or now
    latest_at = max(earliest_at, new.latest_at or earliest_at + rules.waits)
    is_due = latest_at <= now
    planned_id = insert_once(
        PlannedMessage,
        customer=customer.id,
        conversation=customer.conversation_id,
        kind=new.kind,
        message_class=new.message_class or rules.message_class,
        priority=rules.priority if new.priority is None else new.priority,
        cause=new.cause,
        messages=json.dumps(new.messages, ensure_ascii=False),
        data=json.dumps(new.data or {}, ensure_ascii=False),
        when_busy=new.when_busy,
        created_at=now,
        earliest_at=earliest_at,
        latest_at=latest_at,
        expires_at=new.expires_at,
        due_at=max(latest_at, now + DECIDE_AGAIN) if is_due else latest_at,
        reason="" if is_due else FREE_RIDE,
        enrolment_id=new.enrolment_id,
        step_key=new.step_key,
    )
    if planned_id is not None:
        note(
            customer.id,
            "planned",
            planned_id=planned_id,
            enrolment_id=new.enrolment_id,
            step_key=new.step_key,
        )
        if is_due:
            put_due_event(customer.line_user_id, f"{planned_id}:0")
    return planned_id


def put_due_event(line_user_id: str, count: str) -> None:
    """Put `messages.due` into the conversation of that LINE user; `count` makes its id unique."""
    kind = event_kinds.MESSAGES_DUE
    inbox.put(kind, f"{kind}:{count}", line_user_id, line_user_id=line_user_id)


def note(
    customer_id: int,
    what: str,
    *,
    planned_id: int | None = None,
    enrolment_id: int | None = None,
    step_key: str | None = None,
    detail: str = "",
) -> None:
    """Add a line to the record of what became of a message or an enrolment."""
    JourneyEntry.create(
        customer=customer_id,
        enrolment_id=enrolment_id,
        planned_id=planned_id,
        happened_at=localtime.now(),
        what=what,
        step_key=step_key,
        detail=detail[:255],
    )
