"""What is wrong with a value of the shop's settings, in English and in Japanese, and by the key it concerns."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.config import refusals, toml_values
from bot.text.two_languages import Sentence, both, in_japanese, together


class Unfit(ValueError):
    """A value that a section refuses: raised by the sections' validators, in both languages of the console."""

    def __init__(self, english: str, japanese: str) -> None:
        super().__init__(Sentence(english, japanese))


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

    @property
    def whole(self) -> Sentence:
        """What start-up and commands print, in both languages."""
        if isinstance(self.sentence, Sentence):
            return self.sentence
        place = f"shop.toml: [{self.table}] の {self.key}: " if self.table else ""
        return Sentence(self.sentence, place + self.japanese)


class ShopFileError(Exception):
    """The settings cannot be used. The text names each key at fault and shows a valid example."""

    def __init__(self, faults: str | Sequence[Fault]) -> None:
        if isinstance(faults, str):
            self.faults: tuple[Fault, ...] = (Fault("", "", faults, faults, str(in_japanese(faults))),)
        else:
            self.faults = tuple(faults)
        super().__init__(together(each.whole for each in self.faults))


def of_table(name: str, known: Iterable[str]) -> Fault:
    """The fault of a table that no section describes."""
    sentence = both(
        "shop.toml: [{name}] is not known.{hint}",
        "shop.toml: [{name}] という見出しはありません。{hint}",
        name=name,
        hint=_did_you_mean(name, known),
    )
    return Fault(name, "", sentence, "is not known", "この見出しはありません")


def of_key(table: str, known: Iterable[str], error: Any, example: Any) -> Fault:
    """What one of pydantic's errors says, as a fault of that table. `example` is a section with valid values."""
    reason = refusals.reason(error)
    key = str(error["loc"][0]) if error["loc"] else ""
    values = {"table": table, "key": key, "reason": reason}
    if not key:
        sentence = both("shop.toml: [{table}] {reason}.", "shop.toml: [{table}]: {reason}。", **values)
    elif error["type"] == "extra_forbidden":
        sentence = both(
            "shop.toml: {key} in [{table}] is not known.{hint}",
            "shop.toml: [{table}] に {key} という項目はありません。{hint}",
            hint=_did_you_mean(key, known),
            **values,
        )
    else:
        sentence = both(
            "shop.toml: {key} in [{table}] cannot be used: {reason}. Example: {key} = {example}",
            "shop.toml: [{table}] の {key}: {reason}。例: {key} = {example}",
            example=toml_values.value_of(getattr(example, key)),
            **values,
        )
    return Fault(table, key, sentence, str(reason), reason.ja)


def _did_you_mean(word: str, known: Iterable[str]) -> Sentence:
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    if close:
        return both(" Did you mean {name}?", "もしかして {name} ですか。", name=close[0])
    return both(" Known: {names}.", "使えるのは {names} です。", names=", ".join(names))
