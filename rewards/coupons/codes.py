"""Generates coupon codes and finds one in what was scanned or typed. Pure.

Twelve of the characters of link codes, about 56 bits: with single use and a limit on tries, they cannot be
guessed. Three groups of four distinguish them from referral codes.
"""

import re
from collections.abc import Callable, Sequence

from customers.linking.codes import BREAK, CHARACTERS, as_codes_are_written

_FOUR = rf"([{CHARACTERS}]{{4}})"
_CODE = re.compile(rf"(?<![A-Z0-9-]){_FOUR}{BREAK}{_FOUR}{BREAK}{_FOUR}(?![A-Z0-9-])")


def make(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code such as `K7MP-4XWD-RT35`; `choose` must pick one of the characters unpredictably."""
    return "-".join("".join(choose(CHARACTERS) for _ in range(4)) for _ in range(3))


def find_code(text: str) -> str | None:
    """The code in the text in normal form: any width and case, with or without hyphens, also within an
    address."""
    found = _CODE.search(as_codes_are_written(text))
    return "-".join(found.groups()) if found else None
