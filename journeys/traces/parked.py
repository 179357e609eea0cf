"""Lists the enrolments whose step failed, each with its error, and lets them try it again.

They are parked by `journeys/enrolments/steps.py`; the rest of their customers' flows goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import notices
from bot.db.database import require_transaction
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.enrolments import goals_and_exits
from journeys.enrolments.tables import ERROR, HELD, Enrolment
from journeys.flows.tables import Flow
from journeys.sending.tables import JourneyEntry

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Parked:
    """An enrolment that waits for somebody to try its step again."""

    id: int
    customer_id: int
    customer_name: str
    flow_key: str
    flow_name: str
    step_key: str
    error: str
    since: datetime | None


def parked() -> list[Parked]:
    """Those parked, oldest enrolment first, at most `MOST_SHOWN`."""
    query = Enrolment.select(Enrolment, Customer.id, Customer.display_name).join(Customer).where(_is_parked())
    rows = list(query.order_by(Enrolment.id).limit(MOST_SHOWN))
    flows = {flow.id: flow for flow in Flow.select()}
    lines = _newest_lines([each.id for each in rows])
    return [
        Parked(
            id=each.id,
            customer_id=each.customer_id,
            customer_name=each.customer.display_name,
            flow_key=flows[each.flow_id].key,
            flow_name=flows[each.flow_id].name,
            step_key=each.step_key,
            error=lines[each.id].detail if each.id in lines else "",
            since=lines[each.id].happened_at if each.id in lines else None,
        )
        for each in rows
    ]


def retry(enrolment_id: int) -> bool:
    """Let it try its step again at once; False when it is not parked (any more). The owner's notice about the step
    goes with the last one parked there."""
    require_transaction()
    found: Enrolment | None = Enrolment.get_or_none(Enrolment.id == enrolment_id)
    if found is None:
        return False
    customers.lock(found.customer_id)
    found = Enrolment.get_by_id(enrolment_id)
    if not goals_and_exits.retry(found):
        return False
    here = (Enrolment.flow == found.flow_id) & (Enrolment.step_key == found.step_key)
    if not Enrolment.select().where(_is_parked(), here).exists():
        notices.take_down(goals_and_exits.notice_of(found))
    return True


def _is_parked() -> Any:
    """By the index over flow and state."""
    of_a_flow = Enrolment.flow.in_(Flow.select(Flow.id))
    return of_a_flow & (Enrolment.state == HELD) & (Enrolment.end_reason == ERROR)


def _newest_lines(ids: Sequence[int]) -> dict[int, JourneyEntry]:
    """The line of the record that says why, by enrolment."""
    held = (JourneyEntry.what == "held") & JourneyEntry.detail.startswith(ERROR)
    query = JourneyEntry.select().where(JourneyEntry.enrolment_id.in_(list(ids)), held)
    rows: Any = query.order_by(JourneyEntry.id)
    return {each.enrolment_id: each for each in rows}
