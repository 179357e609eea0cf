"""Decides what a referral code looks like and finds one in whatever a person sent. Pure.

Eight characters. No letter looks like a digit (O, I, Z, S, B) and none is a vowel, so that no code spells a word; each
half has a letter and a digit, so that no ordinary word, year or telephone number is taken for a code.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

LETTERS = "CDFGHJKLMNPQRTVWXY"
DIGITS = "23456789"
CHARACTERS = LETTERS + DIGITS
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ﹣〜~_", "-"))
_CODE = re.compile(
    rf"(?<![A-Z0-9])(?<![A-Z0-9]-)([{CHARACTERS}]{{4}})[- ]?([{CHARACTERS}]{{4}})(?!-?[A-Z0-9])"
)
"""Not a part of a longer code, of a coupon or a link."""


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code such as `K7MP-4XWD`; `choose` picks one of the characters by chance nobody can foresee."""
    return f"{_half(choose)}-{_half(choose)}"


def find_code(text: str) -> str | None:
    """The code in the text, as we write it: any width and case, with or without its hyphen, words around it."""
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    for first, second in _CODE.findall(normal):
        if _is_half(first) and _is_half(second):
            return f"{first}-{second}"
    return None


def _half(choose: Callable[[Sequence[str]], str]) -> str:
    while True:
        half = "".join(choose(CHARACTERS) for _ in range(4))
        if _is_half(half):
            return half


def _is_half(half: str) -> bool:
    return any(mark in DIGITS for mark in half) and any(mark in LETTERS for mark in half)
