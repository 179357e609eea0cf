"""Golden texts for customers in an emergency or upset: the first reply, and the plain ones that follow."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import localtime
from bot.line import messages as line
from support.bad_moments import messages
from support.bad_moments.words import BadMomentWords, words
from support.listening import Heard, MessageKind
from support.tickets.tickets import DANGER, DETRACTOR, Ticket
from tests.golden.golden_files import assert_golden

GOLDEN = Path(__file__).parent / "bad_moments"
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
WAITING = Ticket(cause=DETRACTOR, answer_due_at=NOON + timedelta(hours=1, minutes=7), late_count=0)
SHOWN = {
    **{
        f"{kind}_{subkind}": messages.first_sentence
        for kind, subkinds in {
            "danger": ("self", "other"),
            "harm": ("swallowed", "eyes", "breath", "burn", "wound", "stomach", "skin"),
            "damage": ("broken", "foreign_body", "spoiled", "wrong", "missing"),
            "anger": ("insult", "haste"),
        }.items()
        for subkind in subkinds
    },
}


@pytest.fixture(autouse=True)
def _at_noon(settings: object) -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.mark.parametrize("name", SHOWN)
def test_the_first_sentence_is_golden(name: str) -> None:
    kind, _, subkind = name.partition("_")

    assert_golden(GOLDEN, name, SHOWN[name](Heard(MessageKind(kind), subkind), WAITING))


def test_what_follows_is_golden() -> None:
    said = words()
    assert_golden(GOLDEN, "danger_again", messages.danger_again())
    assert_golden(GOLDEN, "late", [messages.late(WAITING)])
    assert_golden(GOLDEN, "late_again", [messages.late(Ticket(cause=DETRACTOR, late_count=2))])
    assert_golden(GOLDEN, "late_in_danger", [messages.late(Ticket(cause=DANGER, late_count=0))])
    change = line.say("選び直す")
    assert_golden(GOLDEN, "reopened", [messages.reopened("😞良くない", NOON + timedelta(hours=4), change)])
    quiet = (said.taken_back, said.stays_with_staff, said.received, said.thanks, said.picture_received)
    assert_golden(GOLDEN, "quiet", [messages.say(sentence) for sentence in quiet])


def test_nothing_cheerful_is_said() -> None:
    for name, field in BadMomentWords.model_fields.items():
        assert not set("☺😊🎁✨🎉🙏🌿🎂") & set(str(field.default)), name
