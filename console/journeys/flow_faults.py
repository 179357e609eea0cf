"""Says in the reader's language what is wrong with a field of a flow or a step.

Faults that only the whole flow shows (loops, steps nobody reaches) are `journeys/flows/check.py`'s.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from console.shell.translation import gettext, reads_english
from journeys.flows.field_types import KEY_PATTERN, NEEDED_BY
from journeys.flows.occurrences import On

LONGEST_DAYS = 3650
_KEY = re.compile(KEY_PATTERN)


def of_flow(values: Mapping[str, Any]) -> dict[str, str]:
    """Errors of fields that belong together, by field: an event without what it needs."""
    faults = {}
    for name in ("trigger", "goal"):
        event = values.get(name) or {}
        needed = NEEDED_BY.get(event.get("on", ""))
        if needed and event.get(needed) is None:
            faults[f"{name}.{needed}"] = gettext("このできごとには、これが要ります。")
    if not values.get("name", "").strip():
        faults["name"] = gettext("入れてください。")
    if not (values.get("trigger") or {}).get("on"):
        faults["trigger.on"] = gettext("選んでください。")
    return faults


def of_step(values: Mapping[str, Any]) -> dict[str, str]:
    """Errors of fields that belong together, by field: a wait with two ends, a half written link."""
    faults = {}
    wait = values.get("wait") or {}
    ends = [f"wait.{name}" for name in ("until", "date", "repurchase") if wait.get(name)]
    if len(ends) > 1:
        faults[ends[1]] = gettext("待ち方は1つだけにしてください。")
    if wait.get("until") == On.TAG and not wait.get("tag"):
        faults["wait.tag"] = gettext("待つタグを入れてください。")
    if wait.get("until") and not wait.get("days"):
        faults["wait.days"] = gettext("あることを待つときは、1日以上の日数を入れてください。")
    return faults | of_message(values)


def of_message(values: Mapping[str, Any]) -> dict[str, str]:
    """Errors of a message's half written link or video, by field."""
    return {
        f"{name}.{part}": gettext("入れてください。")
        for name in ("link", "video")
        if values.get(name)
        for part in ("label", "url")
        if not values[name].get(part)
    }


def by_field(
    wrong: ValidationError, button_places: Sequence[int], variant_places: Sequence[int] = ()
) -> dict[str, str]:
    """The definition's own errors by field of the form, with the rows of its buttons and variants."""
    return {_field(each["loc"], button_places, variant_places): _in_words(each) for each in wrong.errors()}


def _field(
    place: Sequence[int | str], button_places: Sequence[int], variant_places: Sequence[int] = ()
) -> str:
    parts = [str(part) for part in place]
    if parts[0] == "variant" and len(parts) > 1:
        return f"variant.{variant_places[int(parts[1])]}.text"
    if parts[0] == "buttons" and len(parts) > 1:
        part = parts[2] if len(parts) > 2 else "value"
        return f"buttons.{button_places[int(parts[1])]}.{'label' if part == 'label' else 'value'}"
    return ".".join(parts[:2]) if len(parts) > 1 and not parts[1].isdigit() else parts[0]


def _in_words(error: Any) -> str:
    """The error in the reader's language."""
    limits = error.get("ctx", {})
    if "ja" in limits:  # an error of the definition's own, in both languages
        return str(limits["en" if reads_english() else "ja"])
    match error["type"]:
        case "missing" | "string_too_short":
            return gettext("入れてください。")
        case "string_too_long":
            return gettext("%(most)s文字までで入れてください。", most=f"{limits['max_length']:,}")
        case "greater_than_equal":
            return gettext("%(least)s以上の数字で入れてください。", least=f"{limits['ge']:,}")
        case "less_than_equal":
            return gettext("%(most)s以下の数字で入れてください。", most=f"{limits['le']:,}")
        case "literal_error" | "enum":
            return gettext("選んでください。")
        case "string_pattern_mismatch":
            return _pattern(str(error["loc"][-1]))
    if error["type"].startswith("date"):
        return gettext("日付になっていません。例：2026-12-24")
    return str(error["msg"]).removeprefix("Value error, ")


def _pattern(name: str) -> str:
    if name in {"url", "picture"}:
        return gettext("https:// ではじまる、空白のないアドレスを入れてください。")
    if name == "at":
        return gettext("時刻は 11:00 のように入れてください。")
    return gettext("半角の英小文字・数字・ハイフンで、60文字までにしてください。")


def fault_of_key(key: str) -> str:
    """What is wrong with the key of a flow; empty when nothing is."""
    return "" if _KEY.fullmatch(key) else _pattern("key")
