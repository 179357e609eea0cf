"""Ends enrolments, holds them, and lets held ones go on: goals, blocks, opt-outs, pauses, faults.

All of one customer's enrolments are changed under the customer's lock (`customers.lock`), which callers take.
What is planned and not sent yet is dropped together with its enrolment.
"""

from datetime import datetime
from typing import Any

from bot import localtime, notices
from bot.db.database import execute, is_postgres, require_transaction, stored
from bot.notices import notice_text
from customers.people.customer import Customer
from journeys.enrolments import tables
from journeys.enrolments.tables import ENDED, GOAL, HELD, HELD_OUT, WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.tables import Flow
from journeys.sending import limits, planned
from journeys.sending.tables import DROPPED
from journeys.sending.tables import WAITING as PLANNED_WAITING

BLOCKED, OPTED_OUT, TICKET = limits.BLOCKED, limits.OPTED_OUT, limits.TICKET
UNREACHABLE, FLOW_OFF, STEP_DELETED = "unreachable", "off", "step-deleted"
PAUSE, ERROR = tables.PAUSED, tables.ERROR


def inside(customer_id: int) -> list[Enrolment]:
    """The customer's enrolments that have not ended, oldest first, with held-out ones whose goal may come yet."""
    query = Enrolment.select().where(Enrolment.customer == customer_id, Enrolment.ended_at.is_null())
    return list(query.order_by(Enrolment.id))


def change(enrolment: Enrolment, **columns: Any) -> None:
    """Write these columns alone."""
    Enrolment.update(columns).where(Enrolment.id == enrolment.id).execute()
    for name, value in columns.items():
        setattr(enrolment, name, value)


def note(enrolment: Enrolment, what: str, detail: str) -> None:
    """Add a line to the record of what became of the enrolment, at its step."""
    planned.note(
        enrolment.customer_id,
        what,
        enrolment_id=enrolment.id,
        step_key=enrolment.step_key,
        detail=detail,
    )


def end(enrolment: Enrolment, state: str, reason: str) -> None:
    """End it for good, and drop what it had planned."""
    require_transaction()
    change(enrolment, state=state, end_reason=reason, ended_at=localtime.now(), due_at=None, waits_for=None)
    _drop_planned(enrolment, limits.NO_LONGER_APPLIES if state == GOAL else reason)
    note(enrolment, "ended", reason)


def reach_goal(enrolment: Enrolment) -> None:
    """The customer did what the flow is for: the rest is not sent. Of a held-out one it is noted."""
    end(enrolment, HELD_OUT if enrolment.state == HELD_OUT else GOAL, "goal")


def leave(customer_id: int, reason: str) -> int:
    """End the customer's enrolments after a block (all of them) or an opt-out (those with no order step ahead);
    how many. Held-out ones stay, so that both sides stay comparable."""
    count = 0
    for enrolment in inside(customer_id):
        if enrolment.state == HELD_OUT:
            continue
        definition = stock.definition_of_version(enrolment.version_id)
        if reason != OPTED_OUT or not has_order_step_from(definition, enrolment.step_key):
            end(enrolment, ENDED, reason)
            count += 1
    return count


def reason_to_leave(customer: Customer, definition: FlowDefinition, step: Step) -> str | None:
    """Why the customer leaves the flow at this step; None when they go on."""
    if customer.blocked_at is not None:
        return BLOCKED
    if customer.conversation_id is None or customer.line_user_id is None:
        return UNREACHABLE
    if customer.opted_out_at is not None and not has_order_step_from(definition, step.key):
        return OPTED_OUT
    return None


def has_order_step_from(definition: FlowDefinition, step_key: str) -> bool:
    """Whether that step or one after it is an order message, which an opt-out does not stop."""
    keys = [step.key for step in definition.step]
    ahead = definition.step[keys.index(step_key) :] if step_key in keys else ()
    return any(step.has_message and definition.class_of(step) == "order" for step in ahead)


