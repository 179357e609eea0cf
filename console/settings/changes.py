"""What differs between two versions of the settings, and the check whether somebody else changed the same meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import shop_versions
from bot.config import shop
from bot.config.shop import Sections
from bot.config.shop_faults import Fault
from console.settings import meanings
from console.settings.fields import Field, of_part, plain, read, shown
from console.settings.subjects import Part
from console.shell.translation import gettext, reads_english


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that differs; values as they are shown."""

    table: str
    key: str
    meaning: str
    before: str
    after: str


def now() -> Sections:
    """The sections in force."""
    return {model: shop.get(model) for models in shop.models().values() for model in models}


def all_fields() -> list[Field]:
    """Every setting."""
    return [
        field
        for table, models in shop.models().items()
        for model in models
        for field in of_part(Part(table, model))
    ]


def between(before: Sections, after: Sections) -> list[Change]:
    """The settings whose values differ."""
    return [
        Change(each.table, each.key, meanings.of_field(each), in_words(each, old), in_words(each, new))
        for each in all_fields()
        if (old := each.value(before)) != (new := each.value(after))
    ]


def in_words(field: Field, value: Any) -> str:
    """The value as a reader sees it."""
    if field.kind == "flag":
        return gettext("はい") if value else gettext("いいえ")
    if field.kind == "choice":
        return meanings.of_choice(field, str(plain(value)))
    texts = (
        [text for each in shown(field, value) for text in each.split("\n")]
        if field.kind == "lines"
        else shown(field, value)
    )
    return ("" if field.kind == "weekdays" else "\n" if field.kind in ("text", "line") else "、").join(
        filter(None, texts)
    )


def typed_changes(
    fields: Iterable[Field], typed: Mapping[str, list[str]], seen: Sections
) -> dict[str, dict[str, object]]:
    """The values that were typed and differ from those the form showed."""
    found: dict[str, dict[str, object]] = {}
    for each in fields:
        if each.name in typed:
            value = read(each, typed[each.name])
            if value != plain(each.value(seen)):
                found.setdefault(each.table, {})[each.key] = value
    return found


def changed_meanwhile(
    fields: Iterable[Field], values: shop_versions.Values, seen: Sections, now: Sections
) -> dict[str, str]:
    """By field, what another person has made of a setting since the form was shown."""
    return {
        each.name: gettext(
            "開いているあいだに、ほかの人が「%(value)s」に変えました。このまま保存すると、書いたものになります。",
            value=in_words(each, each.value(now)),
        )
        for each in fields
        if each.key in values.get(each.table, {})
        and each.value(seen) != each.value(now)
        and plain(each.value(now)) != values[each.table][each.key]
    }


def in_words_of_reader(fault: Fault) -> str:
    """What is wrong, in the reader's language."""
    return fault.english if reads_english() else fault.japanese
