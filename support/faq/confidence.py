"""Says how likely an entry that ranks well is what the customer asked for. Pure.

Two logistic curves over the same signs: that the entry is right, and that it or one of the next two is. They are
fitted on the dev half of the messages in `benchmarks/faq_messages.jsonl`, asked of the shipped stock with and without
its paraphrases, and, for the first, without the entries that answer them: that teaches what it is like when the stock
has no answer. `python -m benchmarks.faq --fit` prints the weights anew; what they are worth on the held-out half stands
in docs/performance.md. Without a model of meaning the curves are others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_MEANING, COSINES = 0.8, 10.0
"""The model's cosines lie between 0.75 and 0.95: they are spread out for the curves."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an entry."""

    lead: float
    """How far its score is ahead of the next entry's; below 0 when another is ahead. Scores are 1 at most."""
    closeness: float
    """How alike the customer's words and one written question are, rare grams weighing more (Dice, 0 to 1)."""
    held: float
    """How much of one written question is in the customer's words (0 to 1): in a long message the likeness is small."""
    coverage: float
    """How much of the customer's words is in the entry at all (0 to 1)."""
    meaning: float | None = None
    """The cosine of the words and the entry; None where no model says."""
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
"""An entry this likely right is answered at once: on the dev half the least at which no small talk and at most 1 % of
the questions without an entry are."""
NEAR_ENOUGH = 0.5
"""Where one of the first three is this likely right, they are offered."""


def sureness(signs: Signs) -> float:
    """How likely the entry is right, from 0 to 1."""
    return _likely(RIGHT_BY_WORDS if signs.meaning is None else RIGHT_BY_MEANING, signs)


def is_sure(signs: Signs) -> bool:
    """Whether the entry may be answered at once."""
    return sureness(signs) >= (SURE_BY_WORDS if signs.meaning is None else SURE_BY_MEANING)


def is_near(signs: Signs) -> bool:
    """Whether the entry, the best for some words, may be offered with those that follow it."""
    return _likely(NEAR_BY_WORDS if signs.meaning is None else NEAR_BY_MEANING, signs) >= NEAR_ENOUGH


def _likely(weights: Weights, signs: Signs) -> float:
    total = sum(weight * feature for weight, feature in zip(weights, signs.features, strict=True))
    return 1 / (1 + math.exp(-total))
