"""The variants of a step in its form: a text each. What else a variant holds (a picture, a card, written in a file)
stays as it is stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from console.journeys.flow_fields import VARIANTS
from journeys.flows.definition import OWN, Step

FIELDS = tuple(f"variant.{place}.{part}" for place in range(VARIANTS) for part in ("key", "text", "remove"))
_KEYS = "bcdefghijklmnopqrstuvwxyz"


def form(step: Step) -> dict[str, str]:
    """The fields of the step's variants."""
    return {
        f"variant.{place}.{name}": getattr(each, name)
        for place, each in enumerate(step.variant)
        for name in ("key", "text")
    }


def read(form: Mapping[str, str], stored: Sequence[Mapping[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """The variants as the form says, each with its row: the stored ones with their text changed, but for those that
    are ticked or left with nothing to say; then new ones, whose key is the next letter."""
    known = {str(each["key"]): each for each in stored}
    if not any(name in form for name in FIELDS):
        return [(place, dict(each)) for place, each in enumerate(stored)]
    found: list[tuple[int, dict[str, Any]]] = []
    for place in range(VARIANTS):
        text = form.get(f"variant.{place}.text", "").replace("\r\n", "\n")
        key = form.get(f"variant.{place}.key", "")
        others = {name: value for name, value in known.get(key, {}).items() if name not in ("key", "text")}
        if form.get(f"variant.{place}.remove") or not (text or others):
            continue
        taken = {OWN, *known, *(each["key"] for _, each in found)}
        values = {"key": key if key in known else _free(taken), **others}
        found.append((place, values | ({"text": text} if text else {})))
    return found


def _free(taken: set[str]) -> str:
    return next(letter for letter in _KEYS if letter not in taken)
