"""A flow, and a step of it that was sent to a customer, for the tests of pages."""

from datetime import timedelta

from bot import localtime
from bot.db.database import write_transaction
from bot.line.messages import text
from bot.queue import outbox
from bot.queue.outbox import OutboxMessage
from customers.people.customer import Customer
from journeys.enrolments.tables import DONE, Enrolment
from journeys.flows.tables import ON, Flow, FlowVersion
from journeys.links import clicks, short_links
from journeys.links.tables import ShortLink
from journeys.sending import planned
from journeys.sending.message_kinds import Kind
from journeys.sending.planned import NewMessage
from journeys.sending.tables import SENT, PlannedMessage

DEFINITION = '{"key": "%s", "name": "%s", "trigger": {"on": "%s"}, "step": [{"key": "how-to", "text": "使い方です。"}]}'


def a_flow(key: str, name: str, on: str) -> Flow:
    now = localtime.now()
    times = {"starts_at": now - timedelta(days=9), "changed_at": now, "created_at": now}
    flow = Flow.create(key=key, name=name, state=ON, trigger_on=on, **times)
    definition = DEFINITION % (key, name, on)
    flow.version_id = FlowVersion.create(flow=flow, number=2, definition=definition, published_at=now).id
    flow.save()
    return flow


def a_sent_step(customer: Customer, flow: Flow) -> PlannedMessage:
    """A step that waited for the morning, was pushed, and whose link was opened."""
    now = localtime.now()
    with write_transaction():
        enrolment = Enrolment.create(
            customer=customer,
            flow=flow,
            entry_key="once",
            version_id=flow.version_id,
            state=DONE,
            step_key="how-to",
            base_at=now,
            cause="order:1001",
            entered_at=now,
            ended_at=now,
        )
        planned.note(customer.id, "entered", enrolment_id=enrolment.id, detail="order:1001")
        of_step = NewMessage(
            Kind.FLOW_STEP, "flow:1:how-to", (text("a"),), enrolment_id=enrolment.id, step_key="how-to"
        )
        planned_id = planned.plan(customer, of_step)
        planned.note(customer.id, "held", planned_id=planned_id, detail="quiet-hours")
        call = outbox.push(customer.conversation_id or 0, [text("a")], cause="flow:1:how-to")
        OutboxMessage.update(state="sent", sent_as="push", sent_at=now).where(
            OutboxMessage.id == call
        ).execute()
        sent = {"state": SENT, "settled_at": now, "outbox_id": call, "carries_cost": True}
        PlannedMessage.update(sent).where(PlannedMessage.id == planned_id).execute()
        short_links.make(customer.id, "https://shop.example/a", "flow:1:how-to")
        clicks.record(ShortLink.get().id, now)
    return PlannedMessage.get_by_id(planned_id)
