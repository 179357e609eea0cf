"""Refuses guessable passwords: well-known ones, keyboard patterns, repetitions, and the person's own words.

Strength is estimated by zxcvbn
(https://www.usenix.org/conference/usenixsecurity16/technical-sessions/presentation/wheeler), which knows
English words and leaked passwords; `common_passwords_ja.txt` adds what people in Japan choose.
"""

import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from bot.config import settings

SHORTEST, LONGEST = 10, 200
"""Characters. Hashing time grows with length, so nobody may send megabytes."""
GUESSES_LOG10 = 8.1
"""The least strength of a password. zxcvbn gives 8.0 to a combination of two well-known words."""
REST_GUESSES_LOG10 = 6.0
"""The strength that must remain without the person's and the shop's own words."""
_BETWEEN_WORDS = re.compile(r"[^\w]+|[\d_]+")
_MARKS = re.compile(r"[\W_]+")
CHECKED_LENGTH = 40
"""Characters that are estimated: zxcvbn is slow on long texts."""
SHORTEST_OWN_WORD = 3
WORDS_IN_JAPAN = Path(__file__).resolve().parent / "common_passwords_ja.txt"


class Fault(StrEnum):
    """Why a password is refused; the text is for an operator."""

    LENGTH = f"A password has {SHORTEST} to {LONGEST} characters."
    COMMON = (
        "This password is among the first that guessers try (a well-known word, a row of keys, a repeat or a date). "
        "Use three or more words that have nothing to do with each other, or let your browser suggest one. "
        "Example of its form: tsukimi-garasu-17-enpitsu"
    )
    OWN_WORDS = (
        "Without the person's name or address and the shop's name, little is left of this password. "
        "Use three or more words that have nothing to do with the person, the shop or each other. "
        "Example of its form: tsukimi-garasu-17-enpitsu"
    )


def fault_of(password: str, email: str, name: str) -> Fault | None:
    """What is wrong with that password for that person; None when it is good."""
    from zxcvbn import zxcvbn  # 13 MB of words: loaded only to set a password

    if not SHORTEST <= len(password) <= LONGEST:
        return Fault.LENGTH
    plain = _plain(password)[:CHECKED_LENGTH]
    own = _own_words(email, name)
    rest = plain
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest, is_own = _MARKS.sub("", rest), rest != plain
    if is_own and (not rest or zxcvbn(rest, user_inputs=_japanese())["guesses_log10"] < REST_GUESSES_LOG10):
        return Fault.OWN_WORDS
    guesses = zxcvbn(plain, user_inputs=[*own, *_japanese()])["guesses_log10"]
    return Fault.COMMON if guesses < GUESSES_LOG10 else None


@cache
def _japanese() -> list[str]:
    lines = WORDS_IN_JAPAN.read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def _own_words(email: str, name: str) -> list[str]:
    config = settings.current()
    host = urlsplit(config.public_url).hostname or ""
    texts = (email, name, config.shop_name, config.line_basic_id, host)
    words: set[str] = set()
    for text in texts:
        parts = _BETWEEN_WORDS.split(_plain(text))
        words |= {*parts, "".join(parts)}
    return [
        word for word in words if len(word) >= SHORTEST_OWN_WORD or (len(word) == 2 and not word.isascii())
    ]


def _plain(text: str) -> str:
    """Normalized for comparison: width and letter case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()
