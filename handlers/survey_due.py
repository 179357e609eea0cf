"""Sends the survey to whoever is due: the clock's selection of all of them, and each one's turn in their own chat.

`decisions` is the only place that selects; `manage.py survey plan` shows its result. The allowed hours are
checked again when the event is handled, since it may have waited. The rules are in `surveys/nps/asking.py`.
"""

from collections.abc import Iterator
from datetime import timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers.event_customer import get_or_create_customer
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
    """Send the question if the customer may be asked; at a bad moment, postpone it."""
    customer, cause = get_or_create_customer(event), str(event.data["cause"])
    occasion = asking.occasion_of(cause)
    newest = invitations.latest_of(customer.id)
    candidate = Candidate(
        occasion,
        is_blocked=customer.blocked_at is not None,
        is_opted_out=customer.opted_out_at is not None,
        has_open_ticket=_is_with_staff(customer),
        last_asked_at=newest.asked_at if newest else None,
        since=low_scores.resolved_at(_number(cause)) if occasion is Occasion.TICKET else None,
    )
    refusal = _why_not(candidate)
    if refusal is Refusal.OPEN_TICKET or (refusal is None and not may_write_now()):
        postponed.postpone(customer.id, cause)
        return []
    if refusal:
        return []
    postponed.settle(cause)
    invitation_id = invitations.invite(customer.id, cause)
    if occasion is Occasion.TICKET:
        return [messages.question_again(invitation_id)]
    return [messages.question(invitation_id)]


@routes.on_internal_event(event_kinds.SURVEY_REMINDER_DUE)
def reminder_came_due(event: InternalEvent) -> Answer:
    """Remind of the open question, once."""
    customer = get_or_create_customer(event)
    invitation_id = _number(str(event.data["cause"]))
    newest = invitations.latest_of(customer.id)
    if newest is None or newest.id != invitation_id or not may_write_now():
        return []
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
    if _why_not(candidate) or not invitations.remind(newest.id):
        return []
    return [messages.reminder(newest.id)]


def _why_not(candidate: Candidate) -> Refusal | None:
    return asking.why_not(candidate, localtime.now(), shop.get(SurveyRules).pace())


def _is_with_staff(customer: Customer) -> bool:
    return low_scores.is_with_staff(customer.id)


def _number(cause: str) -> int:
    return int(cause.rpartition(":")[2])
