"""What is wrong with a value of the shop's settings, in English and in Japanese, and by the key it concerns."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.config import toml_values


class Unfit(ValueError):
    """A value that a section refuses: raised by the sections' validators, in both languages of the console."""

    def __init__(self, english: str, japanese: str) -> None:
        super().__init__(english)
        self.japanese = japanese


@dataclass(frozen=True)
class Fault:
    """One fault of the settings."""

    table: str
    """The table of the file, such as survey.words; empty when the text is no such file at all."""
    key: str
    """Empty where it concerns the table as a whole."""
    sentence: str
    """In English, with file, key and a valid example, as start-up and commands print it."""
    english: str
    """What is wrong, to be shown beside the field."""
    japanese: str


class ShopFileError(Exception):
    """The settings cannot be used. The text names each key at fault and shows a valid example."""

    def __init__(self, faults: str | Sequence[Fault]) -> None:
        self.faults = (Fault("", "", faults, faults, faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(each.sentence for each in self.faults))


_JAPANESE = {
    "greater_than_equal": "{ge}以上にしてください",
    "greater_than": "{gt}より大きくしてください",
    "less_than_equal": "{le}以下にしてください",
    "less_than": "{lt}より小さくしてください",
    "string_too_long": "{max_length}文字以内にしてください",
    "string_too_short": "{min_length}文字以上にしてください",
    "string_type": "文字で書いてください",
    "too_long": "{max_length}個までにしてください",
    "too_short": "{min_length}個以上にしてください",
    "bool_parsing": "はい・いいえのどちらかにしてください",
    "bool_type": "はい・いいえのどちらかにしてください",
    "missing": "足りない値があります",
    "extra_forbidden": "この項目はありません",
}
_BY_BEGINNING = {
    "int": "整数で書いてください",
    "float": "数で書いてください",
    "date": "日付で書いてください（例：2026-12-31）",
    "tuple": "一覧で書いてください",
    "list": "一覧で書いてください",
    "enum": "選べる値は {expected} です",
    "literal_error": "選べる値は {expected} です",
    "string_pattern_mismatch": "書きかたが合いません",
}
"""For the kinds of pydantic's errors that begin with the word."""


def in_japanese(error: Mapping[str, Any]) -> str:
    """What one of pydantic's errors says, in Japanese."""
    context = error.get("ctx", {})
    if japanese := getattr(context.get("error"), "japanese", None):
        return str(japanese)
    kind = str(error["type"])
    said = _JAPANESE.get(kind) or next(
        (each for word, each in _BY_BEGINNING.items() if kind.startswith(word)), None
    )
    return said.format(**context) if said else in_english(error)


def in_english(error: Mapping[str, Any]) -> str:
    """What one of pydantic's errors says."""
    return str(error.get("ctx", {}).get("error") or error["msg"])


def of_table(name: str, known: Iterable[str]) -> Fault:
    """The fault of a table that no section describes."""
    sentence = f"shop.toml: [{name}] is not known.{_did_you_mean(name, known)}"
    return Fault(name, "", sentence, "is not known", "この見出しはありません")


def of_key(table: str, known: Iterable[str], error: Any, example: Any) -> Fault:
    """What one of pydantic's errors says, as a fault of that table. `example` is a section with valid values."""
    english, japanese = in_english(error), in_japanese(error)
    if not error["loc"]:
        return Fault(table, "", f"shop.toml: [{table}] {english}.", english, japanese)
    key = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        sentence = f"shop.toml: {key} in [{table}] is not known.{_did_you_mean(key, known)}"
    else:
        line = f"{key} = {toml_values.value_of(getattr(example, key))}"
        sentence = f"shop.toml: {key} in [{table}] cannot be used: {english}. Example: {line}"
    return Fault(table, key, sentence, english, japanese)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {close[0]}?" if close else f" Known: {', '.join(sorted(known))}."
