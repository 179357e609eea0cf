"""What a check found: its state, a sentence, and how to mend what is amiss, in both languages."""

from dataclasses import dataclass
from enum import StrEnum

from bot.text.two_languages import Sentence

NOTHING = Sentence("", "")


class State(StrEnum):
    """How it is, the worst last but for UNKNOWN."""

    OK = "ok"
    WARN = "warn"
    """It works, and someone should do something soon."""
    FAIL = "fail"
    """Something does not work."""
    UNKNOWN = "unknown"
    """It cannot be known from here, or not now."""


@dataclass(frozen=True, slots=True)
class Result:
    """One check and what it found."""

    key: str
    title: Sentence
    state: State
    sentence: Sentence
    remedy: Sentence = NOTHING
    """What to do; empty when nothing is to be done."""
