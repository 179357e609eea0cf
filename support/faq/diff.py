"""Compares two versions of a FAQ entry, line by line. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

UNCHANGED, ADDED, REMOVED = "kept", "added", "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text that changed: UNCHANGED, ADDED or REMOVED."""

    kind: str
    text: str


def of_texts(before: str, after: str) -> list[Line]:
    """The lines of both texts, removed ones before those that replaced them; empty when nothing changed."""
    return [] if before == after else of_lists(before.splitlines(), after.splitlines())


def of_lists(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """The same for two lists of phrases."""
    if list(before) == list(after):
        return []
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(None, list(before), list(after), autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            lines += [Line(UNCHANGED, text) for text in before[start:end]]
        else:
            lines += [Line(REMOVED, text) for text in before[start:end]]
            lines += [Line(ADDED, text) for text in after[new_start:new_end]]
    return lines
