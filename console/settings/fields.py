"""How each setting is shown in a form and read from it. What a value may be is checked by the section itself."""

import re
import types
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from werkzeug.datastructures import MultiDict

from bot.config import shop
from bot.config.shop import Section
from bot.line import message_limits
from console.settings.subjects import Part, Subject, parts_of

SPECIAL = {
    ("support.hours", "weekdays"): "weekdays",
    ("support.hours", "opens"): "time",
    ("support.hours", "closes"): "time",
}
"""Settings that are shown otherwise than their type says."""
LONGEST_SPAN = timedelta(days=92)
"""Days off that may be entered as a span."""
MORE_DATES = 3
"""Empty fields for further dates."""
LINE_BREAK = "\n"
A_BUTTON = re.compile(r"ボタン(（[^）]*）)?$")
"""The meaning of a text on a button; of an answer to a button, it goes on."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting."""

    table: str
    key: str
    model: type[Section]
    kind: str
    """flag, number, numbers (several of fixed count), series (of any count), choice, lines, dates, weekdays, time,
    text (to customers) or line (any other text)."""

    @property
    def name(self) -> str:
        """Its name in the form, and its address on the page."""
        return f"{self.table}:{self.key}"

    @property
    def japanese(self) -> str:
        """What it is, as the file says."""
        return self.model.model_fields[self.key].description or self.key

    @property
    def default(self) -> Any:
        """Its value as it ships."""
        return self.model.model_fields[self.key].default

    def value(self, sections: shop.Sections | None = None) -> Any:
        """Its value in these sections, else in force."""
        part = shop.get(self.model) if sections is None else sections.get(self.model) or self.model()
        return getattr(part, self.key)

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The least and the greatest number."""
        found = {
            name: getattr(each, name)
            for each in self.model.model_fields[self.key].metadata
            for name in ("ge", "le")
            if getattr(each, name, None) is not None
        }
        return found.get("ge"), found.get("le")

    @property
    def choices(self) -> tuple[str, ...]:
        """The values to choose from."""
        annotation = self.model.model_fields[self.key].annotation
        if get_origin(annotation) is Literal:
            return tuple(str(each) for each in get_args(annotation))
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return tuple(str(each.value) for each in annotation)
        return ()

    @property
    def is_label(self) -> bool:
        """Whether it is the text of a button."""
        return self.kind == "text" and A_BUTTON.search(self.japanese) is not None

    @property
    def longest(self) -> int:
        """How many characters LINE takes (or the setting itself, where it says)."""
        own = (getattr(each, "max_length", None) for each in self.model.model_fields[self.key].metadata)
        usual = message_limits.LABEL if self.is_label else message_limits.TEXT
        return next((each for each in own if each is not None), usual)


def of_subject(subject: Subject) -> list[tuple[Part, list[Field]]]:
    """The settings of a page, by section."""
    return [(part, of_part(part)) for part in parts_of(subject)]


def of_part(part: Part) -> list[Field]:
    """The settings of a section."""
    return [
        Field(part.table, key, part.model, _kind(part, key, info.annotation))
        for key, info in part.model.model_fields.items()
    ]


def _kind(part: Part, key: str, annotation: Any) -> str:
    if special := SPECIAL.get((part.table, key)):
        return special
    if annotation is bool:
        return "flag"
    if annotation is int:
        return "number"
    if get_origin(annotation) is Literal or (isinstance(annotation, type) and issubclass(annotation, Enum)):
        return "choice"
    if get_origin(annotation) is tuple:
        first, *rest = get_args(annotation)
        if rest != [Ellipsis]:
            return "numbers"
        return {int: "series", date: "dates"}.get(first, "lines")
    if annotation is str and not isinstance(annotation, types.UnionType):
        return "text" if issubclass(part.model, shop.Words) or _is_long(part, key) else "line"
    raise TypeError(f"[{part.table}] {key}: no form shows {annotation}")


def _is_long(part: Part, key: str) -> bool:
    return key.endswith(("_perk", "_body", "_title")) or LINE_BREAK in str(
        part.model.model_fields[key].default
    )


def plain(value: Any) -> Any:
    """A value of a section as TOML has it, for comparison and for the form."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def shown(field: Field, value: Any) -> list[str]:
    """What stands in the form for that value: one text for each input, or for each box that is ticked."""
    value = plain(value)
    match field.kind:
        case "flag":
            return ["true" if value else "false"]
        case "numbers" | "dates":
            return [str(each) for each in value]
        case "series":
            return ["、".join(str(each) for each in value)]
        case "lines":
            return ["\n".join(value)]
        case "weekdays":
            return list(value)
        case _:
            return [str(value)]


def typed(fields: Iterable[Field], form: MultiDict[str, str]) -> dict[str, list[str]]:
    """What was typed into these fields; those that the form does not have are left out."""
    found = {}
    for each in fields:
        if each.name in form or f"{each.name}:asked" in form:
            texts = [text.replace("\r\n", "\n") for text in form.getlist(each.name)]
            found[each.name] = [*texts, *_span(each, form)] if each.kind == "dates" else texts
    return found


def _span(field: Field, form: Mapping[str, str]) -> list[str]:
    """The days of a span of days off; the texts themselves where they are no dates."""
    begin, end = (form.get(f"{field.name}:{name}", "").strip() for name in ("from", "to"))
    if not (begin or end):
        return []
    try:
        first, last = date.fromisoformat(begin or end), date.fromisoformat(end or begin)
    except ValueError:
        return [begin, end]
    if not timedelta() <= last - first <= LONGEST_SPAN:
        return [f"{begin}–{end}"]
    return [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]


def read(field: Field, texts: list[str]) -> Any:
    """The value that was typed, for the section to check; what is no number stays text, so that it is named."""
    first = texts[0] if texts else ""
    match field.kind:
        case "flag":
            return first == "true"
        case "number":
            return _number(first)
        case "numbers":
            return [_number(each) for each in texts]
        case "series":
            written = unicodedata.normalize("NFKC", first).replace("、", ",").replace(" ", ",")
            return [_number(each) for each in written.split(",") if each.strip()]
        case "lines":
            return [each.strip() for each in first.split("\n") if each.strip()]
        case "dates":
            return sorted({each.strip() for each in texts if each.strip()})
        case "weekdays":
            return "".join(texts)
        case "time":
            return first.strip()[:5]
        case "line":
            return first.strip()
        case _:
            return first


def _number(text: str) -> int | str:
    written = unicodedata.normalize("NFKC", text).strip().replace(",", "").removesuffix("%")
    digits = written.removeprefix("-")
    return int(written) if digits.isascii() and digits.isdigit() and len(digits) < 12 else text
