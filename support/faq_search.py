"""Decides which FAQ entries fit a customer's words, and whether to answer, to offer titles or to say nothing.

Pure: the entries come in as plain values. Where they are stored, and the words around them, are left to others.

The ranking is BM25 over character grams: the best of question and paraphrases, and the answer at a lower weight.

A score says which entry fits best, never whether it fits. That is decided by three shares between 0 and 1:
`closeness`, how alike the customer's words and one written question are, rare grams weighing more;
`wording`, the same counted over every pair of letters alike, so that 「変えたい」 is not taken for 「教えて」; and
`coverage`, how much of the customer's words appears in the entry at all.

Where a model of meaning is at hand, it says how near in meaning the words and each entry are (cosines). The ranking is
then both together, each by how far it stands out of the stock; and the nearness decides beside the three shares.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from support.bm25 import Field, bare, grams, likeness, pairs, rarity_of
from support.tone import is_courtesy

ANSWER_WEIGHT = 0.6
MEANING_WEIGHT = 0.6
OFFERED_COUNT = 3
FEWEST_SHARED = 5  # grams; fewer cover a one-word query by accident
Cosines = Mapping[int, float]
LONGEST_QUERY = 500  # characters; a LINE text may have 5,000, and the point of a letter is seldom at its end


@dataclass(frozen=True, slots=True)
class Entry:
    """What the search knows of one FAQ entry. `question` may be empty; `paraphrases` count as questions."""

    id: int
    question: str
    answer: str
    paraphrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the search must be. All are shares from 0 to 1."""

    answer_closeness: float = 0.60
    answer_wording: float = 0.55
    answer_margin: float = 0.10
    offer_closeness: float = 0.35
    offer_coverage: float = 0.60
    offer_wording: float = 0.50
    answer_meaning: float = 0.88
    answer_lead: float = 1.5
    """How far ahead of the next entry, in standard deviations over the stock."""
    offer_meaning: float = 0.87
    least_meaning: float = 0.84
    """Entries further off are not offered, whatever words they share."""


