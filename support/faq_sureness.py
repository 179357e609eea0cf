"""Says how likely an entry that ranks well is what the customer asked for. Pure.

A logistic curve over a few signs, fitted on the dev half of the messages in `benchmarks/faq_messages.jsonl`, each asked of
the shipped stock whole, without its paraphrases, and without the entries that answer it: the last teaches what it is
like when the stock has no answer. `python -m benchmarks.faq --fit` prints the weights anew; what they are worth on the
held-out half stands in docs/performance.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an entry."""

    lead: float
    """How far its score is ahead of the next entry's; below 0 when another is ahead. Scores are 1 at most."""
    closeness: float
    """How alike the customer's words and one written question are, rare grams weighing more (Dice, 0 to 1)."""
    held: float
    """How much of one written question is in the customer's words (0 to 1): in a long message the likeness is small."""
    wording: float
    """The likeness over every pair of letters alike, so that 「変えたい」 is not taken for 「教えて」."""
    coverage: float
    """How much of the customer's words appears in the entry at all (0 to 1)."""
    meaning: float | None = None
    """The cosine of the words and the entry; None where no model says."""
    meaning_lead: float = 0.0
    """How far that cosine is ahead of the nearest other entry's."""


ANSWER = 0.8
"""An entry this likely is answered at once."""
OFFER = 0.3
"""One this likely is offered as a title."""

LEAST_MEANING, COSINES = 0.8, 10.0
"""The model's cosines lie between 0.75 and 0.95: they are spread out for the curve."""
BY_WORDS = (-2.91, 1.98, 2.11, 1.83, 0.49, 1.22)
BY_MEANING = (-4.52, 3.05, 0.51, 1.44, -0.43, 0.78, 3.22, 2.12)


def features(signs: Signs) -> tuple[float, ...]:
    """The signs as the curve takes them, after a leading 1."""
    by_words = (1.0, signs.lead, signs.closeness, signs.held, signs.wording, signs.coverage)
    if signs.meaning is None:
        return by_words
    return (*by_words, COSINES * (signs.meaning - LEAST_MEANING), COSINES * signs.meaning_lead)


def sureness(signs: Signs) -> float:
    """How likely the entry is right, from 0 to 1."""
    weights = BY_WORDS if signs.meaning is None else BY_MEANING
    return 1 / (1 + math.exp(-sum(map(float.__mul__, weights, features(signs)))))
