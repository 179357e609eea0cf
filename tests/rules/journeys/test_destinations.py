"""Where somebody goes on who is moved to another version: the table of edits and of where the person is."""

from datetime import UTC, datetime, timedelta

import pytest

from journeys.flows.definition import FlowDefinition
from journeys.moves.destinations import STEP_DELETED, Destination, destination, due_at

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
BEFORE = NOW + timedelta(days=4)


def flow(*keys: str, **then: str) -> FlowDefinition:
    steps = [{"key": key, "text": key} | ({"then": then[key]} if key in then else {}) for key in keys]
    return FlowDefinition.model_validate(
        {"key": "after-order", "name": "ご注文のあと", "trigger": {"on": "order"}, "step": steps}
    )


@pytest.mark.parametrize(
    ("new", "at", "got", "goes_on"),
    [
        # a step is added: behind them it never comes, before them it will
        (flow("a", "new", "b", "c"), "a", [], "a"),
        (flow("a", "new", "b", "c"), "b", ["a"], "b"),
        (flow("a", "b", "c", "new"), "c", ["a", "b"], "c"),
        # a step is placed elsewhere
        (flow("b", "a", "c"), "a", [], "a"),
        (flow("b", "a", "c"), "b", ["a"], "b"),
        (flow("c", "a", "b"), "c", ["a", "b"], "c"),
        # another step is deleted
        (flow("a", "c"), "a", [], "a"),
        (flow("b", "c"), "b", ["a"], "b"),
    ],
)
def test_whose_step_is_there_stays_at_it(new: FlowDefinition, at: str, got: list[str], goes_on: str) -> None:
    assert destination(new, at, None, got) == Destination(goes_on)


@pytest.mark.parametrize(
    ("named", "goes_on"),
    [
        (None, Destination(None, STEP_DELETED)),
        ("c", Destination("c")),
        ("a", Destination("c")),  # they had it: they go on behind it
        ("unknown", Destination(None, STEP_DELETED)),
    ],
)
def test_whose_step_was_deleted_goes_on_where_the_owner_says_or_ends(
    named: str | None, goes_on: Destination
) -> None:
    assert destination(flow("a", "c"), "b", named, ["a"]) == goes_on


def test_who_had_all_that_is_left_has_come_to_the_end() -> None:
    assert destination(flow("a", "b"), "c", "a", ["a", "b"]) == Destination(None)


def test_a_circle_of_steps_they_had_ends() -> None:
    assert destination(flow("a", "b", b="a"), "c", "a", ["a", "b"]) == Destination(None)


def test_a_message_that_is_planned_stays_planned() -> None:
    assert destination(flow("a", "b"), "b", None, ["a", "b"], is_planned=True) == Destination("b")


@pytest.mark.parametrize(
    ("newly", "due"),
    [
        (NOW + timedelta(days=1), NOW + timedelta(days=1)),
        (NOW + timedelta(days=9), NOW + timedelta(days=9)),
        (NOW - timedelta(days=1), BEFORE),  # no backlog: that time has passed
        (NOW, BEFORE),
        (None, BEFORE),
    ],
)
def test_no_edit_makes_a_step_due_in_the_past(newly: datetime | None, due: datetime) -> None:
    assert due_at(newly, BEFORE, NOW) == due
