"""The values that the FAQ search takes and returns: an entry, a match, and what to do with the matches. Pure.

The search itself is in `search.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Entry:
    """A FAQ entry as the search needs it. `question` may be empty; `paraphrases` count as questions."""

    id: int
    question: str
    answer: str
    paraphrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that may fit: its score, comparable within one message, and how likely it is right (0 to 1),
    comparable across messages."""

    entry_id: int
    score: float
    sureness: float
    is_sure: bool
    is_near: bool


class FaqVerdict(Enum):
    """What to do with a customer's question."""

    ANSWER_OUTRIGHT = "answer outright"
    OFFER_TITLES = "offer up to three titles"
    NOTHING_FITS = "nothing fits"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and its matches: one to answer (two where two things were asked), up to three to offer, or none."""

    verdict: FaqVerdict
    matches: tuple[Match, ...] = ()

    @property
    def entry_ids(self) -> tuple[int, ...]:
        return tuple(match.entry_id for match in self.matches)
