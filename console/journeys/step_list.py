"""Changes the list of steps of a flow: add, remove, move, copy, replace with a new key."""

from collections.abc import Sequence
from typing import Any

from journeys.flows.definition import FlowDefinition, Step

LONGEST_KEY = 60
_POINTS_AT_A_STEP = ("then", "otherwise", "step", "clicked", "not_clicked")
"""Names of values that are the key of a step."""


class LastStep(Exception):
    """A flow has at least one step."""


def empty(key: str) -> Step:
    """A step that says nothing yet."""
    return Step.model_validate({"key": key})


def added(definition: FlowDefinition, after: str | None) -> tuple[FlowDefinition, str]:
    """The flow with an empty step after that one, by default at the end; and the new step's key."""
    key = free_key("step-1", {each.key for each in definition.step})
    place = len(definition.step) if after is None else _place(definition, after) + 1
    return _with(definition, (*definition.step[:place], empty(key), *definition.step[place:])), key


def copied(definition: FlowDefinition, key: str) -> tuple[FlowDefinition, str]:
    """The flow with a copy of that step below it; and the copy's key."""
    place = _place(definition, key)
    new = free_key(key, {each.key for each in definition.step})
    copy = definition.step[place].model_copy(update={"key": new})
    return _with(definition, (*definition.step[: place + 1], copy, *definition.step[place + 1 :])), new


def removed(definition: FlowDefinition, key: str) -> FlowDefinition:
    """The flow without that step. What leads to it is left as it is, for the check to name. Raises LastStep."""
    if len(definition.step) == 1:
        raise LastStep
    return _with(definition, tuple(each for each in definition.step if each.key != key))


def moved(definition: FlowDefinition, key: str, by: int) -> FlowDefinition:
    """The flow with that step so many places further down; at either end it stays."""
    steps, place = list(definition.step), _place(definition, key)
    step = steps.pop(place)
    steps.insert(max(0, place + by), step)
    return _with(definition, steps)


def replaced(definition: FlowDefinition, key: str, step: Step) -> FlowDefinition:
    """The flow with that step in place of the one of that key; what led to the older key leads to the new one."""
    steps = tuple(step if each.key == key else each for each in definition.step)
    changed = _with(definition, steps)
    if step.key == key:
        return changed
    values = changed.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return FlowDefinition.model_validate(_renamed(values, key, step.key, definition.key))


def _renamed(value: Any, old: str, new: str, flow: str) -> Any:
    if isinstance(value, list):
        return [_renamed(each, old, new, flow) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("flow") not in (None, flow):  # a click on another flow's link
        return value
    return {
        name: new if name in _POINTS_AT_A_STEP and each == old else _renamed(each, old, new, flow)
        for name, each in value.items()
    }


def _with(definition: FlowDefinition, steps: Sequence[Step]) -> FlowDefinition:
    return definition.model_copy(update={"step": tuple(steps)})


def _place(definition: FlowDefinition, key: str) -> int:
    return next(place for place, each in enumerate(definition.step) if each.key == key)


def free_key(key: str, taken: set[str]) -> str:
    """The key, or one with the next number where it is taken."""
    stem, _, number = key.rpartition("-")
    if not (stem and number.isdecimal()):
        stem, number = key, "1"
    count = int(number)
    while key in taken:
        count += 1
        key = f"{stem[: LONGEST_KEY - len(str(count)) - 1]}-{count}"
    return key
