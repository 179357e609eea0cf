"""Decides what a link code looks like and finds one in whatever a customer sent. Pure.

Twelve characters in three groups, such as `K7MP-4XWD-9HQF`: no letter looks like a digit, none is a vowel. Each code
has a letter and a digit, so that no parcel's number (twelve digits) is taken for one.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

CHARACTERS = "CDFGHJKLMNPQRTVWXY23456789"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ﹣〜~_", "-"))
_GROUP = f"([{CHARACTERS}]{{4}})"
_CODE = re.compile(rf"(?<![A-Z0-9]){_GROUP}[- ]?{_GROUP}[- ]?{_GROUP}(?![A-Z0-9])")


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code; `choose` picks one of the characters by chance nobody can foresee (56 bits in all)."""
    while True:
        groups = ["".join(choose(CHARACTERS) for _ in range(4)) for _ in range(3)]
        if _is_mixed("".join(groups)):
            return "-".join(groups)


def find_code(text: str) -> str | None:
    """The code in the text, as we write it: any width and case, with or without hyphens, words around it."""
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    for groups in _CODE.findall(normal):
        if _is_mixed("".join(groups)):
            return "-".join(groups)
    return None


def _is_mixed(letters: str) -> bool:
    return any(each.isdigit() for each in letters) and any(each.isalpha() for each in letters)
