"""Decides what a coupon's code looks like and finds one in what was scanned or typed. Pure.

Twelve characters that nobody mistakes for another, about 56 bits: with single use and a limit on tries, nobody guesses
one. The letters are those of referral codes, but three groups of four, so that neither is taken for the other.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from rewards.referral_codes import CHARACTERS

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ﹣〜~_", "-"))
_FOUR = rf"([{CHARACTERS}]{{4}})"
_CODE = re.compile(rf"(?<![A-Z0-9-]){_FOUR}[- ]?{_FOUR}[- ]?{_FOUR}(?![A-Z0-9-])")


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code such as `K7MP-4XWD-RT35`; `choose` picks one of the characters by chance nobody can foresee."""
    return "-".join("".join(choose(CHARACTERS) for _ in range(4)) for _ in range(3))


def find_code(text: str) -> str | None:
    """The code in the text, as we write it: any width and case, with or without hyphens, an address around it."""
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    found = _CODE.search(normal)
    return "-".join(found.groups()) if found else None
