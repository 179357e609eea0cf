"""Decides what a coupon's code looks like and finds one in what was scanned or typed. Pure.

Twelve of the characters that link codes are made of, about 56 bits: with single use and a limit on tries, nobody
guesses one. Three groups of four, so that it is not taken for a referral code.
"""

import re
from collections.abc import Callable, Sequence

from customers.linking.codes import BREAK, CHARACTERS, as_codes_are_written

_FOUR = rf"([{CHARACTERS}]{{4}})"
_CODE = re.compile(rf"(?<![A-Z0-9-]){_FOUR}{BREAK}{_FOUR}{BREAK}{_FOUR}(?![A-Z0-9-])")


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code such as `K7MP-4XWD-RT35`; `choose` picks one of the characters by chance nobody can foresee."""
    return "-".join("".join(choose(CHARACTERS) for _ in range(4)) for _ in range(3))


def find_code(text: str) -> str | None:
    """The code in the text, as we write it: any width and case, with or without hyphens, an address around it."""
    found = _CODE.search(as_codes_are_written(text))
    return "-".join(found.groups()) if found else None
