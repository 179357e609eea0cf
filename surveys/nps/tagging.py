"""Suggests tags for a comment by plain keywords. Pure; staff decide which are set, `surveys/comments/tags.py`
stores them."""

import unicodedata
from collections.abc import Iterable, Mapping

LONGEST_TAG = 30


def normal(tag: str) -> str:
    """A tag in its stored form; empty when it is not a valid one."""
    tag = " ".join(unicodedata.normalize("NFKC", tag).split())
    return tag if 0 < len(tag) <= LONGEST_TAG else ""


def rule_of(line: str) -> tuple[str, tuple[str, ...]]:
    """`配送：届く、遅い` as a tag and its keywords. ValueError when the line has another form."""
    name, mark, rest = line.replace("：", ":").partition(":")
    words = tuple(_plain(word) for word in rest.replace("、", ",").split(",") if word.strip())
    if not normal(name) or not mark or not words:
        raise ValueError(f"{line!r} is no tag with its keywords, as in 配送：届く、遅い")
    return normal(name), words


def suggest(comment: str, keywords: Mapping[str, Iterable[str]]) -> list[str]:
    """The tags with a keyword that occurs in the comment, in the order of the rules."""
    said = _plain(comment)
    return [tag for tag, words in keywords.items() if any(word in said for word in words)]


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold().strip()
