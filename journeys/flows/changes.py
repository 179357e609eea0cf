"""Compares two definitions of a flow: which steps differ, and whether only the wording does.

`stock.py` applies a change of wording to the published version at once, and makes a version of everything else.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from journeys.flows.definition import FlowDefinition, Step, Variant
from journeys.flows.message_content import MessageContent

SAID = ("text", "picture", "card", "buttons", "link", "video")
"""The fields of a message that say something and steer nothing, apart from the tags of its buttons."""
WORDING = ("name", *SAID, "note")
"""The fields of a step of that kind. Its variants are changed in place as far as they keep their keys."""


class Edit(StrEnum):
    """What an edit does to a step."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"
    """Its wait, condition, class, tags or what follows it differ."""
    REWORDED = "reworded"
    """Only what it says differs."""


@dataclass(frozen=True, slots=True)
class StepChange:
    """How one step differs."""

    edit: Edit
    key: str
    fields: tuple[str, ...] = ()
    """The names in the file of the fields that differ."""
    after: str | None = None
    """Added and moved steps: the step above it now; None for the first."""


def is_wording_only(old: FlowDefinition, new: FlowDefinition) -> bool:
    """Whether people inside the flow can go on with the new one as if it were the old one."""
    return bool(_structure(old) == _structure(new))


def compares_anew(old: FlowDefinition, new: FlowDefinition) -> bool:
    """Whether who entered before and who enters from now on are to be compared apart: what the flow does differs."""
    same = {"holdout_percent": old.holdout_percent, "outcome_days": old.outcome_days}
    return not is_wording_only(old, new.model_copy(update=same))


def reworded(other: FlowDefinition, old: FlowDefinition, new: FlowDefinition) -> FlowDefinition:
    """Another version of the flow with the new wording of those steps that say there what they said in the old
    one. The new one must differ from the old one by wording alone."""
    before, after = ({step.key: step for step in flow.step} for flow in (old, new))

    def with_new_words(step: Step) -> Step:
        if step.key not in before or step.key not in after:
            return step
        old_step, new_step, changed = before[step.key], after[step.key], {}
        if _wording(step) == _wording(old_step):
            changed = _wording(new_step)
        others = {each.key: (each, new_step.find_variant(each.key)) for each in old_step.variant}
        variants = tuple(
            _reworded_variant(each, *others.get(each.key, (None, None))) for each in step.variant
        )
        return step.model_copy(update=changed | {"variant": variants})

    return other.model_copy(update={"step": tuple(with_new_words(step) for step in other.step)})


def _reworded_variant(other: Variant, old: Variant | None, new: Variant | None) -> Variant:
    return new if new is not None and other == old else other


def step_changes(old: FlowDefinition, new: FlowDefinition) -> tuple[StepChange, ...]:
    """The steps that differ, in the order of the new flow; removed ones last."""
    before = {step.key: step for step in old.step}
    unmoved = _in_both_in_order([*before], [step.key for step in new.step])
    found: list[StepChange] = []
    above: str | None = None
    for step in new.step:
        former = before.get(step.key)
        if former is None:
            found.append(StepChange(Edit.ADDED, step.key, after=above))
        else:
            if step.key not in unmoved:
                found.append(StepChange(Edit.MOVED, step.key, after=above))
            if former != step:
                edit = Edit.REWORDED if _step_structure(former) == _step_structure(step) else Edit.CHANGED
                found.append(StepChange(edit, step.key, _differing(former, step)))
        above = step.key
    left = {step.key for step in new.step}
    return (*found, *(StepChange(Edit.REMOVED, key) for key in before if key not in left))


def flow_changes(old: FlowDefinition, new: FlowDefinition) -> tuple[str, ...]:
    """The names in the file of what differs outside the steps."""
    return tuple(name for name in _differing(old, new) if name != "step")


def _in_both_in_order(before: list[str], after: list[str]) -> set[str]:
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in after[block.b : block.b + block.size]}


def _differing(old: Any, new: Any) -> tuple[str, ...]:
    fields = type(new).model_fields
    return tuple(
        str(field.alias or name) for name, field in fields.items() if getattr(old, name) != getattr(new, name)
    )


def _structure(flow: FlowDefinition) -> Any:
    values = {
        name: getattr(flow, name) for name in FlowDefinition.model_fields if name not in ("name", "step")
    }
    return values, [_step_structure(step) for step in flow.step]


def _wording(step: Step) -> dict[str, Any]:
    return {name: getattr(step, name) for name in WORDING}


def _step_structure(step: Step) -> Any:
    values = {name: getattr(step, name) for name in Step.model_fields if name not in (*WORDING, "variant")}
    return values, _message_structure(step), [(each.key, _message_structure(each)) for each in step.variant]


def _message_structure(content: MessageContent) -> Any:
    values = [getattr(content, name) for name in MessageContent.model_fields if name not in SAID]
    return values, content.has_message, sorted(button.tag for button in content.buttons if button.tag)
