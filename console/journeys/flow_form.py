"""Turns a flow and a step into the fields of a form, and a form back into the definition.

What a form has no field for (`any` of a condition) stays as it is stored. Nothing is written here; each error is
named by its field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from console.journeys import field_values, flow_faults, step_variants
from console.journeys.flow_fields import FLOW_FIELDS, STEP_FIELDS
from console.shell.translation import gettext
from journeys.flows.definition import FlowDefinition, Step

AGAIN, ONCE, EACH_ORDER = "again", "once", "each-order"


@dataclass(frozen=True, slots=True)
class ReadStep:
    """What a form says of a step: the step, or errors by field."""

    step: Step | None
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadFlow:
    """What a form says of a flow, apart from its steps: the flow, or errors by field."""

    definition: FlowDefinition | None
    faults: Mapping[str, str]


def stored(value: FlowDefinition | Step) -> dict[str, Any]:
    """The value as the database holds it: plain JSON without what is as usual."""
    return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def of_step(step: Step) -> dict[str, str]:
    """The fields of the step's form."""
    values = {"latest_days": step.latest_days, "when_busy": step.when_busy, **stored(step)}
    form = field_values.shown(STEP_FIELDS, values) | field_values.shown_buttons(step)
    return form | step_variants.form(step)


def of_flow(definition: FlowDefinition) -> dict[str, str]:
    """The fields of the flow's own form."""
    usual = {name: getattr(definition, name) for name in ("calm_days", "outcome_days")}
    values = {**usual, "class": definition.class_, **stored(definition)}
    entry = definition.entry
    values["entry"] = (
        {"policy": entry} if isinstance(entry, str) else {"policy": AGAIN, "days": entry.again_after_days}
    )
    return field_values.shown(FLOW_FIELDS, values)


def typed_step(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the step's form, to show it again."""
    names = (*(each.path for each in STEP_FIELDS), *field_values.BUTTON_FIELDS, *step_variants.FIELDS)
    return {name: form.get(name, "") for name in names}


def typed_flow(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the flow's form, to show it again."""
    return {each.path: form.get(each.path, "") for each in FLOW_FIELDS}


def read_step(form: Mapping[str, str], before: Step) -> ReadStep:
    """The step as the form says, with what the form has no field for as it was before."""
    values, faults = field_values.read(STEP_FIELDS, form, stored(before))
    values["buttons"], places = field_values.read_buttons(form)
    variants = step_variants.read(form, values.get("variant", []))
    values["variant"] = [each for _, each in variants]
    faults |= flow_faults.of_step(values)
    if faults:
        return ReadStep(None, faults)
    try:
        return ReadStep(Step.model_validate(values), {})
    except ValidationError as wrong:
        return ReadStep(None, flow_faults.by_field(wrong, places, [place for place, _ in variants]))


def read_flow(form: Mapping[str, str], before: FlowDefinition) -> ReadFlow:
    """The flow as the form says, with its steps as they were before."""
    values, faults = field_values.read(FLOW_FIELDS, form, {**stored(before), "entry": {}})
    entry = values.pop("entry", {})
    values["entry"] = entry.get("policy") or ONCE
    if values["entry"] == AGAIN:
        values["entry"] = {"again_after_days": entry.get("days")}
        if not 1 <= (entry.get("days") or 0) <= flow_faults.LONGEST_DAYS:
            faults.setdefault("entry.days", gettext("1から%(most)sの数字で入れてください。", most="3,650"))
    elif values["entry"] not in (ONCE, EACH_ORDER):
        faults["entry.policy"] = gettext("選んでください。")
    if not values.get("goal", {}).get("on"):
        values.pop("goal", None)
    faults |= flow_faults.of_flow(values)
    if faults:
        return ReadFlow(None, faults)
    try:
        return ReadFlow(FlowDefinition.model_validate(values), {})
    except ValidationError as wrong:
        return ReadFlow(None, flow_faults.by_field(wrong, ()))
