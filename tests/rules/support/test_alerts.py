"""Who is alerted of what, by which ways and when; and that an alert says nothing of a customer."""

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from support.alerts.rules import SILENT, Choices, Kind, Occasion, Ways, is_quiet, kind_of, ways_for
from support.alerts.sentences import sentence, sentence_of_a_check

ME, SHE = 1, 2
TOKYO = ZoneInfo("Asia/Tokyo")
NOON, NIGHT = datetime(2026, 4, 1, 12, 0, tzinfo=TOKYO), datetime(2026, 4, 1, 23, 30, tzinfo=TOKYO)
AT_NIGHT = Choices(quiet_from=22 * 60, quiet_until=8 * 60)


@pytest.mark.parametrize(
    ("occasion", "assignee", "urgency", "kind"),
    [
        (Occasion.OPENED, None, 0, Kind.UNASSIGNED),
        (Occasion.OPENED, ME, 0, Kind.MINE),
        (Occasion.OPENED, None, 1, Kind.URGENT),
        (Occasion.OPENED, ME, 3, Kind.URGENT),
        (Occasion.URGENT, ME, 1, Kind.URGENT),
        (Occasion.WROTE, ME, 3, Kind.MINE),  # everybody knows already that it is urgent
        (Occasion.WROTE, None, 1, Kind.URGENT),
        (Occasion.WROTE, None, 0, Kind.UNASSIGNED),
        (Occasion.PROMISE, ME, 0, Kind.MINE),
        (Occasion.ASSIGNED, ME, 2, Kind.MINE),
        (Occasion.MENTION, ME, 0, Kind.MENTION),
    ],
)
def test_what_an_alert_is_about(occasion: Occasion, assignee: int | None, urgency: int, kind: Kind) -> None:
    assert kind_of(occasion, assignee, urgency) is kind


@pytest.mark.parametrize(
    ("kind", "whose", "gets_it"),
    [
        (Kind.MINE, ME, True),
        (Kind.MINE, SHE, False),
        (Kind.MENTION, ME, True),
        (Kind.MENTION, SHE, False),
        (Kind.UNASSIGNED, None, True),
        (Kind.URGENT, None, True),
        (Kind.URGENT, SHE, True),
    ],
)
def test_who_gets_it_without_having_chosen(kind: Kind, whose: int | None, gets_it: bool) -> None:
    ways = ways_for(kind, whose, ME, Choices(), NOON)
    assert ways == (Ways() if gets_it else SILENT)


def test_an_urgent_chat_of_ones_own_comes_as_either_kind_would() -> None:
    only_mine = Choices({Kind.URGENT: SILENT, Kind.MINE: Ways(desktop=False)})
    assert ways_for(Kind.URGENT, ME, ME, only_mine, NOON) == Ways(desktop=False)
    assert ways_for(Kind.URGENT, SHE, ME, only_mine, NOON) == SILENT


def test_nothing_goes_to_line_before_it_is_turned_on_and_then_what_is_urgent() -> None:
    for on, kind in itertools.product((False, True), Kind):
        ways = ways_for(kind, ME, ME, Choices(own_line=on), NOON)
        assert ways.own_line == (on and kind is Kind.URGENT), (on, kind)


@pytest.mark.parametrize("kind", Kind)
def test_quiet_times_are_quiet_unless_urgent_may_come(kind: Kind) -> None:
    assert ways_for(kind, ME, ME, AT_NIGHT, NIGHT) == SILENT
    assert ways_for(kind, ME, ME, AT_NIGHT, NOON) != SILENT
    still = Choices(quiet_from=22 * 60, quiet_until=8 * 60, urgent_always=True)
    assert (ways_for(kind, ME, ME, still, NIGHT) != SILENT) == (kind is Kind.URGENT)


@pytest.mark.parametrize(
    ("begin", "end", "hour", "minute", "quiet"),
    [
        ("22:00", "08:00", 22, 0, True),
        ("22:00", "08:00", 7, 59, True),
        ("22:00", "08:00", 8, 0, False),
        ("22:00", "08:00", 21, 59, False),
        ("12:00", "13:00", 12, 30, True),
        ("12:00", "13:00", 13, 0, False),
        (None, None, 3, 0, False),
        ("00:00", "00:00", 0, 0, False),
    ],
)
def test_quiet_times(begin: str | None, end: str | None, hour: int, minute: int, quiet: bool) -> None:
    chosen = Choices(quiet_from=_minutes(begin), quiet_until=_minutes(end))
    assert is_quiet(chosen, datetime(2026, 4, 1, hour, minute, tzinfo=TOKYO)) is quiet


def _minutes(clock: str | None) -> int | None:
    return None if clock is None else int(clock[:2]) * 60 + int(clock[3:])


def test_sentences_are_fixed_words_of_both_languages() -> None:
    """A sentence has no place for anything: nothing of a customer can come in."""
    said = {
        (occasion, kind, language): sentence(occasion, kind, language)
        for occasion, kind, language in itertools.product(Occasion, Kind, ("ja", "en"))
        if (occasion is Occasion.MENTION) == (kind is Kind.MENTION)
    }
    assert all(said.values())
    assert not any(mark in words for words in said.values() for mark in "{}%")
    for (_, _, language), words in said.items():
        assert words.isascii() == (language == "en"), words
    assert said[Occasion.OPENED, Kind.URGENT, "ja"] == "お急ぎのチャットが1件"
    assert sentence_of_a_check("en").isascii()
    assert not sentence_of_a_check("ja").isascii()
