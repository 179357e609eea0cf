"""Turns values of a definition into the texts of a form's fields, and typed texts back into values.

The fields are `flow_fields.py`'s, by their path in the definition. What belongs to flows is in `flow_form.py`, what
belongs to campaigns in `campaign_form.py`.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from console.journeys.flow_fields import BUTTONS, Field, Kind
from console.shell.translation import gettext
from journeys.flows.message_content import MessageContent

DOES = ("tag", "url", "say")
BUTTON_FIELDS = tuple(
    f"buttons.{place}.{part}" for place in range(BUTTONS) for part in ("label", "does", "value")
)


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
