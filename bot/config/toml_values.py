"""Writes values as TOML."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

Parts = dict[str, dict[str, Any]]
"""Values by table and key: {"survey.words": {"question": "…"}}."""


def written(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """The tables with these values, without comments; tables without a key are left out."""
    return "\n".join(
        "\n".join([f"[{name}]", *(f"{key} = {value_of(each)}" for key, each in values.items())]) + "\n"
        for name, values in sorted(parts.items())
        if values
    )


def value_of(value: Any) -> str:
    """A value as it is written in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case Enum():
            return value_of(value.value)
        case int() | float():
            return str(value)
        case list() | tuple():
            return "[" + ", ".join(value_of(each) for each in value) + "]"
        case dict():
            return "{" + ", ".join(f"{key} = {value_of(each)}" for key, each in value.items()) + "}"
        case _:
            return f'"{"".join(_escaped(letter) for letter in str(value))}"'


def _escaped(letter: str) -> str:
    if letter in '\\"':
        return "\\" + letter
    if letter == "\n":
        return "\\n"
    is_control = letter != "\t" and (ord(letter) < 0x20 or ord(letter) == 0x7F)
    return f"\\u{ord(letter):04x}" if is_control else letter
