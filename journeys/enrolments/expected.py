"""How many pushes the enrolments that fall due until the month's end will cost, for the forecast of the budget."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import peewee

from bot.db.database import execute, stored
from journeys.enrolments.tables import WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.tables import Flow
from journeys.sending.budget import Demand
from journeys.sending.message_kinds import MessageClass, step_priority

FEWEST_ENROLMENTS = 20
"""Enrolments of a flow from which their average cost means something."""


def due_until(moment: datetime, since: datetime) -> list[Demand]:
    """The pushes expected of customers inside flows who are due before that moment: for each as many as an
    enrolment of the same flow has cost on average, of those that sent something since `since`; one where a flow
    has hardly begun."""
    rows: Any = (
        Enrolment.select(Enrolment.flow, peewee.fn.COUNT(Enrolment.id))
        .where(Enrolment.state == WAITING, Enrolment.due_at < moment)
        .group_by(Enrolment.flow)
        .tuples()
    )
    due = dict(rows)
    costs, begun = _costs(since)
    found = []
    for flow_id, count in due.items():
        if begun[flow_id] < FEWEST_ENROLMENTS:
            found.append(_one_each(flow_id, count))
            continue
        found += [
            Demand(message_class, priority, -(-count * pushed // begun[flow_id]))
            for message_class, priority, pushed in costs[flow_id]
        ]
    return found


def _costs(since: datetime) -> tuple[dict[int, list[tuple[MessageClass, int, int]]], dict[int, int]]:
    """By flow: pushes of each class and priority, and how many enrolments sent something."""
    pushed: dict[int, list[tuple[MessageClass, int, int]]] = defaultdict(list)
    for flow_id, name, priority, pushes in execute(_PUSHES, stored(since)).fetchall():
        pushed[flow_id].append((MessageClass(name), priority, int(pushes)))
    begun = defaultdict(int, dict(execute(_BEGUN, stored(since)).fetchall()))
    return pushed, begun


_SENT = (
    "FROM planned_message p JOIN enrolment e ON e.id = p.enrolment_id JOIN outbox_message o ON o.id = p.outbox_id "
    "WHERE p.state = 'sent' AND p.settled_at >= ? "
)
_PUSHES = (
    "SELECT e.flow_id, p.message_class, p.priority, "
    f"SUM(CASE WHEN p.carries_cost AND o.sent_as = 'push' THEN 1 ELSE 0 END) {_SENT}"
    "GROUP BY e.flow_id, p.message_class, p.priority"
)
_BEGUN = f"SELECT e.flow_id, COUNT(DISTINCT e.id) {_SENT}GROUP BY e.flow_id"


def _one_each(flow_id: int, count: int) -> Demand:
    """One push for each, of the flow's own class."""
    message_class = MessageClass(stock.definition_of(Flow.get_by_id(flow_id)).class_)
    return Demand(message_class, step_priority(message_class), count)
