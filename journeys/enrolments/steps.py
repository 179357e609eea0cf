"""What an enrolment does when its step is due, and after its message was settled.

`run` asks the step's condition, sets its marks, plans its message, and goes on to the step that is due next.
The message itself is made when it is sent (`handlers/flow_steps.py`).
"""

from datetime import datetime, timedelta

from bot import localtime, log, outages
from bot.db import conflicts
from bot.db.database import savepoint
from customers.people import customer_tags
from customers.people.customer import Customer
from journeys.enrolments import goals_and_exits, repurchase, variants, waits
from journeys.enrolments.conditions import holds
from journeys.enrolments.fact_providers import FactProviders
from journeys.enrolments.tables import DONE, ENDED, SENDING, WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import ON, PAUSED, Flow
from journeys.sending import planned
from journeys.sending.message_kinds import CLASS_RULES, Kind, MessageClass, step_priority
from journeys.sending.planned import NewMessage
from journeys.sending.tables import DROPPED, SENT, PlannedMessage

PASSED_OVER = "passed-over"


class EndlessFlow(Exception):
    """The flow's steps lead in a circle without a wait."""


def cause_of(enrolment_id: int, step_key: str) -> str:
    """The cause of a step's message: a step is planned once in an enrolment."""
    return f"flow:{enrolment_id}:{step_key}"


def run(enrolment: Enrolment, customer: Customer, providers: FactProviders) -> None:
    """Do what is due. A step that fails parks this enrolment alone, with its reason; what it did is undone."""
    try:
        with savepoint():
            _run(enrolment, customer, providers)
    except Exception as error:  # whatever one step raises must not end or stop the others
        if conflicts.is_conflict(error) or outages.classify(error) is not None:
            raise
        log.exception("a flow's step failed", enrolment=enrolment.id, step=enrolment.step_key)
        goals_and_exits.park(Enrolment.get_by_id(enrolment.id), error)


def settled(row: PlannedMessage, providers: FactProviders) -> None:
    """Go on after a step's message was sent, skipped or dropped: wait for the next step, carry it out when its time
    has come, or end. An enrolment is done when its last message was sent."""
    enrolment = Enrolment.get_or_none(Enrolment.id == row.enrolment_id)
    if enrolment is None or enrolment.state != SENDING or enrolment.step_key != row.step_key:
        return
    definition = stock.definition_of_version(enrolment.version_id)
    step = definition.find(enrolment.step_key)
    if step is None:
        goals_and_exits.end(enrolment, ENDED, goals_and_exits.STEP_DELETED)
        return
    if row.state == DROPPED and row.reason == goals_and_exits.ERROR:
        goals_and_exits.hold(enrolment, goals_and_exits.ERROR)  # the owner was notified when making it failed
        return
    following = definition.after(step)
    if following is None:
        was_sent = row.state == SENT
        goals_and_exits.end(
            enrolment, DONE if was_sent else ENDED, "completed" if was_sent else row.reason or row.state
        )
        return
    _wait_for(enrolment, definition, following, enrolment.base_at)
    if enrolment.due_at is not None and enrolment.due_at <= localtime.now():
        run(enrolment, Customer.get_by_id(enrolment.customer_id), providers)


def _run(enrolment: Enrolment, customer: Customer, providers: FactProviders) -> None:
    flow = Flow.get_by_id(enrolment.flow_id)
    if flow.state == PAUSED:
        goals_and_exits.hold(enrolment, goals_and_exits.PAUSE)
        return
    if flow.state != ON:
        goals_and_exits.end(enrolment, ENDED, goals_and_exits.FLOW_OFF)
        return
    definition, now = stock.definition_of_version(enrolment.version_id), localtime.now()
    if definition.goal is not None and providers.has_reached(enrolment, definition.goal, definition.key):
        goals_and_exits.reach_goal(enrolment)
        return
    # After a hold the days begin anew, so that the later steps keep their distance.
    base = (
        now if enrolment.end_reason else enrolment.base_at if enrolment.is_taken else enrolment.due_at or now
    )
    for _ in range(len(definition.step) + 1):
        step = definition.find(enrolment.step_key)
        if step is None:
            goals_and_exits.end(enrolment, ENDED, goals_and_exits.STEP_DELETED)
            return
        reason = goals_and_exits.reason_to_leave(customer, definition, step)
        if reason is not None:
            goals_and_exits.end(enrolment, ENDED, reason)
            return
        until = _rests_until(definition, step, customer, providers)
        if until is not None:
            goals_and_exits.hold(enrolment, goals_and_exits.TICKET, until)
            return
        _no_longer_held(enrolment)
        following, is_sending = _do(enrolment, definition, step, customer, providers, base)
        if is_sending:
            return
        if following is None:
            goals_and_exits.end(enrolment, DONE, "completed")
            return
        _wait_for(enrolment, definition, following, base)
        if enrolment.due_at is None or enrolment.due_at > now:
            return
        base = enrolment.due_at
    raise EndlessFlow(f"{definition.key}: the steps around {enrolment.step_key} lead in a circle")


