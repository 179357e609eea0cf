"""What became of a customer's messages and enrolments, read back: why each waited, how it went, what followed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import peewee
import pytest

from bot import conversations, localtime
from bot.db.database import write_transaction
from bot.line.messages import text
from bot.queue import outbox
from bot.queue.outbox import OutboxMessage
from customers.orders.purchases import CANCELLED, Purchase, PurchaseItem
from customers.people import customer as customers
from customers.people import customer_tags
from customers.people.customer import Customer
from journeys.enrolments.tables import HELD_OUT, WAITING, Enrolment
from journeys.flows.definition import Event, FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import DRAFT, OFF, ON, PAUSED, Flow, FlowVersion
from journeys.links import clicks, short_links
from journeys.links.tables import ShortLink
from journeys.sending import planned
from journeys.sending.message_kinds import Kind
from journeys.sending.planned import NewMessage
from journeys.sending.tables import DROPPED, SENT, PlannedMessage
from journeys.traces import trace, why_not
from journeys.traces.trace import Line, OrderAfter
from journeys.traces.why_not import Happened, Reason, WhyNot
from tests.storage.inbox_scene import NOON

PUSH_YEN = 3
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(any_database: peewee.Database) -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


def person(letter: str = "a") -> Customer:
    user = "U" + letter * 32
    with write_transaction():
        return customers.follow(user, conversations.ensure(user))


@pytest.fixture
def hanako(any_database: peewee.Database) -> Customer:
    return person()


def event(on: On, **more: Any) -> Event:
    return Event.model_validate({"on": on, **more})


def a_flow(trigger: Event | None = None, state: str = ON, **more: Any) -> tuple[Flow, FlowDefinition]:
    asked = trigger or event(On.ORDER, nth=1)
    steps = ({"key": "how-to", "text": "a"},)
    definition = FlowDefinition.model_validate(
        {"key": "first", "name": "はじめてのお買い物", "trigger": asked.model_dump(), "step": steps}
    )
    flow = Flow.create(
        key="first",
        name=definition.name,
        state=state,
        trigger_on=definition.trigger.on,
        starts_at=NOON,
        changed_at=NOON,
        created_at=NOON,
        **more,
    )
    version = FlowVersion.create(flow=flow, number=3, definition="{}", published_at=NOON)
    if state != DRAFT:
        flow.version_id = version.id
        flow.save()
    return flow, definition


def enrolled(customer: Customer, flow: Flow, state: str = WAITING, key: str = "once") -> Enrolment:
    with write_transaction():
        made = Enrolment.create(
            customer=customer,
            flow=flow,
            entry_key=key,
            version_id=flow.version_id,
            state=state,
            step_key="how-to",
            base_at=NOON,
            cause="order:1001",
            entered_at=NOON,
        )
        planned.note(customer.id, "entered", enrolment_id=made.id, detail="order:1001")
    return made


def plan(customer: Customer, cause: str, enrolment: Enrolment | None = None) -> PlannedMessage:
    of_flow: dict[str, Any] = {"enrolment_id": enrolment.id, "step_key": "how-to"} if enrolment else {}
    kind = Kind.FLOW_STEP if enrolment else Kind.SURVEY
    with write_transaction():
        planned_id = planned.plan(customer, NewMessage(kind, cause, (text("使い方です。"),), **of_flow))
    return PlannedMessage.get_by_id(planned_id)


def send(row: PlannedMessage, sent_as: str | None, at: datetime = NOON, **columns: Any) -> None:
    """The row left for the outbox; LINE accepted the call as a reply or a push, or has not answered yet."""
    with write_transaction():
        outbox.push(row.conversation_id, [text("使い方です。")], cause=row.cause)
        call = OutboxMessage.select().order_by(OutboxMessage.id.desc()).get()
        accepted = {"state": "sent", "sent_as": sent_as, "sent_at": at} if sent_as else {}
        if accepted:
            OutboxMessage.update(accepted).where(OutboxMessage.id == call.id).execute()
        values = {"state": SENT, "settled_at": at, "outbox_id": call.id, "carries_cost": True} | columns
        PlannedMessage.update(values).where(PlannedMessage.id == row.id).execute()


def order(customer: Customer, number: str, at: datetime, *skus: str, **columns: Any) -> None:
    values = {"source": "api", "total_yen": 5_400, "recorded_at": at} | columns
    made = Purchase.create(
        order_number=number, customer=customer, ordered_at=at, ordered_on=localtime.local_date(at), **values
    )
    for sku in skus:
        PurchaseItem.create(purchase=made, sku=sku)


def of(customer: Customer) -> trace.CustomerTrace:
    return trace.of_customer(customer.id, PUSH_YEN)


def test_a_step_from_entering_to_the_order_after_it(hanako: Customer) -> None:
    flow, _ = a_flow()
    enrolment = enrolled(hanako, flow)
    row = plan(hanako, f"flow:{enrolment.id}:how-to", enrolment)
    for hours, reason in ((1, "quiet-hours"), (9, "daily-limit")):
        with localtime.fixed(NOON + timedelta(hours=hours)), write_transaction():
            planned.note(hanako.id, "held", planned_id=row.id, detail=reason)
    sent_at = NOON + A_DAY
    send(row, "push", sent_at)
    with write_transaction():
        short_links.make(hanako.id, "https://shop.example/a", row.cause, flow_key="first", step_key="how-to")
        clicks.record(ShortLink.get().id, sent_at + timedelta(hours=2))
        clicks.record(ShortLink.get().id, sent_at + timedelta(hours=5))
    order(hanako, "before", NOON + timedelta(hours=1))
    order(hanako, "soon", sent_at + 3 * A_DAY)
    order(hanako, "reversed", sent_at + 3 * A_DAY, state=CANCELLED)
    order(hanako, "later", sent_at + 7 * A_DAY + timedelta(seconds=1))
    order(person("b"), "another's", sent_at + A_DAY)

    found = of(hanako)
    [way], [message] = found.enrolments, found.messages
    assert (way.flow_key, way.flow_name, way.version) == ("first", "はじめてのお買い物", 3)
    assert [(line.what, line.detail) for line in way.lines] == [("entered", "order:1001"), ("planned", "")]
    assert [(line.what, line.detail) for line in message.lines] == [
        ("planned", ""),
        ("held", "quiet-hours"),
        ("held", "daily-limit"),
    ]
    assert message.lines[1] == Line(NOON + timedelta(hours=1), "held", None, "quiet-hours")
    assert (message.state, message.sent_as, message.sent_at, message.cost_yen) == (
        SENT,
        "push",
        sent_at,
        PUSH_YEN,
    )
    assert message.opened_at == sent_at + timedelta(hours=2)
    assert message.orders == (OrderAfter("soon", sent_at + 3 * A_DAY, 5_400),)
    assert message.orders_until == sent_at + 7 * A_DAY
    assert found.others == ()
    assert found.cost_yen == PUSH_YEN
    assert trace.of_message(message.id, PUSH_YEN) == message
    assert trace.enrolment_of(message) == way


@pytest.mark.parametrize(
    ("sent_as", "columns", "cost"),
    [("push", {}, PUSH_YEN), ("reply", {}, 0), ("push", {"carries_cost": False}, 0), (None, {}, 0)],
)
def test_only_the_first_message_of_a_push_costs(
    hanako: Customer, sent_as: str | None, columns: dict[str, Any], cost: int
) -> None:
    row = plan(hanako, "survey:1")
    send(row, sent_as, **columns)
    [message] = of(hanako).messages
    assert (message.cost_yen, message.sent_as, message.is_on_its_way) == (cost, sent_as, sent_as is None)
    assert (message.delivery, message.orders_until is None) == ("sent" if sent_as else "due", sent_as is None)


@pytest.mark.parametrize(
    ("state", "is_on_its_way"),
    [("due", True), ("held", True), ("in-a-call", True), ("parked", False), ("dropped", False)],
)
def test_what_line_refused_is_not_on_its_way(hanako: Customer, state: str, is_on_its_way: bool) -> None:
    row = plan(hanako, "coupon:1")
    send(row, None)
    OutboxMessage.update(state=state).execute()
    message = of(hanako).messages[0]
    assert (message.is_on_its_way, message.has_failed) == (is_on_its_way, not is_on_its_way)


def test_what_waits_and_what_was_given_up(hanako: Customer) -> None:
    plan(hanako, "survey:1")
    row = plan(hanako, "survey:2")
    PlannedMessage.update(state=DROPPED, reason="opted-out", settled_at=NOON).where(
        PlannedMessage.id == row.id
    ).execute()
    dropped, waiting = of(hanako).others
    assert (dropped.state, dropped.reason, dropped.cost_yen) == (DROPPED, "opted-out", 0)
    assert (waiting.state, waiting.sent_at, waiting.delivery, waiting.orders) == ("waiting", None, None, ())


def test_nobody_and_nothing(hanako: Customer) -> None:
    assert of(hanako) == trace.CustomerTrace((), (), False)
    assert trace.of_customer(987, PUSH_YEN).messages == ()
    assert trace.of_message(987, PUSH_YEN) is None


def test_a_customer_of_many_messages_costs_as_few_queries_as_one_of_few(
    hanako: Customer, any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow, _ = a_flow()
    statements: list[str] = []
    run: Any = type(any_database).execute_sql

    def counted(self: Any, sql: str, *more: Any, **named: Any) -> Any:
        statements.append(sql)
        return run(self, sql, *more, **named)

    monkeypatch.setattr(type(any_database), "execute_sql", counted)

    def add(numbers: range) -> tuple[int, trace.CustomerTrace]:
        for number in numbers:
            send(plan(hanako, f"flow:{number}:how-to", enrolled(hanako, flow, key=f"order:{number}")), "push")
        statements.clear()
        found = of(hanako)
        return len(statements), found

    few, _ = add(range(1))
    many, found = add(range(1, 205))
    assert many == few
    assert (len(found.enrolments), len(found.messages), found.is_shortened) == (50, 200, True)


def why(customer: Customer, flow: Flow, definition: FlowDefinition, *elsewhere: Happened) -> list[WhyNot]:
    return why_not.reasons(Customer.get_by_id(customer.id), flow, definition, elsewhere)


@pytest.mark.parametrize(
    ("state", "reason"), [(DRAFT, Reason.NEVER_ON), (OFF, Reason.IS_OFF), (PAUSED, Reason.IS_PAUSED)]
)
def test_the_flow_is_not_on(hanako: Customer, state: str, reason: Reason) -> None:
    assert why(hanako, *a_flow(state=state))[0].reason is reason


def test_orders_and_the_one_that_the_flow_waits_for(hanako: Customer) -> None:
    flow, definition = a_flow(event(On.ORDER, nth=2, products=("TEA-50",)))
    assert why(hanako, flow, definition) == [WhyNot(Reason.NOT_TRIGGERED, NOON)]
    order(hanako, "1", NOON - A_DAY, "TEA-50")
    assert why(hanako, flow, definition) == [WhyNot(Reason.BEFORE_START, NOON - A_DAY, "1 (1)")]
    order(hanako, "2", NOON + A_DAY, "SOAP-1", "CUP-1")
    order(hanako, "cancelled", NOON + A_DAY, "TEA-50", state=CANCELLED)
    order(hanako, "3", NOON + 2 * A_DAY, "TEA-50")
    assert why(hanako, flow, definition) == [
        WhyNot(Reason.OTHER_PRODUCTS, NOON + A_DAY, "2 (2)"),
        WhyNot(Reason.OTHER_ORDER, NOON + 2 * A_DAY, "3 (3)"),
    ]


def test_an_order_that_should_have_triggered_it_is_named(hanako: Customer) -> None:
    flow, definition = a_flow()
    order(hanako, "1", NOON)
    assert why(hanako, flow, definition) == [WhyNot(Reason.TRIGGERED, NOON, "1 (1)")]


def test_entered_before_or_held_out(hanako: Customer) -> None:
    flow, definition = a_flow()
    enrolled(hanako, flow)
    assert why(hanako, flow, definition)[0] == WhyNot(Reason.ENTERED_BEFORE, NOON, "order:1001")
    yui = person("b")
    enrolled(yui, flow, state=HELD_OUT)
    assert why(yui, flow, definition)[0] == WhyNot(Reason.HELD_OUT, NOON, "order:1001")


def test_following_a_tag_and_a_click(hanako: Customer) -> None:
    followed = a_flow(event(On.FOLLOW))
    assert why(hanako, *followed) == [WhyNot(Reason.TRIGGERED, NOON)]
    flow = followed[0]
    flow.starts_at = NOON + A_DAY
    assert why(hanako, flow, followed[1]) == [WhyNot(Reason.BEFORE_START, NOON)]
    flow.starts_at = NOON

    tagged = followed[1].model_copy(update={"trigger": event(On.TAG, tag="has-concern")})
    assert why(hanako, flow, tagged) == [WhyNot(Reason.NOT_TRIGGERED, NOON)]
    with write_transaction():
        customer_tags.add(hanako.id, "has-concern", "flow:1")
    assert why(hanako, flow, tagged) == [WhyNot(Reason.TRIGGERED, NOON, "has-concern")]

    clicked = followed[1].model_copy(update={"trigger": event(On.CLICK, flow="other", step="how-to")})
    assert why(hanako, flow, clicked) == [WhyNot(Reason.NOT_TRIGGERED, NOON)]
    with write_transaction():
        short_links.make(hanako.id, "https://shop.example/a", "x", flow_key="other", step_key="how-to")
        clicks.record(ShortLink.get().id, NOON - A_DAY)
    assert why(hanako, flow, clicked) == [WhyNot(Reason.BEFORE_START, NOON - A_DAY, "how-to")]


def test_what_happened_elsewhere_is_passed_in(hanako: Customer) -> None:
    flow, definition = a_flow(event(On.SCORE, max_score=6))

    def scored(score: int, days: int) -> Happened:
        return Happened(NOON + days * A_DAY, Occurrence(On.SCORE, f"nps.score:{score}", score=score))

    assert why_not.reasons(hanako, flow, definition) == [WhyNot(Reason.NOT_KNOWN)]
    assert why(hanako, flow, definition) == [WhyNot(Reason.NOT_TRIGGERED, NOON)]
    assert why(hanako, flow, definition, scored(9, 1), scored(10, -3)) == [
        WhyNot(Reason.NOT_MATCHING, NOON + A_DAY, "9")
    ]
    assert why(hanako, flow, definition, scored(3, -1)) == [WhyNot(Reason.BEFORE_START, NOON - A_DAY, "3")]
    assert why(hanako, flow, definition, scored(3, -1), scored(2, 4)) == [
        WhyNot(Reason.TRIGGERED, NOON + 4 * A_DAY, "2")
    ]


@pytest.mark.parametrize(
    ("trigger", "reason"),
    [
        (event(On.HAND), Reason.BY_HAND),
        (event(On.BIRTHDAY), Reason.NOT_KNOWN),
        (event(On.RECENCY, days=90), Reason.NOT_KNOWN),
    ],
    ids=str,
)
def test_what_nobody_can_know(hanako: Customer, trigger: Event, reason: Reason) -> None:
    assert why(hanako, *a_flow(trigger)) == [WhyNot(reason)]
