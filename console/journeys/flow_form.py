"""Turns a flow and a step into the fields of a form, and a form back into the definition.

What a form has no field for (`any` of a condition) stays as it is stored. Nothing is written here; each error is
named by its field. A campaign's form uses the same functions of fields and buttons.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from console.journeys import flow_faults, step_variants
from console.journeys.flow_fields import BUTTONS, FLOW_FIELDS, STEP_FIELDS, Field, Kind
from console.shell.translation import gettext
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.message_content import MessageContent

DOES = ("tag", "url", "say")
BUTTON_FIELDS = tuple(
    f"buttons.{place}.{part}" for place in range(BUTTONS) for part in ("label", "does", "value")
)
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
    form = shown(STEP_FIELDS, values) | shown_buttons(step)
    return form | step_variants.form(step)


def of_flow(definition: FlowDefinition) -> dict[str, str]:
    """The fields of the flow's own form."""
    usual = {name: getattr(definition, name) for name in ("calm_days", "outcome_days")}
    values = {**usual, "class": definition.class_, **stored(definition)}
    entry = definition.entry
    values["entry"] = (
        {"policy": entry} if isinstance(entry, str) else {"policy": AGAIN, "days": entry.again_after_days}
    )
    return shown(FLOW_FIELDS, values)


def typed_step(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the step's form, to show it again."""
    names = (*(each.path for each in STEP_FIELDS), *BUTTON_FIELDS, *step_variants.FIELDS)
    return {name: form.get(name, "") for name in names}


def typed_flow(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the flow's form, to show it again."""
    return {each.path: form.get(each.path, "") for each in FLOW_FIELDS}


def read_step(form: Mapping[str, str], before: Step) -> ReadStep:
    """The step as the form says, with what the form has no field for as it was before."""
    values, faults = read(STEP_FIELDS, form, stored(before))
    values["buttons"], places = read_buttons(form)
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
    values, faults = read(FLOW_FIELDS, form, {**stored(before), "entry": {}})
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


def shown(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """The values as the fields show them, by path."""
    return {each.path: _as_text(each, _value_at(values, each.path)) for each in fields}


def _value_at(values: Mapping[str, Any], path: str) -> Any:
    for name in path.split("."):
        values = values.get(name) if isinstance(values, Mapping) else None  # type: ignore[assignment]
    return values


def _as_text(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.kind in (Kind.LINES, Kind.TICKS):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "1" if value else ("0" if field.kind is Kind.YES_NO else "")
    return str(value)


def read(
    fields: Iterable[Field], form: Mapping[str, str], values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The given values with the form's put over them, and the errors of fields that are no numbers."""
    faults: dict[str, str] = {}
    for each in fields:
        try:
            _put(values, each.path, _value(each, form.get(each.path, "")))
        except ValueError:
            faults[each.path] = gettext("数字で入れてください。")
    return values, faults


def shown_buttons(content: MessageContent) -> dict[str, str]:
    """The message's buttons as their fields show them."""
    form: dict[str, str] = {}
    for place, button in enumerate(content.buttons):
        does = next(name for name in DOES if getattr(button, name) is not None)
        form |= {
            f"buttons.{place}.label": button.label,
            f"buttons.{place}.does": does,
            f"buttons.{place}.value": getattr(button, does),
        }
    return form


def read_buttons(form: Mapping[str, str]) -> tuple[list[dict[str, str]], list[int]]:
    """The buttons that were typed, and the row of each, for `flow_faults.by_field`."""
    rows = {place: button for place in range(BUTTONS) if (button := _button(form, place)) is not None}
    return [*rows.values()], [*rows]


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at that path, or take it out when it is None; a table that this empties goes with it."""
    *tables, name = path.split(".")
    if value is None:
        if not tables:
            values.pop(name, None)
        elif name in (table := values.get(tables[0], {})):
            del table[name]
            if not table and path.partition(".")[0] != "entry":
                del values[tables[0]]
        return
    table = values.setdefault(tables[0], {}) if tables else values
    table[name] = value


def _value(field: Field, typed: str) -> Any:
    """The value that was typed; None for an empty field. Raises ValueError for what is no number."""
    match field.kind:
        case Kind.TEXT:
            return typed.replace("\r\n", "\n") or None
        case Kind.LINES | Kind.TICKS:
            return [line for line in typed.replace("\r\n", "\n").split("\n") if line.strip()] or None
        case Kind.TICK:
            return True if typed else None
        case Kind.YES_NO:
            return {"1": True, "0": False}.get(typed)
        case Kind.LINE if field.path != "key":
            return (typed.strip() if field.path.endswith(("url", "picture")) else typed) or None
    plain = unicodedata.normalize("NFKC", typed).strip()
    if field.kind is Kind.NUMBER or field.path == "coupon":
        return _whole_number(plain) if plain else None
    return plain or None


def _whole_number(plain: str) -> int:
    if not (plain.isdecimal() and len(plain) <= 9):
        raise ValueError(plain)
    return int(plain)


def _button(form: Mapping[str, str], place: int) -> dict[str, str] | None:
    label, value = form.get(f"buttons.{place}.label", ""), form.get(f"buttons.{place}.value", "")
    does = form.get(f"buttons.{place}.does", "")
    if not label and not value:
        return None
    return {"label": label, does if does in DOES else DOES[0]: value.strip() if does == "url" else value}
