"""Estimates how likely the best entry is what the customer asked for. Pure.

Two logistic curves over the same signs: that the entry is right, and that it or one of the next two is. They
are fitted on the dev half of `benchmarks/faq_messages.jsonl`, against the shipped entries with and without
paraphrases, and, for the first, without the entries that answer, so that it learns what a missing answer is
like. `python -m benchmarks.faq --fit` prints new weights; docs/performance.md has the results on the held-out
half. There are other curves for use without a model of meaning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_MEANING, COSINES = 0.8, 10.0
"""The model's cosines lie between 0.75 and 0.95; these spread them for the curves."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What indicates that an entry is right."""

    lead: float
    """How far its score is ahead of the next entry's; below 0 when another is ahead. Scores are at most 1."""
    closeness: float
    """Likeness of the customer's words and the nearest written question, weighted by rarity (Dice, 0 to 1)."""
    held: float
    """Share of the best written question that is in the customer's words (0 to 1), since long messages lower
    likeness."""
    coverage: float
    """Share of the customer's words that occur in the entry (0 to 1)."""
    meaning: float | None = None
    """Cosine of the words and the entry; None without a model."""
    meaning_lead: float = 0.0
    """How far that cosine is ahead of the nearest other entry's."""

    @property
    def features(self) -> tuple[float, ...]:
        """The signs as the curves take them, after a leading 1."""
        by_words = (1.0, self.lead, self.closeness, self.held, self.coverage)
        if self.meaning is None:
            return by_words
        return (*by_words, COSINES * (self.meaning - LEAST_MEANING), COSINES * self.meaning_lead)


Weights = tuple[float, ...]
RIGHT_BY_WORDS: Weights = (-3.20, 1.78, 1.65, 2.21, 2.05)
RIGHT_BY_MEANING: Weights = (-4.61, 2.88, -0.10, 1.52, 1.41, 3.09, 2.20)
NEAR_BY_WORDS: Weights = (-2.03, 0.50, 2.16, 2.16, 2.38)
NEAR_BY_MEANING: Weights = (-3.87, 1.20, 1.22, 0.80, 1.40, 4.22, 1.14)

SURE_BY_WORDS, SURE_BY_MEANING = 0.80, 0.88
"""An entry at least this likely is answered at once: on the dev half, the lowest value at which no small talk
and at most 1 % of the questions without an entry are answered."""
NEAR_ENOUGH = 0.5
"""Titles are offered when it is at least this likely that one of the first three is right."""


def sureness(signs: Signs) -> float:
    """How likely the entry is right, from 0 to 1."""
    return _likely(RIGHT_BY_WORDS if signs.meaning is None else RIGHT_BY_MEANING, signs)


def is_sure(signs: Signs) -> bool:
    """Whether the entry may be answered at once."""
    return sureness(signs) >= (SURE_BY_WORDS if signs.meaning is None else SURE_BY_MEANING)


def is_near(signs: Signs) -> bool:
    """Whether the best entry for some words may be offered, with those that follow it."""
    return _likely(NEAR_BY_WORDS if signs.meaning is None else NEAR_BY_MEANING, signs) >= NEAR_ENOUGH


def _likely(weights: Weights, signs: Signs) -> float:
    total = sum(weight * feature for weight, feature in zip(weights, signs.features, strict=True))
    return 1 / (1 + math.exp(-total))
