"""Collects what became of a customer's enrolments and planned messages: entered by what, waited for what, sent how,
at which cost, opened when, and which orders came after.

A fixed number of queries for a customer, however much was planned for them. Why somebody is not in a flow is in
`why_not.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.line.delivery import DUE, HELD, IN_A_CALL, PUSH
from bot.queue.outbox import OutboxMessage
from customers.orders.purchases import Purchase, is_purchase
from journeys.campaigns.tables import Campaign, CampaignRecipient
from journeys.enrolments.tables import Enrolment
from journeys.flows.tables import Flow, FlowVersion
from journeys.links import clicks
from journeys.sending.costs import FOLLOWS_WITHIN_DAYS
from journeys.sending.tables import SENT, JourneyEntry, PlannedMessage

BOUGHT_WITHIN = timedelta(days=FOLLOWS_WITHIN_DAYS)
"""An order so long after a message is shown beside it; whether the message caused it, nobody knows."""
MOST_MESSAGES = 200
MOST_ENROLMENTS = 50
MOST_CAMPAIGNS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that became of an enrolment or a message; `what` and `detail` as in `JourneyEntry`."""

    at: datetime
    what: str
    step_key: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class OrderAfter:
    """An order after a message."""

    number: str
    ordered_at: datetime
    total_yen: int


@dataclass(frozen=True, slots=True)
class MessageTrace:
    """One planned message."""

    id: int
    customer_id: int
    kind: str
    message_class: str
    cause: str
    enrolment_id: int | None
    step_key: str | None
    planned_at: datetime
    latest_at: datetime
    """Until then it waited for a reply to go along with."""
    due_at: datetime
    state: str
    reason: str
    """What holds it, or why it was not sent."""
    settled_at: datetime | None
    lines: tuple[Line, ...]
    sent_as: str | None
    """`reply`, which is free, or `push`; None while it is not sent, or LINE has not answered yet."""
    sent_at: datetime | None
    """When LINE accepted it."""
    delivery: str | None
    """The state of the call it was sent with: `due`, `in-a-call`, `sent`, `held`, `parked`, `dropped`, `dissolved`;
    None before."""
    cost_yen: int
    """Of a push, counted for one of the messages that share it."""
    opened_at: datetime | None
    """When a link in it was first opened."""
    orders: tuple[OrderAfter, ...]
    orders_until: datetime | None
    """Orders until then are shown; None while it is not sent."""

    @property
    def is_on_its_way(self) -> bool:
        """Whether it left for the outbox, and LINE has not accepted it yet."""
        return self.state == SENT and self.sent_at is None and self.delivery in (None, DUE, HELD, IN_A_CALL)

    @property
    def has_failed(self) -> bool:
        """Whether it left for the outbox, and LINE refused it or the customer had blocked the shop."""
        return self.state == SENT and self.sent_at is None and not self.is_on_its_way


@dataclass(frozen=True, slots=True)
class EnrolmentTrace:
    """One customer's way through a flow."""

    id: int
    flow_key: str
    flow_name: str
    version: int | None
    """The number of the version they are on; None when it is gone."""
    cause: str
    entered_at: datetime
    state: str
    step_key: str
    """The step that comes next, or the last one."""
    due_at: datetime | None
    waits_for: str | None
    ended_at: datetime | None
    end_reason: str
    lines: tuple[Line, ...]
    messages: tuple[MessageTrace, ...]


@dataclass(frozen=True, slots=True)
class CampaignTrace:
    """One campaign in whose audience the customer was, and what became of it; states and reasons as in
    `CampaignRecipient`."""

    id: int
    name: str
    state: str
    reason: str
    send_at: datetime
    settled_at: datetime | None
    message: MessageTrace | None
    """None where they got none, or while nothing is planned yet; or it is too old to be among those shown."""


