"""A walk-through foretells what the engine does: random small flows, played both ways, give the same steps at the same
times."""

import itertools
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot import localtime
from bot.config import shop
from bot.conversations import ensure
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.inbox import InboxEvent, NewEvent
from bot.worker.worker import handle_next
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_jobs, flow_triggers, flow_walk_input, message_jobs, register
from journeys.enrolments import entering, subscriptions
from journeys.enrolments.tables import INSIDE, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import ON, Flow
from journeys.sending.tables import JourneyEntry, PlannedMessage
from journeys.walk_through.playing import SimulatedAction, SimulationInput, What, play

START = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
TAGS = ("yes", "no")
STEPS = ("s1", "s2", "s3", "s4")
Line = tuple[datetime, str, str | None]
_numbers = itertools.count(1)


class NoSender:
    """Takes what the worker would send, and sends nothing."""

    presence = SimpleNamespace(key="nobody")

    def expect(self, _rows: Any) -> None: ...
    def check_commit(self, _rows: Any) -> None: ...
    def send(self, _rows: Any) -> None: ...


@pytest.fixture(autouse=True)
def the_shop(any_database: object) -> None:
    register()
    shop.use({})
    Product.create(sku="TEA", name="お茶", repurchase_days=14)


AT = st.sampled_from(["08:00", "11:00", "12:00", "20:30", "22:00"])
WAIT: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"days": st.integers(0, 5)}, optional={"at": AT}),
    st.fixed_dictionaries({"until": st.just("tag"), "tag": st.sampled_from(TAGS), "days": st.integers(1, 5)}),
    st.fixed_dictionaries(
        {"until": st.just("click"), "step": st.sampled_from(STEPS), "days": st.integers(1, 4)}
    ),
    st.fixed_dictionaries({"repurchase": st.just(True), "days": st.integers(0, 5)}, optional={"at": AT}),
    st.fixed_dictionaries({"date": st.sampled_from(["2026-12-03", "2026-12-10"]), "at": AT}),
)
WHEN: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"tag": st.sampled_from(TAGS)}),
    st.fixed_dictionaries({"not_tag": st.sampled_from(TAGS)}),
    st.fixed_dictionaries({"any": st.just([{"tag": "yes"}, {"tag": "no"}])}),
)
STEP: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"wait": WAIT, "latest_days": st.integers(0, 3)},
    optional={
        "when": WHEN,
        "text": st.just("本文"),
        "when_busy": st.just("skip"),
        "class": st.sampled_from(["selling", "order"]),
        "set_tags": st.sampled_from([["yes"], ["no"]]),
        "remove_tags": st.sampled_from([["yes"], ["no"]]),
        "testimonial": st.just("newest"),
    },
)


@st.composite
def flows(draw: st.DrawFn) -> dict[str, Any]:
    """A flow of up to four steps that lead downwards."""
    steps = draw(st.lists(STEP, min_size=1, max_size=4))
    for place, step in enumerate(steps):
        step["key"] = STEPS[place]
        below = [*STEPS[place + 1 : len(steps)], "end"]
        for name in ("then", "otherwise"):
            if draw(st.booleans()):
                step[name] = draw(st.sampled_from(below))
    buttons = [{"label": tag, "tag": tag} for tag in TAGS]
    steps[0] |= {"text": "本文", "buttons": buttons}  # so that the flow has these buttons
    return {
        "name": "ためし",
        "trigger": {"on": "hand"},
        "step": steps,
        **draw(st.fixed_dictionaries({}, optional={"goal": st.just({"on": "order"})})),
    }


DEEDS = st.lists(
    st.tuples(
        st.integers(1, 20 * 24 * 60),
        st.sampled_from(["tag.yes", "tag.no", "click.s1", "click.s2", "order.", "write."]),
    ),
    max_size=6,
    unique_by=lambda action: action[0],
)


CLICK_ON_A_STEP_NOT_SENT_YET: dict[str, Any] = {
    "name": "ためし",
    "trigger": {"on": "hand"},
    "step": [
        {
            "key": "s1",
            "wait": {"until": "click", "step": "s1", "days": 3},
            "when": {"any": [{"tag": "yes"}, {"tag": "no"}]},
            "then": "s4",
            "text": "本文",
            "latest_days": 0,
            "buttons": [{"label": tag, "tag": tag} for tag in TAGS],
        },
        {
            "key": "s4",
            "wait": {"date": "2026-12-03", "at": "11:00"},
            "class": "selling",
            "text": "本文",
            "when": {"tag": "yes"},
        },
    ],
}


