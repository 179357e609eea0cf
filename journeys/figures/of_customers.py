"""Reads what each of some customers was sent unasked, what it cost, and which flows they are or were in."""

from collections.abc import Collection
from typing import Any, NamedTuple

from bot.db.database import execute
from bot.db.value_lists import among, as_list, is_one_of
from journeys.enrolments.tables import HELD_OUT, INSIDE, Enrolment
from journeys.flows.tables import Flow


class Messages(NamedTuple):
    """Unasked messages that LINE took: how many, and how many pushes of them cost something (several messages of one
    push count once)."""

    sent_count: int
    push_count: int


class Flows(NamedTuple):
    """The names of flows a customer is in now, and of those they were in and are no more."""

    inside: tuple[str, ...]
    ended: tuple[str, ...]


def messages_of(customer_ids: Collection[int]) -> dict[int, Messages]:
    """By customer; without those who got none. Counted as in `journeys/sending/costs.py`, over all time."""
    rows = execute(_MESSAGES.format(among("p.customer_id")), as_list(list(customer_ids))).fetchall()
    return {customer_id: Messages(int(sent), int(pushed)) for customer_id, sent, pushed in rows}


def flows_of(customer_ids: Collection[int]) -> dict[int, Flows]:
    """By customer; without those who were in none. Who is held out of a flow is not in it."""
    columns = Enrolment.select(Enrolment.customer, Flow.name, Enrolment.state).join(Flow)
    theirs = columns.where(is_one_of(Enrolment.customer, customer_ids), Enrolment.state != HELD_OUT)
    found: dict[int, tuple[list[str], list[str]]] = {}
    rows: Any = theirs.order_by(Enrolment.id).tuples()
    for customer_id, name, state in rows:
        inside, ended = found.setdefault(customer_id, ([], []))
        (inside if state in INSIDE else ended).append(name)
    return {
        customer_id: Flows(tuple(dict.fromkeys(inside)), tuple(dict.fromkeys(ended)))
        for customer_id, (inside, ended) in found.items()
    }


_MESSAGES = (
    "SELECT p.customer_id, COUNT(*), SUM(CASE WHEN o.sent_as = 'push' AND p.carries_cost THEN 1 ELSE 0 END) "
    "FROM planned_message p JOIN outbox_message o ON o.id = p.outbox_id "
    "WHERE {} AND p.state = 'sent' AND o.sent_at IS NOT NULL GROUP BY p.customer_id"
)
