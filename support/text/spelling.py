"""Respells a customer's kana in the way the FAQ entries write the same words. Pure.

「そうりょう」, 「ｿｳﾘｮｳ」 and 「ソウリョウ」 become 「送料」, 「きゃんせる」 becomes 「キャンセル」. Readings
are in `faq_readings.txt`; only words that the entries use are replaced, so a reading shared by several words
becomes the shop's. The rankings by words and by meaning both need it.

A full dictionary would know more readings, but takes 85 to 120 MB of the worker's memory
(docs/performance.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

READINGS = Path(__file__).parent.parent / "faq_readings.txt"
SHORTEST, SHORTEST_BESIDE_KANJI = 3, 4
"""Letters of a reading. Shorter ones occur by chance inside other words; beside kanji, kana is mostly grammar."""
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_BLANK_BEFORE_KANA = re.compile(r"(?<!\s)\s+(?=[ぁ-ゖァ-ヶー])")
_KATAKANA = re.compile("[ァ-ヶー]+")
_KANA = re.compile("[ぁ-ゖァ-ヶー]+")


@cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """The words of the file by their reading; of several, the first that the entries use is taken."""
    found: dict[str, tuple[str, ...]] = {}
    for line in READINGS.read_text(encoding="utf-8").splitlines():
        for pair in () if line.startswith("#") else line.split():
            reading, _, word = pair.partition("=")
            found[reading] = (*found.get(reading, ()), word)
    return found


class Spelling:
    """Respells kana as the given texts are spelt."""

    def __init__(self, texts: Iterable[str]) -> None:
        stock = unicodedata.normalize("NFKC", "\n".join(texts))
        known = {
            reading: used[0]
            for reading, words in readings().items()
            if (used := [word for word in words if _is_used(word, stock) or reading in stock])
        }
        katakana = (word for word in set(_KATAKANA.findall(stock)) if len(word) >= SHORTEST)
        self._known = known | {word.translate(_HIRAGANA): word for word in sorted(katakana)}
        self._anywhere = self._pattern(SHORTEST)
        self._beside_kanji = self._pattern(SHORTEST_BESIDE_KANJI)

    def respelt(self, words: str) -> str:
        """The words in NFKC, with kana respelt as in the texts; the rest unchanged."""
        text = unicodedata.normalize("NFKC", words)
        letters = "".join(filter(str.isalnum, text))
        all_kana = _KANA.fullmatch(letters) is not None
        if all_kana:
            text = _BLANK_BEFORE_KANA.sub("", text)  # 「ソウリョウ ッテ イクラ」
        if _KATAKANA.fullmatch(letters) and self._anywhere.search(_hiragana(text)):
            text = _hiragana(text)
        text = _KATAKANA.sub(lambda run: self._known.get(_hiragana(run[0]), run[0]), text)
        pattern = self._anywhere if all_kana else self._beside_kanji
        return pattern.sub(lambda found: self._known[found[0]], text)

    def _pattern(self, shortest: int) -> re.Pattern[str]:
        wanted = (reading for reading in self._known if len(reading) >= shortest)
        longest_first = sorted(wanted, key=lambda reading: (-len(reading), reading))
        return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def _is_used(word: str, stock: str) -> bool:
    """Whether the texts hold the word's letters that are not kana: 「届かな」 counts as used where 「届いた」
    is, 「時間指定」 where 「日時指定」 is."""
    return all(letter in stock for letter in word if not _KANA.fullmatch(letter))


def _hiragana(text: str) -> str:
    return text.translate(_HIRAGANA)
