"""Groups questions that found no answer by likeness, so that one asked in many ways is listed once. Pure.

Each phrase is a vector of character grams weighted by rarity. Phrases of more customers come first; each
joins the group whose leading phrase it is most like (cosine), or leads a new one. The result is
deterministic; time grows with the number of phrases times the leading phrases they share a gram with.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from support.text.bm25 import bare, grams, pairs, rarity_of
from support.text.courtesy_check import is_courtesy

ALIKE = 0.35
LONGEST = 200  # characters: what comes later rarely says what the question is
FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """One text a customer wrote and got no answer to."""

    id: int
    customer: int
    words: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording of a question: the words as last written, by how many customers, and which questions."""

    words: str
    customer_count: int
    question_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that seem to be the same; the phrase that most customers wrote comes first."""

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
    """The groups; those asked by most customers first, then those asked last."""
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
    """The questions by their letters alone, since marks, width and case do not matter. Courtesies are left out."""
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
    """The weight of a gram: higher when it is rare, and never 0."""
    return 1 + rarity_of(holders, total)


def features(words: str) -> Mapping[str, int]:
    """Grams; for text in hiragana alone, which has none, pairs of letters."""
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
