"""「対応はいかがでしたか？」: asked once of a ticket that staff answered, one answer, and its figures."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import peewee
import pytest

from bot import conversations, localtime
from bot.db import database
from customers.people import customer as customers
from customers.values.windows import Window
from support.satisfaction import ratings
from support.satisfaction.ratings import Tap
from support.tickets import tickets
from support.tickets.tickets import ASKED, Ticket

NOON = datetime(2026, 10, 5, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def transaction(any_database: peewee.Database) -> Iterator[None]:
    with database.write_transaction(), localtime.fixed(NOON):
        yield


def closed(name: str, staff_id: int | None = 7, days_ago: int = 0) -> Ticket:
    """A ticket that this person answered and resolved; nobody answered it when there is none."""
    with localtime.fixed(NOON - timedelta(days=days_ago)):
        conversation_id = conversations.ensure(name, name)
        customer_id = customers.get_or_create_by_line_user(name, conversation_id).id
        made = tickets.open_ticket(customer_id, conversation_id, cause=ASKED, cause_key=f"{name}-{days_ago}")
        if staff_id:
            tickets.record_staff_answer(made.ticket.id, staff_id)
        tickets.resolve(made.ticket.id, 9)
        found = tickets.find(made.ticket.id)
        assert found
        ratings.ask(found)
    return found


def test_only_what_staff_answered_is_asked_about_and_what_is_answered_not_again() -> None:
    unanswered, ticket = closed("U1", None), closed("U2")
    assert ratings.of_ticket(unanswered.id) is None
    assert ratings.ask(ticket), "it was opened and closed again meanwhile, and nothing said yet"
    ratings.rate(ticket.id, ticket.customer_id, 5)
    assert not ratings.ask(ticket)


def test_one_answer_that_can_be_changed_for_an_hour() -> None:
    ticket = closed("U1")
    seen = []
    for minutes, score in ((0, 2), (59, 4), (61, 1)):
        with localtime.fixed(NOON + timedelta(minutes=minutes)):
            seen.append(ratings.rate(ticket.id, ticket.customer_id, score))
    assert seen == [Tap.FIRST, Tap.CORRECTION, Tap.TOO_LATE]
    stored = ratings.of_ticket(ticket.id)
    assert stored and (stored.score, stored.staff_id, stored.answered_at) == (4, 7, NOON)


@pytest.mark.parametrize("score", [0, 6, 99])
def test_there_are_five_choices(score: int) -> None:
    ticket = closed("U1")
    assert ratings.rate(ticket.id, ticket.customer_id, score) is None


def test_nobody_else_answers_for_the_customer() -> None:
    ticket, stranger = closed("U1"), closed("U2")
    assert ratings.rate(ticket.id, stranger.customer_id, 1) is None
    assert not ratings.add_comment(ticket.id, stranger.customer_id, "ひどい")
    assert not ratings.may_correct(ticket.id, stranger.customer_id)


def test_the_first_words_hold() -> None:
    ticket = closed("U1")
    assert not ratings.add_comment(ticket.id, ticket.customer_id, "  ")
    assert ratings.add_comment(ticket.id, ticket.customer_id, "助かりました")
    assert not ratings.add_comment(ticket.id, ticket.customer_id, "ところで")
    stored = ratings.of_ticket(ticket.id)
    assert stored and stored.comment == "助かりました"


def test_figures_by_month_and_by_person() -> None:
    """Five asked in two months, of two people's tickets; four answered, three of them content."""
    for name, staff_id, days_ago, score in (
        ("U1", 7, 40, 5),
        ("U2", 7, 35, 2),
        ("U3", 8, 3, 4),
        ("U4", 8, 2, 5),
        ("U5", 8, 1, None),
    ):
        ticket = closed(name, staff_id, days_ago)
        if score:
            ratings.rate(ticket.id, ticket.customer_id, score)
    year = Window(date(2025, 11, 1), date(2026, 10, 5))
    months = ratings.by_month(year)
    assert [
        (each.key, each.asked_count, each.satisfied.part_count, each.satisfied.answer_count)
        for each in months
    ] == [(date(2026, 8, 1), 2, 1, 2), (date(2026, 10, 1), 3, 2, 2)]
    people = {each.key: each for each in ratings.by_staff(year)}
    assert (people[7].satisfied.percent, people[8].satisfied.percent, people[8].asked_count) == (50, 100, 3)
    everything = ratings.total(year)
    assert (everything.asked_count, everything.satisfied.percent) == (5, 75)
    assert ratings.by_month(Window(date(2026, 9, 1), date(2026, 9, 30))) == []
    assert ratings.total(Window(date(2026, 9, 1), date(2026, 9, 30))).asked_count == 0
    assert [each.score for each in ratings.listed(year, 8, 10**9, 2)] == [None, 5]
    newest = ratings.listed(year, None, 10**9, 1)[0]
    assert [each.score for each in ratings.listed(year, None, newest.id, 10)] == [5, 4, 2, 5]
    assert ratings.listed(year, 0, 10**9, 10) == []
