"""Generates referral codes and finds one in a text. Pure.

Eight of the characters of link codes; each half has a letter and a digit, so that no ordinary word, year or
telephone number is taken for a code.
"""

import re
from collections.abc import Callable, Sequence

from customers.linking.codes import BREAK, CHARACTERS, as_codes_are_written, is_mixed

_CODE = re.compile(
    rf"(?<![A-Z0-9])(?<![A-Z0-9]-)([{CHARACTERS}]{{4}}){BREAK}([{CHARACTERS}]{{4}})(?!-?[A-Z0-9])"
)
"""Does not match a part of a longer code, such as a coupon's or a link's."""


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code such as `K7MP-4XWD`; `choose` must pick one of the characters unpredictably."""
    return f"{_half(choose)}-{_half(choose)}"


def find_code(text: str) -> str | None:
    """The code in the text in normal form: any width and case, with or without its hyphen, other words around
    it."""
    for first, second in _CODE.findall(as_codes_are_written(text)):
        if is_mixed(first) and is_mixed(second):
            return f"{first}-{second}"
    return None


def _half(choose: Callable[[Sequence[str]], str]) -> str:
    while True:
        half = "".join(choose(CHARACTERS) for _ in range(4))
        if is_mixed(half):
            return half
