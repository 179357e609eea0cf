"""Who may be asked when: a table of histories and the decision for each."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from surveys.nps.asking import (
    Candidate,
    Due,
    Occasion,
    Pace,
    Refusal,
    decide,
    drip_day,
    drip_slot,
    occasion_of,
    why_not,
)

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
PACE = Pace(again_after=timedelta(days=90), remind_until=timedelta(days=8))


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


BUYER = Candidate(
    Occasion.PURCHASE, is_blocked=False, is_opted_out=False, has_open_ticket=False, last_asked_at=None
)
RESOLVED = replace(BUYER, occasion=Occasion.TICKET, last_asked_at=ago(20), since=ago(3))
SILENT = replace(BUYER, occasion=Occasion.REMINDER, last_asked_at=ago(4), since=ago(4))

TABLE = [
    ("never asked", BUYER, None),
    ("asked 90 days ago", replace(BUYER, last_asked_at=ago(90)), None),
    ("asked 89 days ago", replace(BUYER, last_asked_at=ago(89)), Refusal.ASKED_LATELY),
    ("blocked", replace(BUYER, is_blocked=True), Refusal.BLOCKED),
    ("wants no messages", replace(BUYER, is_opted_out=True), Refusal.OPTED_OUT),
    ("open ticket", replace(BUYER, has_open_ticket=True), Refusal.OPEN_TICKET),
    (
        "open ticket and asked lately: it waits until the ticket is resolved, and is decided again then",
        replace(BUYER, has_open_ticket=True, last_asked_at=ago(1)),
        Refusal.OPEN_TICKET,
    ),
    (
        "the drip, asked lately",
        replace(BUYER, occasion=Occasion.DRIP, last_asked_at=ago(30)),
        Refusal.ASKED_LATELY,
    ),
    (
        "staff, asked lately",
        replace(BUYER, occasion=Occasion.STAFF, last_asked_at=ago(1)),
        Refusal.ASKED_LATELY,
    ),
    ("after a resolved ticket, asked 20 days ago", RESOLVED, None),
    ("the same, asked since", replace(RESOLVED, last_asked_at=ago(2)), Refusal.ASKED_LATELY),
    ("the same, never asked", replace(RESOLVED, last_asked_at=None), None),
    ("the same, with a new ticket", replace(RESOLVED, has_open_ticket=True), Refusal.OPEN_TICKET),
    ("a ticket that is resolved no more", replace(RESOLVED, since=None), Refusal.ASKED_LATELY),
    ("a question open for four days", SILENT, None),
    ("answered", replace(SILENT, has_answered=True), Refusal.ANSWERED),
    ("reminded", replace(SILENT, was_reminded=True), Refusal.REMINDED),
    ("a question open for nine days", replace(SILENT, last_asked_at=ago(9), since=ago(9)), Refusal.TOO_LATE),
    ("another question came since", replace(SILENT, last_asked_at=ago(1)), Refusal.ASKED_LATELY),
    ("a reminder during an open ticket", replace(SILENT, has_open_ticket=True), Refusal.OPEN_TICKET),
    ("a reminder to whom wants none", replace(SILENT, is_opted_out=True), Refusal.OPTED_OUT),
]


@pytest.mark.parametrize(("candidate", "refusal"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_who_may_be_asked(candidate: Candidate, refusal: Refusal | None) -> None:
    assert why_not(candidate, NOW, PACE) is refusal


def due(customer_id: int, candidate: Candidate = BUYER) -> Due:
    return Due(customer_id, "", "", "", f"purchase:{customer_id}", date(2026, 4, 1), candidate)


def test_a_day_takes_so_many_and_the_refused_take_no_place() -> None:
    lately = replace(BUYER, last_asked_at=ago(1))
    people = [due(1), due(2, lately), due(3), due(4)]

    decided = [(each.due.customer_id, each.refusal) for each in decide(people, NOW, PACE, remaining=2)]

    assert decided == [(1, None), (2, Refusal.ASKED_LATELY), (3, None), (4, Refusal.DAY_IS_FULL)]


def test_two_occasions_of_one_customer_are_one_question() -> None:
    decided = list(decide([due(1, RESOLVED), due(1), due(1)], NOW, PACE, remaining=5))

    assert [each.due.candidate.occasion for each in decided] == [Occasion.TICKET]


def test_the_second_occasion_counts_when_the_first_was_none() -> None:
    decided = list(
        decide([due(1, replace(BUYER, last_asked_at=ago(4))), due(1, SILENT)], NOW, PACE, remaining=5)
    )

    assert [each.refusal for each in decided] == [Refusal.ASKED_LATELY, None]


CAUSES = [
    ("purchase:12", Occasion.PURCHASE),
    ("ticket:7", Occasion.TICKET),
    ("drip:7:2026-04-01", Occasion.DRIP),
    ("staff:0b9c", Occasion.STAFF),
    ("whatever", Occasion.STAFF),
]


@pytest.mark.parametrize(("cause", "occasion"), CAUSES)
def test_a_cause_names_the_occasion(cause: str, occasion: Occasion) -> None:
    assert occasion_of(cause) is occasion


@pytest.mark.parametrize("every_days", [7, 90, 365])
@pytest.mark.parametrize("first", [1, 5_000_000])
def test_the_daily_share_is_even(every_days: int, first: int) -> None:
    count = every_days * 400
    shares = Counter(drip_slot(each, every_days) for each in range(first, first + count))

    assert set(shares) == set(range(every_days))
    assert max(shares.values()) < 1.25 * 400
    assert min(shares.values()) > 0.75 * 400


def test_neighbours_do_not_come_on_neighbouring_days() -> None:
    steps = {(drip_slot(each + 1, 90) - drip_slot(each, 90)) % 90 for each in range(1, 500)}

    assert len(steps) > 60


def test_a_customers_day_comes_once_a_round_and_never_moves() -> None:
    begin = date(2026, 4, 1)
    days = {drip_day(184, 90, begin + timedelta(days=days)) for days in range(180)}

    assert len(days) in (2, 3), "the one before the first, and two within"
    assert all((day - min(days)).days % 90 == 0 for day in days)
    assert all(drip_day(184, 90, day) == day for day in days)
