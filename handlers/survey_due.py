"""Sends the survey to whoever is due: the clock's selection of all of them, and each one's turn in their own chat.

`decisions` is the only place that selects; `manage.py survey plan` shows its result. Whether a customer may be
asked is checked again when the event is handled and when the question is sent, since both may wait. The rules are
in `surveys/nps/asking.py`.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.messages import Message
from bot.queue import inbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import unasked
from handlers.event_customer import get_or_create_customer
from journeys.sending.limits import TOO_LATE
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import DROPPED, PlannedMessage
from support.bad_moments import low_scores, quiet_period
from surveys.nps import answers, asking, due_invitations, invitations, messages, postponed
from surveys.nps.asking import Candidate, Decision, Occasion, Refusal
from surveys.nps.due_invitations import Resolved, TicketFacts
from surveys.nps.settings import SurveyRules, may_write_now

routes = Routes()


def decisions() -> Iterator[Decision]:
    """Every customer due today and whether they are asked, the most urgent first."""
    rules = shop.get(SurveyRules)
    return asking.decide(
        due_invitations.all_due(rules, _ticket_facts(rules)), localtime.now(), rules.pace(), remaining_today()
    )


def remaining_today() -> int:
    """How many more customers may be written to today."""
    return max(0, shop.get(SurveyRules).asked_a_day - invitations.written_count(localtime.today()))


def ask_who_is_due() -> int:
    """Put today's surveys and reminders into the inbox, in the hours the shop allows; how many were put now."""
    if not may_write_now():
        return 0
    chosen, busy = [], []
    for decision in decisions():
        if decision.refusal is Refusal.DAY_IS_FULL:
            break
        if decision.refusal is None:
            chosen.append(decision.due)
        elif decision.refusal is Refusal.OPEN_TICKET:
            busy.append(decision.due)
    with write_transaction():
        for each in busy:
            if each.candidate.occasion is not Occasion.REMINDER:  # a reminder is not postponed
                postponed.postpone(each.customer_id, each.cause)
        postponed.forget_before(localtime.today() - timedelta(days=shop.get(SurveyRules).catch_up_days))
        return sum(
            inbox.put(
                _kind(each.candidate.occasion),
                f"survey-due:{each.cause}:{localtime.today()}",  # the day lets it be put again tomorrow
                each.conversation_key,
                {"cause": each.cause},
                line_user_id=each.line_user_id,
            )
            for each in chosen
        )


def _kind(occasion: Occasion) -> str:
    return event_kinds.SURVEY_REMINDER_DUE if occasion is Occasion.REMINDER else event_kinds.SURVEY_DUE


def _ticket_facts(rules: SurveyRules) -> TicketFacts:
    """What surveys need to know of tickets, with spare days for questions that were missed or postponed."""
    days = rules.ask_again_after_resolved_days + 2 * rules.catch_up_days + quiet_period.days()
    resolved = low_scores.resolved_since(localtime.start_of(localtime.today() - timedelta(days=days)))
    return TicketFacts(low_scores.customers_with_staff(), [Resolved(*each) for each in resolved])


@routes.on_internal_event(event_kinds.SURVEY_DUE)
def survey_came_due(event: InternalEvent) -> Answer:
    """Plan the question if the customer may be asked; at a bad moment, postpone it."""
    customer, cause = get_or_create_customer(event), str(event.data["cause"])
    refusal = _why_not(_candidate(customer, cause))
    if refusal is Refusal.OPEN_TICKET or (refusal is None and not may_write_now()):
        postponed.postpone(customer.id, cause)
        return []
    if refusal:
        return []
    _plan(customer, Kind.SURVEY, cause)
    return []


@routes.on_internal_event(event_kinds.SURVEY_TRIED)
def survey_tried(event: InternalEvent) -> Answer:
    """Send the question at once, since the owner who asked for it waits before the page (`console/guide/`)."""
    customer, cause = get_or_create_customer(event), str(event.data["cause"])
    if customer.blocked_at is not None:
        return []
    return [messages.question(invitations.invite(customer.id, cause))]


def question_now(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The question, if the customer may still be asked. The invitation is stored as it is sent."""
    cause = str(json.loads(row.data)["cause"])
    occasion = asking.occasion_of(cause)
    if _why_not(_candidate(customer, cause)):
        return None
    postponed.settle(cause)
    invitation_id = invitations.invite(customer.id, cause)
    ask = messages.question_again if occasion is Occasion.TICKET else messages.question
    return [ask(invitation_id)]


def question_settled(row: PlannedMessage) -> None:
    """A question that had no room that day, or met a ticket, is asked on a later day."""
    if row.state == DROPPED and row.reason == TOO_LATE:
        postponed.postpone(row.customer_id, str(json.loads(row.data)["cause"]))


def _plan(customer: Customer, kind: Kind, cause: str) -> None:
    """Plan it for today's hours; on another day the clock selects anew."""
    today = localtime.today()
    closes_at = localtime.start_of(today) + timedelta(hours=shop.get(SurveyRules).ask_until_hour)
    whole_cause = f"{kind}:{cause}:{today}"
    unasked.say(customer, None, kind=kind, cause=whole_cause, data={"cause": cause}, expires_at=closes_at)


def _candidate(customer: Customer, cause: str) -> Candidate:
    """What the rules need to know before they allow the question."""
    occasion = asking.occasion_of(cause)
    newest = invitations.latest_of(customer.id)
    return Candidate(
        occasion,
        is_blocked=customer.blocked_at is not None,
        is_opted_out=customer.opted_out_at is not None,
        has_open_ticket=_is_with_staff(customer),
        last_asked_at=newest.asked_at if newest else None,
        since=low_scores.resolved_at(_number(cause)) if occasion is Occasion.TICKET else None,
    )


@routes.on_internal_event(event_kinds.SURVEY_REMINDER_DUE)
def reminder_came_due(event: InternalEvent) -> Answer:
    """Plan a reminder of the open question, once."""
    customer, cause = get_or_create_customer(event), str(event.data["cause"])
    if may_write_now() and _may_remind(customer, _number(cause)):
        _plan(customer, Kind.SURVEY_REMINDER, cause)
    return []


def reminder_now(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The reminder, if the question is still open."""
    invitation_id = _number(str(json.loads(row.data)["cause"]))
    if not _may_remind(customer, invitation_id) or not invitations.remind(invitation_id):
        return None
    return [messages.reminder(invitation_id)]


def _may_remind(customer: Customer, invitation_id: int) -> bool:
    newest = invitations.latest_of(customer.id)
    if newest is None or newest.id != invitation_id:
        return False
    latest = answers.latest_of(customer.id)
    candidate = Candidate(
        Occasion.REMINDER,
        is_blocked=customer.blocked_at is not None,
        is_opted_out=customer.opted_out_at is not None,
        has_open_ticket=_is_with_staff(customer),
        last_asked_at=newest.asked_at,
        since=newest.asked_at,
        has_answered=latest is not None and latest.invitation_id == newest.id,
        was_reminded=newest.reminded_at is not None,
    )
    return _why_not(candidate) is None


def _why_not(candidate: Candidate) -> Refusal | None:
    return asking.why_not(candidate, localtime.now(), shop.get(SurveyRules).pace())


def _is_with_staff(customer: Customer) -> bool:
    return low_scores.is_with_staff(customer.id)


def _number(cause: str) -> int:
    return int(cause.rpartition(":")[2])
