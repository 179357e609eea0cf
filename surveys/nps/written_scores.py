"""Reads a score from a text, alone or with words after it: ９点, 十点です, 「9点です。ありがとう」. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from surveys.nps.segments import HIGHEST, is_score

LONGEST = 5_000
"""Characters of a LINE message that are read."""
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
    ("十", "じゅう", "じゅっ", "🔟"),
)
_SCORES = {name: score for score, names in enumerate(_NAMES) for name in names}
_NUMBER = r"[-−]?[0-9]{1,3}(?:\.[0-9]+)?"  # a longer one is an order's
_NAMED = re.compile(
    rf"\A(?P<number>{_NUMBER}|{'|'.join(_SCORES)})\s*(?:点|てん)?(?:満点)?(?:です|でお願いします|かな|くらい|ぐらい|ね|よ)*\Z"
)
_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")
_BEGUN = re.compile(
    r"\A(?:まあ|まぁ|うーん|えーと|えっと|じゃあ|正直|ん[ー〜~]*|点数は|評価は|点数(?:を)?つけるなら|おすすめ度は|もちろん|とりあえず|普通に"
    r"|ふつうに|たぶん|多分|やっぱり?|迷うけど|迷いますが|悩むけど|[、,….\s])*"
    r"(?:[0-9]{1,3}点満点(?:中|で言うと|でいうと|なら|で))?"
    rf"(?P<number>{_NUMBER}|{'|'.join(_SCORES)})\s*(?P<points>点|てん)?(?P<full>満点)?"
    r"(?P<said>/10(?![0-9])|でお願いします|です|かな[あぁ]?|か[あぁ]|くらい|ぐらい|でしょうか|ですかね|ですね|だね|だな|やな|しかない|かも"
    r"|つけ(?:ます|る|ちゃう|ました)|あげ(?:ます|る|ちゃう)|で(?=\W|$)|ね|よ|だ|や|っす)*"
    r"(?P<end>$|[。.!！?？…、,〜~ー\s♪✨☆★^]|(?=[^\w]))"
)
_BETWEEN = re.compile(
    r"\A[^0-9]{0,4}(?:10|[0-9])点?(?:か|〜|~|ー|-|から|または|or)(?:10|[0-9])点?(?:くらい|ぐらい|かな|です|の間|で迷|\W)*\Z"
)
_FULL = re.compile(r"\A満点(?:です|だ|!|！|。|$)")
_MARKS = " 　\n、。,.!！?？…〜~ー♪✨☆★"


@dataclass(frozen=True, slots=True)
class Written:
    """A number written as an answer, and the words after it."""

    score: int | None
    """None when the number is not one of the eleven answers."""
    words: str = ""


def is_number(text: str) -> bool:
    """Whether the text is a number and nothing else, also one that is no score: 11, -1, 7.5."""
    return _number(text) is not None


def score_in(text: str) -> int | None:
    """The score, when the text is nothing else; else None."""
    return _score_of(_number(text) or "")


def written(text: str) -> Written | None:
    """The score that a text begins with, and its other words: 「9点です。いつもありがとう」. None when it
    begins with none.

    A number alone counts when a sentence ends after it: 「3個ほしい」 and 「10日に届きますか」 hold no score.
    """
    if (number := _number(text)) is not None:
        return Written(_score_of(number))
    plain = unicodedata.normalize("NFKC", text[:LONGEST].translate(_KEYCAP)).strip()
    if _BETWEEN.fullmatch(plain):
        return Written(None)
    if _FULL.match(plain):
        return Written(HIGHEST, plain.partition("満点")[2].removeprefix("です").strip(_MARKS))
    found = _BEGUN.match(plain)
    if found is None:
        return None
    is_plain = not (found["points"] or found["said"] or found["full"] or found.start("number"))
    if is_plain and found["end"] in ("", "、", ",", ".", "-", "ー"):
        return None
    return Written(_score_of(found["number"]), plain[found.end() :].strip(_MARKS))


def _score_of(number: str) -> int | None:
    score = _SCORES.get(number, int(number) if number.isdecimal() else None)
    return score if is_score(score) else None


def _number(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text[:LONGEST].translate(_KEYCAP)).strip()
    plain = plain.rstrip("".join(sign for sign in set(plain) if not sign.isalnum() and sign not in _SCORES))
    found = _NAMED.fullmatch(plain)
    return found["number"] if found else None
