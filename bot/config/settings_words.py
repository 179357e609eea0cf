"""Words the settings: the error for an unfit one, and the README's table of all of them."""

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo


def complaint(fields: Mapping[str, FieldInfo], error: Any) -> str:
    """The sentence for one of pydantic's errors: what is wrong with the setting, what it is, and where to
    find its value."""
    if not error["loc"]:
        return f"{error['ctx']['error']}."
    name = str(error["loc"][0])
    field = fields[name]
    what, _, where = (field.description or "").partition(" — ")
    example = f" Example: {name.upper()}={field.examples[0]}" if field.examples else ""
    if error["type"] == "missing":
        return f"{name.upper()} is not set. It is: {what}. Where to find it: {where}.{example}"
    reason = str(error.get("ctx", {}).get("error") or error["msg"]).lower().rstrip(".")
    return f"{name.upper()} cannot be used: {reason}. It is: {what}. Where to find it: {where}.{example}"


def table(fields: Mapping[str, FieldInfo]) -> str:
    """A table of every setting, in Markdown."""
    lines = ["| Variable | What it is | Where to find it | Default |", "| --- | --- | --- | --- |"]
    for name, field in fields.items():
        what, _, where = (field.description or "").partition(" — ")
        shown = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        default = (
            "required" if field.is_required() else str(shown.get("shown_default", field.default or "unset"))
        )
        lines.append(f"| `{name.upper()}` | {what} | {where} | {default} |")
    return "\n".join(lines) + "\n"
