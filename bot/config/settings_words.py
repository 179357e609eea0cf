"""Words the settings: the error for an unfit one, and the README's table of all of them."""

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from bot.config import refusals
from bot.config.settings_ja import IN_JAPANESE
from bot.text.two_languages import Sentence, both


def complaint(fields: Mapping[str, FieldInfo], error: Any) -> Sentence:
    """The sentence for one of pydantic's errors: what is wrong with the setting, what it is, and where to
    find its value."""
    reason = refusals.reason(error)
    if not error["loc"]:
        return Sentence(f"{reason}.", f"{reason.ja}。")
    name = str(error["loc"][0])
    field = fields[name]
    what, where = described(name, field)
    example = f" Example: {name.upper()}={field.examples[0]}" if field.examples else ""
    values = {
        "name": name.upper(),
        "what": what,
        "where": where,
        "example": Sentence(example, example.replace("Example:", "例:")),
    }
    if error["type"] == "missing":
        return both(
            "{name} is not set. It is: {what}. Where to find it: {where}.{example}",
            "{name} が設定されていません。これは: {what}。値のある場所: {where}。{example}",
            **values,
        )
    return both(
        "{name} cannot be used: {reason}. It is: {what}. Where to find it: {where}.{example}",
        "{name} の値が使えません: {reason}。これは: {what}。値のある場所: {where}。{example}",
        reason=Sentence(reason.lower().rstrip("."), reason.ja.rstrip("。")),
        **values,
    )


def described(name: str, field: FieldInfo) -> tuple[Sentence, Sentence]:
    """What the setting is, and where to find its value."""
    what, _, where = (field.description or "").partition(" — ")
    what_in_japanese, where_in_japanese = IN_JAPANESE[name]
    return Sentence(what, what_in_japanese), Sentence(where, where_in_japanese)


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
