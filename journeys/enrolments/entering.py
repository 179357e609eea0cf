"""Lets a customer enter a flow: one row, whose unique key decides whether they may.

Who is held out (`journeys/proof/assignment.py`) is the first question, before anything else is asked of the customer,
so that both sides stay comparable. What follows is in `steps.py`.
"""

import json
from collections.abc import Sequence
from typing import Any

from bot import localtime
from bot.db.database import insert_once, require_transaction
from journeys.enrolments import repurchase, waits
from journeys.enrolments.entry_keys import Entry, entry_key
from journeys.enrolments.tables import HELD_OUT, INSIDE, WAITING, Enrolment
from journeys.flows.definition import Again, FlowDefinition
from journeys.flows.occurrences import Occurrence
from journeys.flows.tables import Flow
from journeys.proof import assignment, periods
from journeys.proof.assignment import BY_SHOP, Side
from journeys.sending import planned
from journeys.sending.message_kinds import CLASS_RULES, MessageClass


def enter(
    customer_id: int, flow: Flow, definition: FlowDefinition, occurrence: Occurrence
) -> Enrolment | None:
    """The customer's new enrolment in the flow's published version, waiting for its first step; None when the
    entry policy forbids it. A held-out one is stored and never written to."""
    require_transaction()
    now = localtime.now()
    key = entry_key(definition.entry, occurrence, _earlier(customer_id, flow.id, definition), now)
    if key is None:
        return None
    first = definition.step[0]
    side = side_of(customer_id, flow, definition)
    held_out = side.is_held_out
    data = {"order": occurrence.order_number, "products": list(occurrence.products)}
    bought = (
        repurchase.of_customer(customer_id, occurrence.order_number, occurrence.products)
        if first.wait.repurchase
        else None
    )
    values = {
        "customer": customer_id,
        "flow": flow.id,
        "entry_key": key,
        "version_id": flow.version_id,
        "state": HELD_OUT if held_out else WAITING,
        "step_key": first.key,
        "due_at": None if held_out else waits.due_at(first.wait, now, localtime.zone(), bought),
        "base_at": now,
        "waits_for": None if held_out else waits.ended_by(first.wait),
        "cause": occurrence.cause[:255],
        "data": json.dumps({name: value for name, value in data.items() if value}, ensure_ascii=False),
        "entered_at": now,
        # Without a goal to wait for, nothing more can be learnt of a held-out one.
        "ended_at": now if side.by_shop or (held_out and definition.goal is None) else None,
        "end_reason": BY_SHOP if side.by_shop else "",
    }
    enrolment_id = insert_once(Enrolment, **values)
    if enrolment_id is None:
        return None
    detail = f"{HELD_OUT}:{BY_SHOP}" if side.by_shop else HELD_OUT if held_out else occurrence.cause
    planned.note(customer_id, "entered", enrolment_id=enrolment_id, detail=detail)
    return Enrolment(id=enrolment_id, **values)


def _earlier(customer_id: int, flow_id: int, definition: FlowDefinition) -> list[Entry]:
    """The customer's entries so far, where the policy depends on them."""
    if not isinstance(definition.entry, Again):
        return []
    rows: Any = Enrolment.select(Enrolment.entered_at, Enrolment.state).where(
        Enrolment.customer == customer_id, Enrolment.flow == flow_id
    )
    return [Entry(row.entered_at, row.state in INSIDE) for row in rows]


def side_of(customer_id: int, flow: Flow, definition: FlowDefinition) -> Side:
    """The customer's side of the flow's comparison. A flow with messages about orders holds nobody out."""
    if not may_hold_out(definition):
        return Side()
    return assignment.side(periods.of_flow(flow.id), customer_id, definition.holdout_percent, definition.key)


def foreseen_side(customer_id: int, definition: FlowDefinition) -> Side:
    """The side that the customer would be on now, also of a flow that was never on; nothing is stored."""
    return foreseen_sides([customer_id], definition)[customer_id]


def foreseen_sides(customer_ids: Sequence[int], definition: FlowDefinition) -> dict[int, Side]:
    """The same of many customers."""
    if not may_hold_out(definition):
        return dict.fromkeys(customer_ids, Side())
    flow = Flow.get_or_none(Flow.key == definition.key)
    subject = periods.of_flow(flow.id if flow is not None else 0)
    return assignment.foreseen(subject, customer_ids, definition.holdout_percent, definition.key)


def may_hold_out(definition: FlowDefinition) -> bool:
    """Whether the classes of the flow and of its messages permit that some customers get nothing."""
    sent = [definition.class_of(step) for step in definition.step if step.has_message]
    return all(CLASS_RULES[MessageClass(each)].may_be_held_out for each in (definition.class_, *sent))
