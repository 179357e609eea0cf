"""Decides which questions that found no answer are one and the same question. Pure.

Each phrase is a vector of character grams weighted by their rarity; a phrase joins the group whose leader it is most
like (cosine), and leads a group of its own when it is like none. Who was written by most customers leads. The same
questions give the same groups; the time is bounded by the number of phrases times that of the leaders they share a
gram with.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from support.text.bm25 import bare, grams, pairs, rarity_of
from support.text.courtesy_check import is_courtesy

ALIKE = 0.35
LONGEST = 200  # characters: what follows hardly ever says what the question is
FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a customer wrote and got no answer to."""

    id: int
    customer: int
    words: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way in which it was asked: the words as last written, by how many customers, and which questions."""

    words: str
    customer_count: int
    question_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that seem to be one; the phrase that most customers wrote leads."""

    phrases: tuple[Phrase, ...]
    customer_count: int
    """How many different customers asked."""

    @property
    def leader(self) -> Phrase:
        return self.phrases[0]

    @property
    def question_ids(self) -> tuple[int, ...]:
        return tuple(number for phrase in self.phrases for number in phrase.question_ids)


def group(questions: Iterable[Question]) -> list[Cluster]:
    """Those asked by most customers first; among equals, the one asked last."""
    written = _phrases(questions)
    order = sorted(written, key=lambda key: (-len(_customers(written[key])), _first(written[key])))
    vectors = _vectors(written)
    members: dict[str, list[str]] = {}
    postings: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for key in order:
        leader = _nearest(vectors[key], postings)
        if leader is None:
            members[key] = [key]
            for gram, weight in vectors[key].items():
                postings[gram].append((key, weight))
        else:
            members[leader].append(key)
    clusters = [_cluster([written[key] for key in keys]) for keys in members.values()]
    return sorted(clusters, key=lambda each: (-each.customer_count, -max(each.question_ids)))


def _phrases(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """By their letters alone: marks, widths and capitals make no other question. Thanks and nods are none."""
    found: dict[str, list[Question]] = {}
    for question in sorted(questions, key=lambda each: each.id):
        key = bare(question.words[:LONGEST])
        if len(key) >= FEWEST_LETTERS and not is_courtesy(question.words):
            found.setdefault(key, []).append(question)
    return found


def _vectors(written: Mapping[str, list[Question]]) -> dict[str, dict[str, float]]:
    counted = {key: features(same[-1].words[:LONGEST]) for key, same in written.items()}
    holders = Counter(gram for counts in counted.values() for gram in counts)
    return {
        key: _unit({gram: count * _weight(holders[gram], len(counted)) for gram, count in counts.items()})
        for key, counts in counted.items()
    }


def _weight(holders: int, total: int) -> float:
    """Rare grams weigh more; but what nearly everybody asks about is not to weigh nothing."""
    return 1 + rarity_of(holders, total)


def features(words: str) -> Mapping[str, int]:
    """Grams; of words in hiragana alone, which have none, every pair of letters."""
    return grams(words) or dict.fromkeys(pairs(words), 1)


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {gram: weight / length for gram, weight in vector.items()}


def _nearest(vector: Mapping[str, float], postings: Mapping[str, list[tuple[str, float]]]) -> str | None:
    cosines: defaultdict[str, float] = defaultdict(float)
    for gram, weight in vector.items():
        for leader, its_weight in postings.get(gram, ()):
            cosines[leader] += weight * its_weight
    best = max(cosines, key=lambda leader: cosines[leader], default=None)
    return best if best is not None and cosines[best] >= ALIKE else None


def _cluster(phrases: list[list[Question]]) -> Cluster:
    askers = {question.customer for same in phrases for question in same}
    return Cluster(
        tuple(
            Phrase(same[-1].words, len(_customers(same)), tuple(question.id for question in same))
            for same in phrases
        ),
        len(askers),
    )


def _customers(same: list[Question]) -> set[int]:
    return {question.customer for question in same}


def _first(same: list[Question]) -> int:
    return same[0].id
