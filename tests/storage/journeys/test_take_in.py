"""Who can be taken into a flow that is switched on, by each trigger; and the figures of flows. On both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from console.journeys import triggers_of_other_domains
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.people import customer_tags
from customers.people.customer import Customer
from journeys.enrolments.tables import DONE, ENDED, GOAL, HELD_OUT, WAITING, Enrolment
from journeys.figures import flow_figures
from journeys.figures.flow_figures import FlowFigures
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.links.tables import LinkClick, ShortLink
from journeys.sending.tables import SENT, PlannedMessage
from journeys.taking_in import take_in
from rewards.ranks.tables import RankChange
from tests.console import chats


def a_flow(trigger: dict[str, Any], key: str = "flow") -> Flow:
    values = {"key": key, "name": key, "trigger": trigger, "holdout_percent": 0}
    values["step"] = [{"key": "one", "text": "こんにちは"}]
    with write_transaction():
        return stock.import_flow(FlowDefinition.model_validate(values))


def before(days: float) -> datetime:
    return localtime.now() - timedelta(days=days)


def ordered(who: Customer, number: str, days_ago: int, sku: str = "TEA", state: str = "paid") -> None:
    at = before(days_ago)
    made = Purchase.create(
        source="csv",
        order_number=number,
        customer=who.id,
        ordered_at=at,
        ordered_on=localtime.local_date(at),
        total_yen=1000,
        recorded_at=at,
        state=state,
    )
    PurchaseItem.create(purchase=made.id, sku=sku)
    Product.insert(sku=sku).on_conflict_ignore().execute()


def able(trigger: dict[str, Any], days: int = 30) -> list[str]:
    """The names of those who can be taken in, by what was asked for in the inbox."""
    flow = Flow.get_or_none(Flow.key == "flow") or a_flow(trigger)
    definition = FlowDefinition.model_validate({**_stored(flow), "trigger": trigger})
    query = triggers_of_other_domains.triggered(definition, days)
    assert query is not None
    InboxEvent.delete().execute()
    found = take_in.candidates(query, flow)
    with write_transaction():
        take_in.request_entries(flow, found)
    names = {who.id: who.display_name for who in Customer.select()}
    asked = [
        names[int(event.event_id.split(":")[2])] for event in InboxEvent.select().order_by(InboxEvent.id)
    ]
    assert len(asked) == len(take_in.ids(query, flow))
    assert take_in.candidates(query, flow, found[0].id if found else 0) == found[1:]
    return asked


def _stored(flow: Flow) -> dict[str, Any]:
    return stock.definition_of(flow).model_dump(mode="json", by_alias=True, exclude_defaults=True)


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"on": "order"}, ["一度", "二度"]),
        ({"on": "order", "nth": 1}, ["一度"]),
        ({"on": "order", "nth": 2}, ["二度"]),
        ({"on": "order", "products": ["SOAP", "CREAM"]}, ["二度"]),
        ({"on": "recency", "days": 40}, ["ごぶさた"]),
        ({"on": "tag", "tag": "気になる"}, ["二度"]),
        ({"on": "follow"}, ["一度", "二度", "返品"]),
        ({"on": "click", "step": "one"}, ["一度"]),
        ({"on": "click", "step": "two"}, []),
        ({"on": "click", "flow": "another"}, []),
        ({"on": "rank", "rank": "active"}, ["二度"]),
        ({"on": "rank", "rank": "premium"}, []),
        ({"on": "score", "min_score": 9}, ["一度"]),
        ({"on": "score", "max_score": 6}, ["二度"]),
    ],
)
def test_each_trigger_finds_those_to_whom_it_happened_lately(
    trigger: dict[str, Any], expected: list[str]
) -> None:
    once, twice, gone, absent = (chats.customer(name) for name in ("一度", "二度", "返品", "ごぶさた"))
    ordered(once, "1", 3)
    ordered(twice, "2", 400)
    ordered(twice, "3", 5, "SOAP")
    ordered(gone, "4", 2, state="cancelled")
    Customer.update(registered_at=before(90), last_purchased_on=localtime.local_date(before(55))).where(
        Customer.id == absent.id
    ).execute()
    with write_transaction():
        customer_tags.add(twice.id, "気になる")
        link = ShortLink.create(
            code="x",
            customer=once.id,
            url="https://shop.example",
            cause="c",
            flow_key="flow",
            step_key="one",
            created_at=before(1),
        )
        LinkClick.create(link=link.id, clicked_at=before(1))
        LinkClick.create(link=link.id, clicked_at=before(1))
        for before_rank, after, who in ((1, 2, twice), (3, 2, once)):
            RankChange.create(
                customer=who.id,
                before=before_rank,
                after=after,
                money=1,
                behaviour=1,
                relationship=1,
                changed_at=before(2),
                rule_version="1",
            )
    chats.scored(once, 10, days_ago=4)
    chats.scored(twice, 3, days_ago=4)
    assert able(trigger) == expected


def test_an_order_is_the_cause_and_asking_twice_asks_once() -> None:
    who = chats.customer("一度")
    ordered(who, "A-1", 3)
    ordered(who, "A-2", 2)
    flow = a_flow({"on": "order"})
    query = take_in.triggered(stock.definition_of(flow).trigger, "flow", 30)
    for expected in (1, 0):
        with write_transaction():
            assert take_in.request_entries(flow, take_in.candidates(query, flow)) == expected
    [event] = InboxEvent.select()
    assert '"cause": "order:A-2"' in event.body


@pytest.mark.parametrize("on", ["birthday", "hand", "coupon-ending"])
def test_some_triggers_cannot_be_found_out_afterwards(on: str) -> None:
    trigger = {"on": on} | ({"days": 3} if on == "coupon-ending" else {})
    definition = stock.definition_of(a_flow(trigger))
    assert triggers_of_other_domains.triggered(definition, 30) is None


def test_the_figures_count_people_messages_and_what_cost() -> None:
    flow, other = a_flow({"on": "follow"}), a_flow({"on": "follow"}, "other")
    people = [chats.customer(str(number)) for number in range(6)]
    states = [WAITING, GOAL, DONE, ENDED, HELD_OUT]
    enrolled = [_enrolled(flow, who, state) for who, state in zip(people, states, strict=False)]
    _enrolled(flow, people[1], GOAL, "again:2")
    _enrolled(other, people[5], WAITING)
    for number, (sent_as, carries) in enumerate(
        (("push", True), ("push", False), ("reply", True), (None, True))
    ):
        outbox = OutboxMessage.create(
            conversation=people[0].conversation_id,
            kind="push",
            cause=str(number),
            retry_key=str(number),
            created_at=localtime.now(),
            sent_as=sent_as,
        )
        _sent(people[0], enrolled[0], str(number), outbox.id, carries)
    figures = flow_figures.of_flow(flow_figures.count(), flow.id)
    assert figures == FlowFigures(inside=1, entered=4, reached=1, sent=4, pushes=1)
    assert (figures.free_share, figures.reached_share) == (0.75, 0.25)
    assert flow_figures.of_flow(flow_figures.count(), other.id) == FlowFigures(inside=1, entered=1)
    assert flow_figures.of_flow({}, flow.id).free_share is None
    assert flow_figures.inside_by_step(flow.id) == {"one": 1}


def _enrolled(flow: Flow, who: Customer, state: str, entry_key: str = "once") -> int:
    now = localtime.now()
    row = Enrolment.create(
        customer=who.id,
        flow=flow.id,
        entry_key=entry_key,
        version_id=flow.version_id,
        state=state,
        step_key="one",
        base_at=now,
        cause="x",
        entered_at=now,
        ended_at=None if state == WAITING else now,
    )
    return int(row.id)


def _sent(who: Customer, enrolment_id: int, cause: str, outbox_id: int, carries_cost: bool) -> None:
    now = localtime.now()
    PlannedMessage.create(
        customer=who.id,
        conversation=who.conversation_id,
        kind="flow-step",
        message_class="care",
        priority=1,
        cause=cause,
        created_at=now,
        earliest_at=now,
        latest_at=now,
        due_at=now,
        state=SENT,
        settled_at=now,
        outbox_id=outbox_id,
        carries_cost=carries_cost,
        enrolment_id=enrolment_id,
        step_key="one",
    )