@dataclass(frozen=True, slots=True)
class CustomerTrace:
    """Everything said unasked to a customer, or planned and not said; the newest first."""

    enrolments: tuple[EnrolmentTrace, ...]
    others: tuple[MessageTrace, ...]
    """Messages that belong to no flow, and those of enrolments too old to be among the above."""
    is_shortened: bool
    """Whether there is more than is shown."""
    campaigns: tuple[CampaignTrace, ...] = ()
    """Their messages are among `others`, too."""

    @property
    def messages(self) -> tuple[MessageTrace, ...]:
        """All messages, of flows and others, the newest first."""
        of_flows = [message for each in self.enrolments for message in each.messages]
        return tuple(sorted([*of_flows, *self.others], key=lambda each: each.id, reverse=True))

    @property
    def cost_yen(self) -> int:
        """What all of it cost."""
        return sum(message.cost_yen for message in self.messages)


def of_customer(customer_id: int, push_cost_yen: int) -> CustomerTrace:
    """The traces of that customer; `push_cost_yen` is what a push costs."""
    planned = list(
        PlannedMessage.select()
        .where(PlannedMessage.customer == customer_id)
        .order_by(PlannedMessage.id.desc())
        .limit(MOST_MESSAGES + 1)
    )
    enrolled = list(
        Enrolment.select()
        .where(Enrolment.customer == customer_id)
        .order_by(Enrolment.id.desc())
        .limit(MOST_ENROLMENTS + 1)
    )
    shortened = len(planned) > MOST_MESSAGES or len(enrolled) > MOST_ENROLMENTS
    messages = _messages(customer_id, planned[:MOST_MESSAGES], push_cost_yen)
    enrolments = _enrolments(enrolled[:MOST_ENROLMENTS], messages)
    shown = {each.id for each in enrolments}
    others = tuple(each for each in messages if each.enrolment_id not in shown)
    return CustomerTrace(enrolments, others, shortened, _campaigns(customer_id, messages))


def _campaigns(customer_id: int, messages: Iterable[MessageTrace]) -> tuple[CampaignTrace, ...]:
    of_planned = {message.id: message for message in messages}
    rows = (
        CampaignRecipient.select(CampaignRecipient, Campaign)
        .join(Campaign)
        .where(CampaignRecipient.customer == customer_id)
        .order_by(CampaignRecipient.id.desc())
        .limit(MOST_CAMPAIGNS)
    )
    return tuple(
        CampaignTrace(
            row.campaign_id,
            row.campaign.name,
            row.state,
            row.reason,
            row.send_at,
            row.settled_at,
            of_planned.get(row.planned_id or 0),
        )
        for row in rows
    )


def of_message(planned_id: int, push_cost_yen: int) -> MessageTrace | None:
    """The trace of one planned message; None when there is none with that id."""
    row: PlannedMessage | None = PlannedMessage.get_or_none(PlannedMessage.id == planned_id)
    return _messages(row.customer_id, [row], push_cost_yen)[0] if row is not None else None


def enrolment_of(message: MessageTrace) -> EnrolmentTrace | None:
    """The way through a flow that the message belongs to, without its other messages."""
    if message.enrolment_id is None:
        return None
    found = _enrolments(list(Enrolment.select().where(Enrolment.id == message.enrolment_id)), [message])
    return found[0] if found else None


def _messages(
    customer_id: int, rows: Sequence[PlannedMessage], push_cost_yen: int
) -> tuple[MessageTrace, ...]:
    calls = _calls(rows)
    lines = _lines(JourneyEntry.planned_id.in_([row.id for row in rows]), by="planned_id") if rows else {}
    opened = clicks.first_clicks(customer_id) if rows else {}
    orders = _orders(customer_id, rows)
    return tuple(_message(row, calls, lines, opened, orders, push_cost_yen) for row in rows)


