"""A share of the labelled messages, sent through webhook, inbox, handler and outbox: the outcome of each."""

import pytest

from benchmarks import listening as labelled
from tests.conversations.listening_play import play
from tests.conversations.scenario import Scenario

EVERY = 9
"""Each ninth message of each kind; `python -m benchmarks.listening --routing` sends all of them."""


@pytest.mark.parametrize("part", ["tuned", "held_out"])
def test_the_outcome_of_each_message_is_that_of_its_kind(scenario: Scenario, part: str) -> None:
    by_kind: dict[str, list[labelled.Labelled]] = {}
    for each in labelled.messages(part):
        by_kind.setdefault(each.kind, []).append(each)
    rows = [each for group in by_kind.values() for each in group[::EVERY]]

    figures = labelled.measure(
        rows, (play(scenario, each, f"{number}番") for number, each in enumerate(rows))
    )

    right, alarming = figures.reached
    assert right == alarming, "every alarming message reaches staff"
    false, ordinary = figures.false_alarms
    assert false / ordinary <= 0.05
    right, whole = map(sum, zip(*figures.by_state.values(), strict=True))
    assert right / whole >= 0.9