def _do(
    enrolment: Enrolment,
    definition: FlowDefinition,
    step: Step,
    customer: Customer,
    providers: FactProviders,
    base: datetime,
) -> tuple[str | None, bool]:
    """Pass the step over or carry it out: the key of the step that follows, and whether its message is planned
    and has to be settled first."""
    passed_over = _why_passed_over(enrolment, definition, step, customer, providers)
    if passed_over is not None:
        goals_and_exits.note(enrolment, PASSED_OVER, passed_over)
        return definition.after_passing(step), False
    _set_marks(enrolment, step, customer, providers)
    if not step.has_message or not _plan(enrolment, definition, step, customer, base):
        return definition.after(step), False
    goals_and_exits.change(enrolment, state=SENDING, base_at=base, due_at=None, waits_for=None)
    return None, True


def _why_passed_over(
    enrolment: Enrolment, definition: FlowDefinition, step: Step, customer: Customer, providers: FactProviders
) -> str | None:
    """Why the step is not carried out; None when it is."""
    stops = CLASS_RULES[MessageClass(definition.class_of(step))].stopped_by_opt_out
    if step.has_message and stops and customer.opted_out_at is not None:
        return goals_and_exits.OPTED_OUT
    if step.when is not None and not holds(step.when, providers.facts(customer, enrolment)):
        return "condition"
    if step.testimonial is not None and not providers.has_testimonial():
        return "no-testimonial"
    if step.recommends_alone and not providers.can_recommend(customer.id, step.recommend or ""):
        return "no-recommendation"
    return None


def _set_marks(enrolment: Enrolment, step: Step, customer: Customer, providers: FactProviders) -> None:
    cause = cause_of(enrolment.id, step.key)
    for tag in step.remove_tags:
        customer_tags.remove(customer.id, tag)
    for tag in step.set_tags:
        if customer_tags.add(customer.id, tag, cause):
            goals_and_exits.note(enrolment, "tag", tag)
            providers.publish(customer, Occurrence(On.TAG, f"{cause}:{tag}", tag=tag))
    if step.note:
        goals_and_exits.note(enrolment, "note", step.note)


def _plan(
    enrolment: Enrolment, definition: FlowDefinition, step: Step, customer: Customer, base: datetime
) -> bool:
    """Plan the step's message; False when it was planned before."""
    message_class = MessageClass(definition.class_of(step))
    variants.assign(enrolment, definition.key, step)
    new = NewMessage(
        Kind.FLOW_STEP,
        cause_of(enrolment.id, step.key),
        message_class=message_class,
        priority=step_priority(message_class),
        latest_at=base + timedelta(days=step.latest_days),
        when_busy=step.when_busy,
        enrolment_id=enrolment.id,
        step_key=step.key,
    )
    return planned.plan(customer, new) is not None


def _wait_for(enrolment: Enrolment, definition: FlowDefinition, step_key: str, base: datetime) -> None:
    """Let the enrolment wait for that step. A wait for an event begins now; days count from `base`. What is over
    already is due now."""
    step, now = definition.find(step_key), localtime.now()
    if step is None:
        goals_and_exits.change(enrolment, state=WAITING, step_key=step_key, base_at=base, due_at=now)
        return
    begin = now if step.wait.until is not None else base
    goals_and_exits.change(
        enrolment,
        state=WAITING,
        step_key=step_key,
        base_at=begin,
        due_at=waits.due_at(step.wait, begin, localtime.zone(), repurchase.of(enrolment, step.wait), now),
        waits_for=waits.ended_by(step.wait),
    )


def _rests_until(
    definition: FlowDefinition, step: Step, customer: Customer, providers: FactProviders
) -> datetime | None:
    waits_for_tickets = CLASS_RULES[MessageClass(definition.class_of(step))].waits_for_tickets
    if not step.has_message or not waits_for_tickets:
        return None
    return providers.rests_until(customer.id, definition.calm_days)


def _no_longer_held(enrolment: Enrolment) -> None:
    if enrolment.end_reason:
        goals_and_exits.note(enrolment, "waited", enrolment.end_reason)
        goals_and_exits.change(enrolment, end_reason="")
