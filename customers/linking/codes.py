"""Decides what a link code looks like and finds one in whatever a customer sent. Pure.

Twelve characters in three groups, such as `K7MP-4XWD-9HQF`: no letter looks like a digit (O, I, Z, S, B), none is a
vowel, so that no code spells a word. Each code has a letter and a digit, so that no parcel's number (twelve digits) is
taken for one.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

CHARACTERS = "CDFGHJKLMNPQRTVWXY23456789"
LONGEST = 5_000
"""Letters that are searched for a code: LINE's longest message. Whatever follows them is not read."""
BREAK = " ?-? ?"
"""Between two groups, as people type and copy them; blanks are single ones by then (`as_codes_are_written`)."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ﹣〜~_", "-"))
_GROUP = f"([{CHARACTERS}]{{4}})"
_CODE = re.compile(rf"(?<![A-Z0-9]){_GROUP}{BREAK}{_GROUP}{BREAK}{_GROUP}(?![A-Z0-9])")


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code; `choose` picks one of the characters by chance nobody can foresee (56 bits in all)."""
    while True:
        groups = ["".join(choose(CHARACTERS) for _ in range(4)) for _ in range(3)]
        if is_mixed("".join(groups)):
            return "-".join(groups)


def find_code(text: str) -> str | None:
    """The code in the text, as we write it: any width and case, with or without hyphens, words around it."""
    for groups in _CODE.findall(as_codes_are_written(text)):
        if is_mixed("".join(groups)):
            return "-".join(groups)
    return None


def as_codes_are_written(text: str) -> str:
    """The text in capital letters of normal width, whatever dashes it has as hyphens, its blanks as single ones."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_DASHES).upper()
    return " ".join(plain.split())[:LONGEST]


def is_mixed(letters: str) -> bool:
    """Whether there are a letter and a digit among them."""
    return any(each.isdigit() for each in letters) and any(each.isalpha() for each in letters)
