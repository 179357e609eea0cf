"""Decides which score a text names, when it names one and says nothing else: 9, ９点, 十点です, じゅう, 🔟. Pure."""

import re
import unicodedata

from surveys.segments import is_score

LONGEST = 200
"""Letters of a text that can still be a score and a row of marks; a longer one has more to say."""

_NAMES = (
    ("〇", "零", "ゼロ", "ぜろ", "れい"),
    ("一", "いち"),
    ("二", "に"),
    ("三", "さん"),
    ("四", "よん"),
    ("五", "ご"),
    ("六", "ろく"),
    ("七", "なな"),
    ("八", "はち"),
    ("九", "きゅう"),
    ("十", "じゅう", "🔟"),
)
_SCORES = {name: score for score, names in enumerate(_NAMES) for name in names}
_NUMBER = r"[-−]?[0-9]{1,3}(?:\.[0-9]+)?"  # a longer one is an order's
_NAMED = re.compile(
    rf"\A(?P<number>{_NUMBER}|{'|'.join(_SCORES)})\s*(?:点|てん)?(?:です|でお願いします|かな|くらい|ぐらい|ね|よ)*\Z"
)
_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")


def is_number(text: str) -> bool:
    """Whether a number is all that was written, be it none of the eleven answers: 11, -1, 7.5."""
    return _number(text) is not None


def score_in(text: str) -> int | None:
    """The score that is all that was written."""
    number = _number(text) or ""
    score = _SCORES.get(number, int(number) if number.isdecimal() else None)
    return score if is_score(score) else None


def _number(text: str) -> str | None:
    if len(text) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text.translate(_KEYCAP)).strip()
    while plain and not plain[-1].isalnum() and plain not in _SCORES:
        plain = plain[:-1]
    found = _NAMED.fullmatch(plain)
    return found["number"] if found else None
