"""Rows for tests of the month's budget: customers, messages that were sent, orders, pushes of staff."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import conversations
from bot.db.database import write_transaction
from bot.line.delivery import SENT
from bot.queue.outbox import PUSH, OutboxMessage
from customers.orders.purchases import PAID, Purchase
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.enrolments.tables import Enrolment
from journeys.flows.tables import ON, Flow, FlowVersion
from journeys.sending import tables
from journeys.sending.message_kinds import KIND_RULES, Kind, MessageClass
from journeys.sending.tables import PlannedMessage

NOON = datetime(2026, 11, 15, 3, 0, tzinfo=UTC)
"""Noon of 15 November in Tokyo: sixteen days are left of the month, this one included."""


def customer(name: str = "花子") -> Customer:
    """A customer on LINE."""
    user_id = "U" + uuid.uuid4().hex
    with write_transaction():
        return customers.learn_profile(
            customers.follow(user_id, conversations.ensure(user_id, user_id)), name
        )


def call(who: Customer, at: datetime, sent_as: str | None = PUSH, *, staff_id: int | None = None) -> int:
    """A call that LINE took at that time; not yet sent without `sent_as`."""
    row = OutboxMessage.create(
        conversation=who.conversation_id,
        kind=sent_as or PUSH,
        cause=str(uuid.uuid4()),
        retry_key=str(uuid.uuid4()),
        messages='[{"type": "text", "text": "こんにちは"}]',
        staff_id=staff_id,
        state=SENT if sent_as else "due",
        sent_as=sent_as,
        created_at=at,
        sent_at=at if sent_as else None,
    )
    return int(row.id)


def planned(
    who: Customer, kind: Kind, at: datetime, state: str = tables.WAITING, **more: Any
) -> PlannedMessage:
    """A planned message."""
    rules = KIND_RULES[kind]
    values = {"message_class": rules.message_class, "priority": rules.priority} | more
    return PlannedMessage.create(
        customer=who.id,
        conversation=who.conversation_id,
        kind=kind,
        cause=str(uuid.uuid4()),
        created_at=at,
        earliest_at=at,
        latest_at=at,
        due_at=at,
        state=state,
        settled_at=None if state == tables.WAITING else at,
        **values,
    )


def said(
    who: Customer,
    at: datetime,
    *kinds: Kind,
    sent_as: str = PUSH,
    delay: timedelta = timedelta(),
    **more: Any,
) -> list[PlannedMessage]:
    """Messages that went out together in one call, `delay` after they had been handed over."""
    outbox_id = call(who, at + delay, sent_as)
    return [
        planned(
            *(who, kind, at, tables.SENT),
            outbox_id=outbox_id,
            carries_cost=position == 0,
            **more,
        )
        for position, kind in enumerate(kinds)
    ]


def order(who: Customer, at: datetime, yen: int = 3000, state: str = PAID, refunded: int = 0) -> Purchase:
    """An order of the customer."""
    return Purchase.create(
        source="csv",
        order_number=str(uuid.uuid4()),
        customer=who.id,
        ordered_at=at,
        ordered_on=(at + timedelta(hours=9)).date(),
        total_yen=yen,
        refunded_yen=refunded,
        state=state,
        recorded_at=at,
    )


def flow(key: str = "large-shop", message_class: str = "care", **more: Any) -> Flow:
    """A flow that is on, of one step unless `step` is given."""
    definition = {
        "key": key,
        "name": f"シナリオ {key}",
        "class": message_class,
        "trigger": {"on": "order"},
        "step": [{"key": "thanks", "text": "ありがとうございます"}],
    } | more
    made = Flow.create(
        key=key, name=definition["name"], state=ON, trigger_on="order", changed_at=NOON, created_at=NOON
    )
    version = FlowVersion.create(
        flow=made.id, number=1, definition=json.dumps(definition, ensure_ascii=False), published_at=NOON
    )
    Flow.update(version_id=version.id).where(Flow.id == made.id).execute()
    return Flow.get_by_id(made.id)


def enrolled(who: Customer, inside: Flow, due_at: datetime | None, state: str = "waiting") -> Enrolment:
    """The customer in that flow."""
    return Enrolment.create(
        customer=who.id,
        flow=inside.id,
        entry_key=str(uuid.uuid4()),
        version_id=inside.version_id,
        state=state,
        step_key="thanks",
        due_at=due_at,
        base_at=NOON,
        cause="order:1",
        entered_at=NOON,
    )


def step_sent(
    who: Customer, at: datetime, enrolment: Enrolment, *, sent_as: str = PUSH, message_class: MessageClass
) -> None:
    """A step of that enrolment went out alone."""
    said(
        who,
        at,
        Kind.FLOW_STEP,
        sent_as=sent_as,
        enrolment_id=enrolment.id,
        message_class=message_class,
        step_key="thanks",
    )