def _message(
    row: PlannedMessage,
    calls: Mapping[int, OutboxMessage],
    lines: Mapping[int, list[Line]],
    opened: Mapping[str, datetime],
    orders: Sequence[OrderAfter],
    push_cost_yen: int,
) -> MessageTrace:
    call = calls.get(row.outbox_id) if row.outbox_id is not None else None
    sent_at = call.sent_at if call is not None else None
    until = sent_at + BOUGHT_WITHIN if sent_at is not None else None
    after = tuple(each for each in orders if sent_at and until and sent_at <= each.ordered_at <= until)
    is_paid = row.carries_cost and call is not None and call.sent_as == PUSH
    return MessageTrace(
        id=row.id,
        customer_id=row.customer_id,
        kind=row.kind,
        message_class=row.message_class,
        cause=row.cause,
        enrolment_id=row.enrolment_id,
        step_key=row.step_key,
        planned_at=row.created_at,
        latest_at=row.latest_at,
        due_at=row.due_at,
        state=row.state,
        reason=row.reason,
        settled_at=row.settled_at,
        lines=tuple(lines.get(row.id, ())),
        sent_as=call.sent_as if call is not None else None,
        sent_at=sent_at,
        delivery=call.state if call is not None else None,
        cost_yen=push_cost_yen if is_paid else 0,
        opened_at=opened.get(row.cause),
        orders=after,
        orders_until=until,
    )


def _enrolments(rows: Sequence[Enrolment], messages: Iterable[MessageTrace]) -> tuple[EnrolmentTrace, ...]:
    if not rows:
        return ()
    flows = {each.id: each for each in Flow.select().where(Flow.id.in_({row.flow_id for row in rows}))}
    versions = FlowVersion.select().where(FlowVersion.id.in_({row.version_id for row in rows}))
    numbers = {each.id: each.number for each in versions}
    lines = _lines(JourneyEntry.enrolment_id.in_([row.id for row in rows]), by="enrolment_id")
    of_enrolment: dict[int | None, list[MessageTrace]] = defaultdict(list)
    for message in messages:
        of_enrolment[message.enrolment_id].append(message)
    return tuple(
        EnrolmentTrace(
            id=row.id,
            flow_key=flows[row.flow_id].key,
            flow_name=flows[row.flow_id].name,
            version=numbers.get(row.version_id),
            cause=row.cause,
            entered_at=row.entered_at,
            state=row.state,
            step_key=row.step_key,
            due_at=row.due_at,
            waits_for=row.waits_for,
            ended_at=row.ended_at,
            end_reason=row.end_reason,
            lines=tuple(lines.get(row.id, ())),
            messages=tuple(of_enrolment[row.id]),
        )
        for row in rows
    )


def _lines(condition: object, *, by: str) -> dict[int, list[Line]]:
    """The record's lines, oldest first, by that column."""
    found: dict[int, list[Line]] = defaultdict(list)
    for row in JourneyEntry.select().where(condition).order_by(JourneyEntry.id):
        found[getattr(row, by)].append(Line(row.happened_at, row.what, row.step_key, row.detail))
    return found


def _calls(rows: Sequence[PlannedMessage]) -> dict[int, OutboxMessage]:
    ids = {row.outbox_id for row in rows if row.outbox_id is not None}
    wanted = (OutboxMessage.id, OutboxMessage.state, OutboxMessage.sent_as, OutboxMessage.sent_at)
    return {each.id: each for each in OutboxMessage.select(*wanted).where(OutboxMessage.id.in_(ids))}


def _orders(customer_id: int, rows: Sequence[PlannedMessage]) -> list[OrderAfter]:
    """The customer's orders since the oldest of these messages, oldest first."""
    if not rows:
        return []
    mine = (Purchase.customer == customer_id) & (is_purchase())
    since = mine & (Purchase.ordered_at >= min(row.created_at for row in rows))
    found = Purchase.select().where(since).order_by(Purchase.ordered_at, Purchase.id)
    return [OrderAfter(each.order_number, each.ordered_at, each.total_yen) for each in found]