def hold(enrolment: Enrolment, reason: str, until: datetime | None = None) -> None:
    """Hold it at its step until that moment, or until `release_held`. A line of the record for a new reason."""
    is_news = enrolment.end_reason != reason
    change(enrolment, state=HELD, end_reason=reason, due_at=until, waits_for=None)
    if is_news:
        note(enrolment, "held", reason)


def park(enrolment: Enrolment, error: Exception) -> None:
    """Hold an enrolment whose step failed, alone, with the reason; the owner is notified once for each step."""
    change(enrolment, state=HELD, end_reason=ERROR, due_at=None, waits_for=None)
    note(enrolment, "held", f"{ERROR}: {type(error).__name__}: {error}")
    flow = Flow.get_by_id(enrolment.flow_id)
    notices.notify(
        notice_of(enrolment),
        notice_text(
            "シナリオ「%(flow)s」のステップ「%(step)s」でエラーが起きたため、止まっているお客さまが"
            "います（%(error)s）。ほかのお客さまには届いています。直ってから、"
            "「止まった処理」でやり直せます。",
            flow=flow.name,
            step=enrolment.step_key,
            error=type(error).__name__,
        ),
    )


def notice_of(enrolment: Enrolment) -> str:
    """The key of the notice about its step: one, however many enrolments fail there."""
    return f"flow-step-error:{enrolment.flow_id}:{enrolment.step_key}"


def retry(enrolment: Enrolment) -> bool:
    """Let a parked one try its step again; False when it is not parked."""
    require_transaction()
    # The message that could not be made gives up its cause, which is unique, to the one that is planned now.
    execute(
        "UPDATE planned_message SET cause = cause || ':failed:' || id WHERE enrolment_id = ? AND step_key = ? "
        "AND state = ? AND reason = ?",
        *(enrolment.id, enrolment.step_key, DROPPED, ERROR),
    )
    mine = (Enrolment.id == enrolment.id) & (Enrolment.state == HELD) & (Enrolment.end_reason == ERROR)
    return bool(Enrolment.update(state=WAITING, due_at=localtime.now()).where(mine).execute())


def release_held(flow_id: int, limit: int) -> int:
    """Let those go on that were held while the flow was paused, at most so many; how many."""
    require_transaction()
    return _update_some(
        "SET state = 'waiting', due_at = ?", "state = 'held' AND end_reason = 'paused'", flow_id, limit
    )


def end_those_inside(flow_id: int, limit: int) -> int:
    """End those inside a flow that is off, at most so many; how many. What they had planned is dropped when it
    would be sent."""
    require_transaction()
    return _update_some(
        f"SET state = 'ended', end_reason = '{FLOW_OFF}', due_at = NULL, waits_for = NULL, ended_at = ?",
        "state IN ('waiting', 'held')",
        flow_id,
        limit,
    )


def _update_some(change_sql: str, condition: str, flow_id: int, limit: int) -> int:
    lock = "FOR UPDATE SKIP LOCKED" if is_postgres() else ""
    changed = execute(
        f"UPDATE enrolment {change_sql} WHERE id IN (SELECT id FROM enrolment WHERE flow_id = ? "  # noqa: S608 -- fixed SQL
        f"AND {condition} LIMIT ? {lock})",
        *(stored(localtime.now()), flow_id, limit),
    )
    return int(changed.rowcount)


def _drop_planned(enrolment: Enrolment, reason: str) -> None:
    dropped = execute(
        "UPDATE planned_message SET state = ?, reason = ?, settled_at = ? WHERE enrolment_id = ? AND state = ? "
        "RETURNING id, step_key",
        *(DROPPED, reason, stored(localtime.now()), enrolment.id, PLANNED_WAITING),
    ).fetchall()
    for planned_id, step_key in dropped:
        planned.note(
            enrolment.customer_id,
            "dropped",
            planned_id=planned_id,
            enrolment_id=enrolment.id,
            step_key=step_key,
            detail=reason,
        )