STRICT = Thresholds()


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that may fit, with the figures that its place was decided by."""

    entry_id: int
    score: float
    closeness: float
    wording: float
    coverage: float
    meaning: float | None = None
    """The cosine of query and entry; None where no model tells."""

    @property
    def confidence(self) -> float:
        """How much speaks for the entry having to do with the words at all; it can be compared across queries."""
        return max(self.closeness, self.coverage)


class Verdict(Enum):
    """What to do with the customer's words."""

    ANSWER_OUTRIGHT = "answer outright"
    OFFER_TITLES = "offer up to three titles"
    NOTHING_FITS = "nothing fits"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with what it is about: one match to answer, up to three to offer, or none."""

    verdict: Verdict
    matches: tuple[Match, ...] = ()

    @property
    def entry_ids(self) -> tuple[int, ...]:
        return tuple(match.entry_id for match in self.matches)


class Index:
    """Everything that can be computed before a customer asks. Build once, ask often."""

    def __init__(self, entries: Iterable[Entry], thresholds: Thresholds = STRICT) -> None:
        self.thresholds = thresholds
        self._entries = tuple(entries)
        written = [(place, phrase) for place, entry in enumerate(self._entries) for phrase in _phrases(entry)]
        answers = [(place, entry.answer) for place, entry in enumerate(self._entries)]
        self._questions = Field(written, len(self._entries))
        self._answers = Field(answers, len(self._entries))
        self._bare = [(place, bare(phrase)) for place, phrase in written]
        self._exact = self._phrases_of_one_entry()
        self._rarities: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def scores(self, query: str) -> dict[int, float]:
        """BM25 score by entry id, for entries that share anything with the query."""
        scores = self._scores(grams(query[:LONGEST_QUERY]))
        return {self._entries[place].id: score for place, score in scores.items()}

    def rank(self, query: str, limit: int = 10, cosines: Cosines | None = None) -> list[Match]:
        """The best entries first; among equals the one that was given first. `cosines` are by entry id."""
        query = query[:LONGEST_QUERY]
        asked = grams(query)
        scores = self._scores(asked) if asked else self._wording_scores(query)
        if cosines:
            scores = self._with_meaning(scores, cosines)
        best = heapq.nsmallest(limit, scores, key=lambda place: (-scores[place], place))
        return [self._match(place, scores[place], query, asked, cosines or {}) for place in best]

    def decide(self, query: str, cosines: Cosines | None = None) -> Decision:
        """Answer, offer or abstain. Only words that are almost a written question, or mean much the same as one entry
        and no other, are answered at once."""
        query = query[:LONGEST_QUERY]
        if is_courtesy(query):
            return Decision(Verdict.NOTHING_FITS)
        exact = self._exact.get(bare(query))
        if exact is not None:
            match = Match(self._entries[exact].id, math.inf, 1.0, 1.0, 1.0)
            return Decision(Verdict.ANSWER_OUTRIGHT, (match,))
        ranked = self.rank(query, cosines=cosines)
        if ranked and (self._is_sure(ranked[0], ranked[1:]) or self._means_it(ranked)):
            return Decision(Verdict.ANSWER_OUTRIGHT, (ranked[0],))
        kana_only = not grams(query)
        offered = tuple(match for match in ranked if self._may_fit(match, kana_only))[:OFFERED_COUNT]
        return Decision(Verdict.OFFER_TITLES if offered else Verdict.NOTHING_FITS, offered)

    def _with_meaning(self, scores: Mapping[int, float], cosines: Cosines) -> dict[int, float]:
        """Both figures of every entry, each by how far it stands out. An unknown meaning stands out nowhere."""
        usual = sum(cosines.values()) / len(cosines)
        worded = _standing_out([scores.get(place, 0.0) for place in range(len(self._entries))])
        meant = _standing_out([cosines.get(entry.id, usual) for entry in self._entries])
        pairs_of_both = enumerate(zip(worded, meant, strict=True))
        return {
            place: (1 - MEANING_WEIGHT) * by_words + MEANING_WEIGHT * by_meaning
            for place, (by_words, by_meaning) in pairs_of_both
        }

    def _means_it(self, ranked: Sequence[Match]) -> bool:
        limits, best = self.thresholds, ranked[0]
        lead = best.score - ranked[1].score if len(ranked) > 1 else 0.0
        return (best.meaning or 0.0) >= limits.answer_meaning and lead >= limits.answer_lead

    def _is_sure(self, best: Match, others: Sequence[Match]) -> bool:
        limits = self.thresholds
        rival = max((match.closeness for match in others), default=0.0)
        return (
            best.closeness >= limits.answer_closeness
            and best.wording >= limits.answer_wording
            and best.closeness - rival >= limits.answer_margin
        )

    def _may_fit(self, match: Match, kana_only: bool) -> bool:
        limits = self.thresholds
        if match.meaning is not None and match.meaning >= limits.offer_meaning:
            return True
        if match.meaning is not None and match.meaning < limits.least_meaning:
            return False
        if kana_only:
            return match.wording >= limits.offer_wording
        return match.closeness >= limits.offer_closeness or match.coverage >= limits.offer_coverage

    def _phrases_of_one_entry(self) -> dict[str, int]:
        """Written phrases that lead to one entry only: typing one of them needs no weighing."""
        owners: defaultdict[str, set[int]] = defaultdict(set)
        for place, phrase in self._bare:
            owners[phrase].add(place)
        return {phrase: places.pop() for phrase, places in owners.items() if phrase and len(places) == 1}

    def _scores(self, asked: Mapping[str, int]) -> dict[int, float]:
        scores = self._questions.scores(asked)
        for place, score in self._answers.scores(asked).items():
            scores[place] = scores.get(place, 0.0) + ANSWER_WEIGHT * score
        return scores

    def _wording_scores(self, query: str) -> dict[int, float]:
        """For words in hiragana alone (「とどかない」), which leave no gram to rank by."""
        asked = pairs(query)
        best: dict[int, float] = {}
        for place, phrase in self._bare:
            if any(pair in phrase for pair in asked):
                best[place] = max(best.get(place, 0.0), likeness(asked, pairs(phrase)))
        return best

    def _match(
        self, place: int, score: float, query: str, asked: Mapping[str, int], cosines: Cosines
    ) -> Match:
        entry = self._entries[place]
        phrases = [grams(phrase) for phrase in _phrases(entry)]
        known = grams(entry.answer).keys() | set().union(*phrases)
        shared = [gram for gram in asked if gram in known]
        weight = self._weight(asked)
        share = self._weight(shared) / weight if len(shared) >= FEWEST_SHARED else 0.0
        wording = pairs(query)
        return Match(
            entry_id=entry.id,
            score=score,
            closeness=max((self._closeness(asked, weight, phrase) for phrase in phrases), default=0.0),
            wording=max((likeness(wording, pairs(phrase)) for phrase in _phrases(entry)), default=0.0),
            coverage=1.0 if self._is_part(query, entry) else share,
            meaning=cosines.get(entry.id),
        )

    def _is_part(self, query: str, entry: Entry) -> bool:
        """Whether the customer wrote a word of a question and nothing more (「送料」)."""
        words = bare(query)
        return len(words) >= 2 and any(words in bare(phrase) for phrase in _phrases(entry))

    def _closeness(self, asked: Mapping[str, int], weight: float, phrase: Mapping[str, int]) -> float:
        """Twice what both hold over what each holds (Dice's coefficient), rare grams weighing more."""
        both = self._weight(gram for gram in asked if gram in phrase)
        return 2 * both / (weight + self._weight(phrase)) if both else 0.0

    def _weight(self, held: Iterable[str]) -> float:
        return sum(self._rarity_of(gram) for gram in held)

    def _rarity_of(self, gram: str) -> float:
        rarity = self._rarities.get(gram)
        if rarity is None:
            owners = self._questions.owners(gram) | self._answers.owners(gram)
            rarity = rarity_of(len(owners), max(1, len(self._entries)))
            if owners:  # what customers alone write is not kept: it would grow for ever
                self._rarities[gram] = rarity
        return rarity


def _standing_out(figures: Sequence[float]) -> list[float]:
    """Each figure's distance from the mean, in standard deviations."""
    mean = sum(figures) / len(figures)
    spread = math.sqrt(sum((figure - mean) ** 2 for figure in figures) / len(figures)) or 1.0
    return [(figure - mean) / spread for figure in figures]


def _phrases(entry: Entry) -> tuple[str, ...]:
    return tuple(phrase for phrase in (entry.question, *entry.paraphrases) if phrase)