@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example plays weeks: shrinking takes minutes
)
@example(CLICK_ON_A_STEP_NOT_SENT_YET, [(2061, "click.s1"), (214, "tag.no")])
@given(flows(), DEEDS)
def test_the_walk_through_and_the_engine_agree(flow: dict[str, Any], actions: list[tuple[int, str]]) -> None:
    number = next(_numbers)
    definition = FlowDefinition.model_validate({"holdout_percent": 0, **flow, "key": f"try-{number}"})
    with localtime.fixed(START - timedelta(days=10)):
        customer = new_customer(number)
        buy(customer)
    with localtime.fixed(START):
        given = flow_walk_input.collect(customer, definition).input
    done = [
        SimulatedAction(START + timedelta(minutes=minutes), occurrence(definition.key, what))
        for minutes, what in actions
    ]
    foretold = walked(definition, given, done)
    assert foretold == run(definition, customer, done)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By time, whatever the zone in which a moment is written."""
    return sorted(lines, key=lambda line: (line[0], line[1], line[2] or ""))


def new_customer(number: int) -> Customer:
    user = f"U{number:032d}"
    with write_transaction():
        return customers.follow(user, ensure(user, user))


def buy(customer: Customer) -> None:
    """An order of something that lasts a fortnight."""
    now = localtime.now()
    order = Purchase.create(
        source="test",
        order_number=f"A-{next(_numbers)}",
        customer=customer.id,
        ordered_at=now,
        ordered_on=localtime.local_date(now),
        total_yen=1_000,
        recorded_at=now,
    )
    PurchaseItem.create(purchase=order.id, sku="TEA")


def occurrence(flow_key: str, what: str) -> Occurrence | None:
    kind, value = what.split(".")
    if kind == "write":
        return None
    cause = f"action:{next(_numbers)}"
    if kind == "tag":
        return Occurrence(On.TAG, cause, tag=value)
    if kind == "click":
        return Occurrence(On.CLICK, cause, flow=flow_key, step=value)
    return Occurrence(On.ORDER, cause)


def walked(definition: FlowDefinition, given: SimulationInput, actions: list[SimulatedAction]) -> list[Line]:
    """What the walk-through says: what became of each step, and how it ended."""
    names = {
        What.SENT: "sent",
        What.PASSED_OVER: "passed-over",
        What.SKIPPED: "skipped",
        What.DROPPED: "dropped",
    }
    found = [
        (event.at, names[event.what], event.step_key)
        for event in play(definition, START, given, actions)
        if event.what in names
    ]
    return in_order(found)


def run(definition: FlowDefinition, customer: Customer, actions: list[SimulatedAction]) -> list[Line]:
    """What the engine does, with the clock set to each moment at which anything is due."""
    with localtime.fixed(START):
        with write_transaction():
            flow = stock.import_flow(definition)
            Flow.update(state=ON, starts_at=START).where(Flow.id == flow.id).execute()
            subscriptions.forget_cached()
        with write_transaction():
            enrolment = entering.enter(customer.id, flow, definition, Occurrence(On.HAND, "hand:1"))
        assert enrolment is not None
        settle()
    to_come = sorted(actions, key=lambda each: each.at)
    for _ in range(500):
        moment = next_due(enrolment.id)
        if to_come and (moment is None or to_come[0].at < moment):
            action = to_come.pop(0)
            with localtime.fixed(action.at):
                do(action, customer, enrolment)
                settle()
        elif moment is not None:
            with localtime.fixed(moment):
                settle()
        else:
            break
    assert Enrolment.get_by_id(enrolment.id).state not in INSIDE
    return in_order(became(enrolment.id))


def next_due(enrolment_id: int) -> datetime | None:
    mine = Enrolment.get_by_id(enrolment_id)
    moments = [mine.due_at] if mine.state in INSIDE and mine.due_at else []
    waiting = PlannedMessage.select().where(
        PlannedMessage.enrolment_id == enrolment_id, PlannedMessage.state == "waiting"
    )
    return min([*moments, *(each.due_at for each in waiting)], default=None)


def settle() -> None:
    """The clock's jobs and the worker, until nothing more is due now."""
    while True:
        due = flow_jobs.take_due_steps() + message_jobs.release_planned_messages()
        handled = 0
        while count := handle_next(NoSender()):  # type: ignore[arg-type]
            handled += count
        parked = [row.error for row in InboxEvent.select().where(InboxEvent.state == "parked")]
        assert not parked, parked
        if not due and not handled:
            return


def do(action: SimulatedAction, customer: Customer, enrolment: Enrolment) -> None:
    """What the customer does, as LINE or the shop's system reports it."""
    if action.did is None:
        come(customer, {"type": "message", "message": {"type": "text", "id": "1", "text": "ポイント"}})
    elif action.did.on is On.TAG:
        data = f"flow.tag?enrolment={enrolment.id}&step=s1&tag={action.did.tag}"
        come(customer, {"type": "postback", "postback": {"data": data}})
    else:
        with write_transaction():
            customers.lock(customer.id)
            if action.did.on is On.ORDER:
                buy(customer)
            flow_triggers.note(customer, action.did)


def come(customer: Customer, body: dict[str, Any]) -> None:
    key = customer.line_user_id or ""
    now = localtime.now()
    event = {"replyToken": f"token-{next(_numbers)}", "source": {"type": "user", "userId": key}, **body}
    with write_transaction():
        inbox.store([NewEvent(f"line-{next(_numbers)}", key, key, "line", json.dumps(event), now, now)])


def became(enrolment_id: int) -> Iterator[Line]:
    """What became of each step."""
    for entry in JourneyEntry.select().where(
        JourneyEntry.enrolment_id == enrolment_id, JourneyEntry.what == "passed-over"
    ):
        yield entry.happened_at, entry.what, entry.step_key
    for row in PlannedMessage.select().where(PlannedMessage.enrolment_id == enrolment_id):
        if row.reason != "no-longer-applies":  # dropped with its enrolment: the goal was reached
            yield row.settled_at, row.state, row.step_key
