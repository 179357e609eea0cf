"""Finds which coupon a customer asks for by its code or its name. Pure."""

import re
import unicodedata
from collections.abc import Mapping

from rewards.coupons import codes

LONGEST = 60
"""A longer text says more than the name of a coupon."""
_WORD = re.compile(r"クーポン|くーぽん|coupon|特典", re.IGNORECASE)
_ASKING = re.compile(
    r"\A(?:を|は|が|って)?(?:使い(?:たい|方)|つかいたい|使う|使って|使え(?:る|ます)か?|見(?:たい|せて|る)|みたい|みせて|出して|どこ|"
    r"あり?ますか|ください|下さい|お願いします|おねがいします|ほしい|欲しい|です|ですか|の|か){0,12}\Z"
)


def may_ask(text: str) -> bool:
    """Whether the text may name a coupon: it is short and has a code or the word."""
    return len(text) <= LONGEST and (codes.find_code(text) is not None or bool(_WORD.search(text)))


def code_alone(text: str) -> str | None:
    """The code, where the text is nothing but a code with the word for it; a complaint that names one is none."""
    code = codes.find_code(text)
    if code is None:
        return None
    rest = _plain(text).replace(_plain(code), "")
    return code if _ASKING.match(_WORD.sub("", rest)) else None


def named(text: str, names: Mapping[int, str]) -> int | None:
    """The id of the coupon whose name the text is, with the word and a request around it; None where none or several
    are."""
    asked = _plain(text)
    found = [each for each, name in names.items() if _is_asked(asked, _plain(name))]
    return found[0] if len(found) == 1 else None


def _is_asked(asked: str, name: str) -> bool:
    if not name or not asked.startswith(name):
        return False
    rest = _WORD.sub("", asked.removeprefix(name)).removeprefix("の")
    return _ASKING.match(rest) is not None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter == "ー")
