"""Generates link codes and finds one in a text. Pure.

Twelve characters in three groups, such as `K7MP-4XWD-9HQF`. No letter resembles a digit (O, I, Z, S, B) and
there are no vowels, so that no code spells a word. Each code has a letter and a digit, so that a parcel's
number (twelve digits) is not taken for one.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

CHARACTERS = "CDFGHJKLMNPQRTVWXY23456789"
LONGEST = 5_000
"""At most so many letters are searched: LINE's longest message."""
BREAK = " ?-? ?"
"""What may separate two groups; blanks are single ones by then (`as_codes_are_written`)."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ﹣〜~_", "-"))
_GROUP = f"([{CHARACTERS}]{{4}})"
_CODE = re.compile(rf"(?<![A-Z0-9]){_GROUP}{BREAK}{_GROUP}{BREAK}{_GROUP}(?![A-Z0-9])")


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code. `choose` must pick one of the characters unpredictably (56 bits in all)."""
    while True:
        groups = ["".join(choose(CHARACTERS) for _ in range(4)) for _ in range(3)]
        if is_mixed("".join(groups)):
            return "-".join(groups)


def find_code(text: str) -> str | None:
    """The code in the text in normal form: any width and case, with or without hyphens, other words around
    it."""
    for groups in _CODE.findall(as_codes_are_written(text)):
        if is_mixed("".join(groups)):
            return "-".join(groups)
    return None


def as_codes_are_written(text: str) -> str:
    """The text in capital letters of normal width, with every kind of dash as a hyphen and blanks as single
    ones."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_DASHES).upper()
    return " ".join(plain.split())[:LONGEST]


def is_mixed(letters: str) -> bool:
    """Whether they contain a letter and a digit."""
    return any(each.isdigit() for each in letters) and any(each.isalpha() for each in letters)
