"""Ranks texts for a query: character grams, their rarity, BM25. Pure.

Grams are runs of 1 and 2 characters. Those of hiragana alone are dropped: they are grammar and small talk. It
needs no dictionary and works the same beside SQLite and PostgreSQL.
"""

from __future__ import annotations

import math
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby

SATURATION = 1.2  # k1
LENGTH_PENALTY = 0.75  # b


def normalise(text: str) -> str:
    """The text in NFKC and lower case, so that width and case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def grams(text: str) -> Counter[str]:
    """Character 1- and 2-grams within each run of letters and digits, without those of hiragana alone."""
    counts: Counter[str] = Counter()
    for is_word, run in groupby(normalise(text), key=str.isalnum):
        if not is_word:
            continue
        word = "".join(run)
        kana = [_is_kana(character) for character in word]
        for place, character in enumerate(word):
            if not kana[place]:
                counts[character] += 1
            if place and not (kana[place] and kana[place - 1]):
                counts[word[place - 1] + character] += 1
    return counts


def pairs(text: str) -> frozenset[str]:
    """Every pair of neighbouring letters, hiragana too, without the marks between words."""
    letters = bare(text)
    count = max(1, len(letters) - 1)
    return frozenset(letters[place : place + 2] for place in range(count)) if letters else frozenset()


def _is_kana(character: str) -> bool:
    return "\u3041" <= character <= "\u309f" or character == "ー"


class Field:
    """BM25 over short texts; where several belong to one entry, the best counts.

    Stored in flat arrays, one slice for each gram, so that thousands of entries take a few megabytes.
    """

    def __init__(self, texts: Sequence[tuple[int, str]], total: int) -> None:
        counted = [(place, grams(text)) for place, text in texts]
        lengths = [sum(counts.values()) for _, counts in counted]
        mean = sum(lengths) / len(lengths) if any(lengths) else 1.0
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, (_, counts) in enumerate(counted):
            for gram, count in counts.items():
                found[gram].append((number, count))
        self.owner = array("I", (place for place, _ in counted))
        self.stretch: dict[str, int] = {}
        self.starts = array("I", [0])
        self.numbers = array("I")
        self.weights = array("f")
        for gram, held in found.items():
            rarity = rarity_of(len({self.owner[number] for number, _ in held}), total)
            self.stretch[gram] = len(self.stretch)
            for number, count in held:
                norm = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * lengths[number] / mean)
                self.numbers.append(number)
                self.weights.append(rarity * count * (SATURATION + 1) / (count + norm))
            self.starts.append(len(self.numbers))

    def scores(self, query: Mapping[str, int]) -> dict[int, float]:
        """BM25 by the entry's place, for the entries that share a gram with the query."""
        by_text = [0.0] * len(self.owner)
        for gram, count in query.items():
            stretch = self._stretch(gram)
            for number, weight in zip(self.numbers[stretch], self.weights[stretch], strict=True):
                by_text[number] += weight * count
        best: dict[int, float] = {}
        for place, score in zip(self.owner, by_text, strict=True):
            if score > best.get(place, 0.0):
                best[place] = score
        return best

    def owners(self, gram: str) -> set[int]:
        """The places of the entries that contain the gram."""
        return {self.owner[number] for number in self.numbers[self._stretch(gram)]}

    def _stretch(self, gram: str) -> slice:
        stretch = self.stretch.get(gram)
        return slice(0) if stretch is None else slice(self.starts[stretch], self.starts[stretch + 1])


def rarity_of(holders: int, total: int) -> float:
    """BM25's inverse document frequency, in the form that is never negative."""
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def bare(text: str) -> str:
    """The letters and digits of the text, normalised, without the marks between."""
    return "".join(filter(str.isalnum, normalise(text)))
