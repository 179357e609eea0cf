"""Finds whom an @ in a note mentions: by a full name, with or without its blank, or a first part only one
person has. Pure."""

from collections import Counter
from collections.abc import Mapping

from bot.text.folding import folded


def mentioned(note: str, names: Mapping[int, str]) -> set[int]:
    """The ids of the people whom the note mentions after an @."""
    text = "".join(folded(note).split())
    called = _called(names)
    found: set[int] = set()
    for at in (place + 1 for place, letter in enumerate(text) if letter == "@"):
        fitting = [name for name in called if text.startswith(name, at)]
        if fitting:
            found |= called[max(fitting, key=len)]
    return found


def _called(names: Mapping[int, str]) -> dict[str, set[int]]:
    """The names by which people can be mentioned, with their ids. Two with the same name are both meant; a
    first part that several share means nobody."""
    plain = {number: folded(name).split() for number, name in names.items()}
    shared = Counter(parts[0] for parts in plain.values() if parts)
    called: dict[str, set[int]] = {}
    for number, parts in plain.items():
        if parts and shared[parts[0]] == 1:
            called.setdefault(parts[0], set()).add(number)
        if parts:
            called.setdefault("".join(parts), set()).add(number)
    return called
