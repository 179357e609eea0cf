"""Finds what may be the number of an order in what a customer writes. Pure."""

import re
import unicodedata
from collections.abc import Sequence

MOST_NUMBERS = 20
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9_-]{2,62}(?![A-Za-z0-9])")


def numbers_in(texts: Sequence[str]) -> list[str]:
    """What may be the number of an order in these texts, the newest first; each has a digit."""
    found = [
        number
        for text in reversed(texts)
        for number in _NUMBER.findall(unicodedata.normalize("NFKC", text))
        if any(sign.isdigit() for sign in number)
    ]
    return list(dict.fromkeys(found))[:MOST_NUMBERS]
