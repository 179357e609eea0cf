"""Splits text into pairs of neighbouring letters, to search Japanese, which has no blanks between words. Pure.

Texts are folded first (`bot/text/folding.py`), so that ﾊﾝﾄﾞｸﾘｰﾑ finds ハンドクリーム, and 山崎 山﨑.
"""

import re

from bot.text.folding import folded, letters

__all__ = ["around", "folded", "marked", "pairs", "sought"]
_LETTERS = re.compile(r"[^\W_]+")


def pairs(folded_text: str) -> list[str]:
    """The pairs of neighbouring letters of a folded text, in order; none across blanks and marks."""
    return [run[place : place + 2] for run in _LETTERS.findall(folded_text) for place in range(len(run) - 1)]


def sought(query: str) -> list[str]:
    """The folded words of a query; each must occur in a result."""
    return _LETTERS.findall(folded(query))


def marked(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether one of the folded words matches it."""
    written = letters(text)
    compared = [folded(letter) for letter in written]
    whole = "".join(compared)
    owner = [place for place, letter in enumerate(compared) for _ in letter]
    hit = [False] * len(written)
    for word in words:
        start = whole.find(word)
        while start >= 0:
            for place in owner[start : start + len(word)]:
                hit[place] = True
            start = whole.find(word, start + 1)
    pieces: list[tuple[str, bool]] = []
    for letter, is_hit in zip(written, hit, strict=True):
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + letter, is_hit)
        else:
            pieces.append((letter, is_hit))
    return pieces


def around(text: str, words: list[str], longest: int = 120) -> str:
    """The part of a long text around the first of the words, on one line."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    whole = "".join(folded(letter)[:1] or " " for letter in line)
    places = [place for word in words if (place := whole.find(word)) >= 0]
    start = max(min(places, default=0) - longest // 4, 0)
    return (
        ("…" if start else "") + line[start : start + longest] + ("…" if start + longest < len(line) else "")
    )
