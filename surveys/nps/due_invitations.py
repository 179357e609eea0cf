"""Finds the customers for whom a survey or a reminder is due, with the facts that the rules need.

Only those for whom there is an occasion are read. Whether they are asked is in `asking.py`. Which customers
are with staff, and which tickets were resolved, is passed in, since surveys do not know tickets.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from peewee import JOIN, Case, Expression, Value, fn

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import as_moment, is_postgres
from customers.orders.purchases import Purchase, is_purchase
from customers.people.customer import Customer
from surveys.nps import postponed
from surveys.nps.answers import SurveyAnswer
from surveys.nps.asking import FIRST, PRIME, SECOND, Candidate, Due, Occasion, drip_day, occasion_of
from surveys.nps.invitations import ASKED_FOR, SurveyInvitation
from surveys.nps.settings import SurveyRules

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Resolved:
    """A ticket for a low score, and when it was resolved."""

    customer_id: int
    ticket_id: int
    resolved_at: datetime


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What surveys need of tickets: a query of the customers who are with staff, and the resolved tickets."""

    with_staff: Any
    resolved: Sequence[Resolved]


@dataclass(frozen=True, slots=True)
class _Occasion:
    """A customer for whom there is an occasion, without further facts."""

    customer_id: int
    cause: str
    due_on: date
    since: datetime | None = None


def all_due(rules: SurveyRules, ticket_facts: TicketFacts) -> Iterator[Due]:
    """Every customer for whom there is an occasion today, the most urgent first."""
    yield from _after_resolved_tickets(rules, ticket_facts)
    yield from _postponed(rules, ticket_facts)
    if rules.remind:
        yield from _reminders(rules, ticket_facts)
    yield from _after_purchases(rules, ticket_facts)
    if rules.drip_days:
        yield from _drip(rules, ticket_facts)


def customer_counts() -> tuple[int, int]:
    """How many customers there are, and how many of them are not on LINE."""
    unknown = Customer.select().where(Customer.conversation.is_null())
    return int(Customer.select().count()), int(unknown.count())


def _after_resolved_tickets(rules: SurveyRules, ticket_facts: TicketFacts) -> Iterator[Due]:
    """Customers whose ticket was resolved the set number of days ago, or up to `catch_up_days` earlier."""
    last_on = localtime.today() - timedelta(days=rules.ask_again_after_resolved_days)
    first_on = last_on - timedelta(days=rules.catch_up_days)
    found = (
        _Occasion(
            each.customer_id,
            f"{Occasion.TICKET}:{each.ticket_id}",
            localtime.local_date(each.resolved_at) + timedelta(days=rules.ask_again_after_resolved_days),
            each.resolved_at,
        )
        for each in ticket_facts.resolved
        if first_on <= localtime.local_date(each.resolved_at) <= last_on
    )
    return _with_facts(found, ticket_facts)


def _postponed(rules: SurveyRules, ticket_facts: TicketFacts) -> Iterator[Due]:
    """Surveys that were postponed."""
    waiting = postponed.since(localtime.today() - timedelta(days=rules.catch_up_days))
    resolved_at = {f"{Occasion.TICKET}:{each.ticket_id}": each.resolved_at for each in ticket_facts.resolved}
    found = (_Occasion(*each, resolved_at.get(each[1])) for each in waiting)
    return _with_facts(found, ticket_facts)


def _reminders(rules: SurveyRules, ticket_facts: TicketFacts) -> Iterator[Due]:
    """Customers who were asked some days ago and did not answer; not those who asked for the survey themselves."""
    today = localtime.today()
    begin = localtime.start_of(today - timedelta(days=rules.remind_until_days))
    end = localtime.start_of(today - timedelta(days=rules.remind_after_days - 1))
    query = (
        _customers(ticket_facts, SurveyInvitation.id, SurveyInvitation.asked_at)
        .join(SurveyInvitation, on=SurveyInvitation.customer == Customer.id)
        .join(SurveyAnswer, JOIN.LEFT_OUTER, on=SurveyAnswer.invitation == SurveyInvitation.id)
        .where(SurveyInvitation.asked_at >= begin, SurveyInvitation.asked_at < end)
        .where(SurveyInvitation.reminded_at.is_null(), SurveyAnswer.id.is_null())
        .where(~SurveyInvitation.cause.startswith(ASKED_FOR))
        .order_by(SurveyInvitation.asked_at, SurveyInvitation.id)
    )
    for *facts, invitation_id, asked_at in query.tuples().iterator():
        since = as_moment(asked_at)
        due_on = localtime.local_date(since or localtime.now()) + timedelta(days=rules.remind_after_days)
        cause = f"{Occasion.REMINDER}:{invitation_id}"
        yield _due(facts, Occasion.REMINDER, cause, due_on, since)


