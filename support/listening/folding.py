"""Folds all ways of writing the same words into one: width, case, katakana, long vowels, emoji. Pure.

Every pattern of this package is written for folded text: hiragana, lower case, no 「ー」, no blanks.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 5_000
"""Letters of a message that are read; LINE sends no longer ones."""
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_SMALL_VOWELS = str.maketrans("", "", "ぁぃぅぇぉーｰ〜~")
_ENDS = re.compile(r"[。．.!！?？\n…]+")
_GOES_ON = re.compile(r"\|\s+")
_DRAWN_OUT = re.compile(r"([^0-9])\1{2,}")


@dataclass(frozen=True, slots=True)
class Folded:
    """A message in folded form."""

    letters: str
    """Letters and digits only."""
    sentences: tuple[str, ...]
    """The letters of each sentence, without empty ones."""
    marks: str
    """Everything that is no letter, digit or blank: 「？？」, emoji."""

    @property
    def asks(self) -> bool:
        """Whether it holds a question mark."""
        return "?" in self.marks


def fold(text: str) -> Folded:
    """The message in folded form; only the first LONGEST letters are read."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].lower()
    plain = plain.translate(_KATAKANA).translate(_SMALL_VOWELS)
    plain = _DRAWN_OUT.sub(r"\1", plain)
    sentences = tuple(filter(None, (_letters(part) for part in _ENDS.split(plain))))
    marks = "".join(each for each in plain if not each.isalnum() and not each.isspace())
    return Folded("".join(sentences), sentences, marks)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() or letter == "々")


def any_of(words: str) -> str:
    """A pattern for any of these words, folded; words are separated by blanks."""
    return f"(?:{'|'.join(_in_one_spelling(words))})"


def literal_of(words: str) -> str:
    """A pattern for any of these plain words, the longest first, so that a shorter one does not match before it."""
    return f"(?:{'|'.join(sorted(_in_one_spelling(words), key=len, reverse=True))})"


def _in_one_spelling(words: str) -> list[str]:
    """The words, split and folded; a line may end after a 「|」 within one."""
    joined = _GOES_ON.sub("|", words)
    return joined.translate(_KATAKANA).translate(_SMALL_VOWELS).split()