def _after_purchases(rules: SurveyRules, ticket_facts: TicketFacts) -> Iterator[Due]:
    """Customers whose purchase was the set number of days ago, then those who were missed."""
    last_on = localtime.today() - timedelta(days=rules.question_after_days)
    first_on = last_on - timedelta(days=rules.catch_up_days)
    cause = Value(f"{Occasion.PURCHASE}:").concat(Purchase.id.cast("TEXT"))
    asked = SurveyInvitation.select(Value(1)).where(SurveyInvitation.cause == cause)
    query = (
        _customers(ticket_facts, cause, Purchase.ordered_on)
        .join(Purchase, on=Purchase.customer == Customer.id)
        .where(Purchase.ordered_on.between(first_on, last_on), is_purchase(), ~fn.EXISTS(asked))
        .order_by(Purchase.ordered_on.desc(), Purchase.id.desc())
    )
    for *facts, said, ordered_on in query.tuples().iterator():
        due_on = _day(ordered_on) + timedelta(days=rules.question_after_days)
        yield _due(facts, Occasion.PURCHASE, said, due_on)


def _drip(rules: SurveyRules, ticket_facts: TicketFacts) -> Iterator[Due]:
    """Customers without a purchase for a whole round whose day is today, or was within the days that are
    caught up on."""
    today, every = localtime.today(), rules.drip_days
    mixed = _modulo(Customer.id.cast("BIGINT") * FIRST, PRIME)
    slot = _modulo(_modulo(mixed * (_modulo(mixed, SECOND) + 1), PRIME), every)
    behind = _modulo(Value(today.toordinal() + every) - slot, every)
    quiet = Customer.last_purchased_on.is_null() | (
        Customer.last_purchased_on < today - timedelta(days=every)
    )
    query = (
        _customers(ticket_facts)
        .where(behind <= min(rules.catch_up_days, every - 1), quiet)
        .order_by(behind, Customer.id)
    )
    for facts in query.tuples().iterator():
        due_on = drip_day(facts[0], every, today)
        yield _due(facts, Occasion.DRIP, f"{Occasion.DRIP}:{facts[0]}:{due_on}", due_on)


def _modulo(number: Any, divisor: int) -> Any:
    """The remainder. (The query builder's `%` means LIKE, and psycopg2 needs it doubled.)"""
    return Expression(number, "%%" if is_postgres() else "%", divisor)


def _with_facts(occasions: Iterable[_Occasion], ticket_facts: TicketFacts) -> Iterator[Due]:
    """The same with each customer's facts; those already asked for that cause are left out."""
    rest = iter(occasions)
    while some := list(islice(rest, AT_ONCE)):
        causes = [each.cause for each in some]
        rows: Any = SurveyInvitation.select(SurveyInvitation.cause).where(SurveyInvitation.cause.in_(causes))
        put = {cause for (cause,) in rows.tuples()}
        people = _customers(ticket_facts).where(Customer.id.in_([each.customer_id for each in some])).tuples()
        known = {facts[0]: facts for facts in people}
        for each in some:
            if each.cause not in put and each.customer_id in known:
                occasion = occasion_of(each.cause)
                yield _due(known[each.customer_id], occasion, each.cause, each.due_on, each.since)


def _customers(ticket_facts: TicketFacts, *more: Any) -> Any:
    """Query of the customers on LINE with the facts that the rules need, and the columns `more`."""
    newest = SurveyInvitation.alias()
    last_asked_at = (
        newest.select(newest.asked_at)
        .where(newest.customer == Customer.id)
        .order_by(newest.id.desc())
        .limit(1)
    )
    return (
        Customer.select(
            Customer.id,
            Customer.display_name,
            Conversation.key,
            Conversation.line_user_id,
            Customer.blocked_at,
            Customer.opted_out_at,
            Case(None, ((Customer.id.in_(ticket_facts.with_staff), 1),), 0),
            last_asked_at,
            *more,
        )
        .join(Conversation)
        .switch(Customer)
        .where(Conversation.line_user_id.is_null(False))
    )


def _due(
    facts: Sequence[Any], occasion: Occasion, cause: str, due_on: date, since: datetime | None = None
) -> Due:
    customer_id, name, key, user_id, blocked_at, opted_out_at, is_with_staff, last_asked_at = facts
    candidate = Candidate(
        occasion,
        is_blocked=blocked_at is not None,
        is_opted_out=opted_out_at is not None,
        has_open_ticket=bool(is_with_staff),
        last_asked_at=as_moment(last_asked_at),
        since=since,
    )
    return Due(customer_id, name, key, user_id, cause, due_on, candidate)


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
