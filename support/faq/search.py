"""Finds the FAQ entries that fit a customer's words, and decides to answer, to offer titles, or neither. Pure.

Entries come in as plain values; storage is in `entries.py`. A message is searched as a whole and clause by
clause (`support/text/clauses.py`), in the entries' spelling (`support/text/spelling.py`). Two rankings are
added, each as a share of its best: BM25 over character grams, of the best question or paraphrase and of the
entry's whole text; and, where a model of meaning is installed, the cosines.

A score says which entry fits best, not whether it fits: that is estimated in `confidence.py`.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from support.faq.confidence import Signs, is_near, is_sure, sureness
from support.faq.decision import Decision as Decision
from support.faq.decision import Entry as Entry
from support.faq.decision import FaqVerdict as FaqVerdict
from support.faq.decision import Match as Match
from support.text.bm25 import Field, bare, grams, likeness, pairs, rarity_of
from support.text.clauses import MOST_CLAUSES, asked
from support.text.courtesy_check import is_courtesy
from support.text.spelling import Spelling

MEANING_WEIGHT = 0.7
CLAUSE_WEIGHT = 0.3
"""The share of meaning in a score, and of the best clause. Both were chosen where the rankings of `python -m
benchmarks.faq` are flat (0.6 to 0.75, and 0.2 to 0.5, within 0.01 of P@1)."""
OFFERED_COUNT = 3
ANSWERED_COUNT = 2
LEAST_LIKELY_OFFERED = 0.02
"""A third title less likely than this is not offered. A second always is, so that there is a choice."""
LONGEST_TOPIC = 8  # letters
LONGEST_QUERY = 500  # characters of up to 5,000; the question is rarely at the end of a long text
Cosines = Mapping[int, float]
"""By entry id."""
Nearness = Callable[[str], Cosines | None]
"""Returns the cosine of some words and each entry; None without a model."""


def by_words_alone(_words: str) -> None:
    """Used where there is no model of meaning."""


@dataclass(frozen=True, slots=True)
class _Searched:
    """One text that was searched for: its grams, each entry's score by its place in the index, the cosines by
    entry id, and the two nearest entries."""

    text: str
    grams: Mapping[str, int]
    scores: Mapping[int, float]
    cosines: Cosines
    nearest: tuple[int, ...] = ()

    def meaning(self, entry_id: int) -> tuple[float, float]:
        """The entry's cosine, and how far it is ahead of the nearest other's."""
        other = max((self.cosines[each] for each in self.nearest if each != entry_id), default=0.0)
        return self.cosines[entry_id], self.cosines[entry_id] - other


class Index:
    """Everything that can be computed before a customer asks. Build once, search often."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        texts = [text for entry in self._entries for text in (*_phrases(entry), entry.answer)]
        self.spelling = Spelling(texts)
        self._written = [
            (place, self.spelling.respelt(phrase))
            for place, entry in enumerate(self._entries)
            for phrase in _phrases(entry)
        ]
        self._phrases: defaultdict[int, list[str]] = defaultdict(list)
        for place, phrase in self._written:
            self._phrases[place].append(phrase)
        count = len(self._entries)
        self._questions = Field(self._written, count)
        everything = (
            (place, "\n".join((*self._phrases[place], entry.answer)))
            for place, entry in enumerate(self._entries)
        )
        self._everything = Field(list(everything), count)
        self._exact = self._phrases_of_one_entry()
        self._rarities: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def rank(self, words: str, limit: int = 10, near: Nearness = by_words_alone) -> list[Match]:
        """The best entries first; equal ones in the order given."""
        searched = self._search_all(words, near)
        return self._ranked(searched, limit) if searched else []

    def best_signs(self, words: str, near: Nearness = by_words_alone) -> tuple[tuple[int, ...], Signs] | None:
        """The ids of the best three entries, and the signs of the first, for fitting the curves in
        `confidence.py`."""
        searched = self._search_all(words, near)
        best = self._best_places(searched, OFFERED_COUNT) if searched else []
        if not best:
            return None
        return tuple(self._entries[place].id for place, _ in best), self._signs(best[0][0], best, searched)

    def decide(self, words: str, near: Nearness = by_words_alone) -> Decision:
        """Answer, offer titles, or neither. A phrase that staff wrote is answered at once; where two clauses
        ask for different things, both are answered."""
        written = self._written_phrase(words)
        if written is not None:
            return Decision(FaqVerdict.ANSWER_OUTRIGHT, (written,))
        searched = self._search_all(words, near)
        if not searched:
            return Decision(FaqVerdict.NOTHING_FITS)
        ranked = self._ranked(searched, 2 * OFFERED_COUNT)
        if ranked and self._is_topic(searched[0].text):
            return Decision(FaqVerdict.OFFER_TITLES, tuple(ranked[:OFFERED_COUNT]))
        clauses = [match for each in searched[1:] if (match := self._best_of_clause(each))]
        answers = self._answers(ranked, clauses)
        if answers:
            return Decision(FaqVerdict.ANSWER_OUTRIGHT, answers)
        offered = [match for match in (*ranked[:1], *clauses) if match.is_near]
        if not offered:
            return Decision(FaqVerdict.NOTHING_FITS)
        found = _distinct([*offered, *ranked])
        likely = [match for match in found[2:] if match.is_near or match.sureness >= LEAST_LIKELY_OFFERED]
        return Decision(FaqVerdict.OFFER_TITLES, (*found[:2], *likely)[:OFFERED_COUNT])

    @staticmethod
    def _answers(ranked: Sequence[Match], clauses: Sequence[Match]) -> tuple[Match, ...]:
        """The certain answers: the best for the whole message, or for two clauses that ask for different
        things. A single clause counts only if staff wrote that phrase, since 「平気ですか」 means nothing
        without its context."""
        known = {match.entry_id for match in ranked}
        best = [match for match in ranked[:1] if match.is_sure]
        sure = _distinct(match for match in clauses if match.is_sure and match.entry_id in known)
        if len(sure) > 1 and (best or ranked[0].entry_id in {match.entry_id for match in sure}):
            return sure[:ANSWERED_COUNT]
        written = [match for match in sure if match.score == math.inf]
        return _distinct([*best, *written])[:ANSWERED_COUNT]

    def _is_topic(self, text: str) -> bool:
        """Whether the words are only a topic that several entries' questions contain, like 「送料」: it does
        not say what is asked."""
        part = bare(text)
        if not 1 < len(part) <= LONGEST_TOPIC:
            return False
        return len({place for place, phrase in self._written if part in bare(phrase)}) > 1

    def _written_phrase(self, words: str) -> Match | None:
        for each in (words, self.spelling.respelt(words)):
            place = self._exact.get(bare(each))
            if place is not None:
                return Match(self._entries[place].id, math.inf, 1.0, is_sure=True, is_near=True)
        return None

    def _best_of_clause(self, clause: _Searched) -> Match | None:
        return self._written_phrase(clause.text) or next(iter(self._ranked([clause], 1)), None)

    def _search_all(self, words: str, near: Nearness) -> list[_Searched]:
        """The search results for the whole message without courtesies, then for its clauses; clauses of
        hiragana alone, which have no grams, are left out."""
        found = asked(self.spelling.respelt(words[:LONGEST_QUERY]))
        if not found.whole or is_courtesy(found.whole):
            return []
        clauses = [text for text in found.clauses if grams(text)][:MOST_CLAUSES]
        return [self._search(text, near(text) or {}) for text in (found.whole, *clauses)]

    def _search(self, text: str, cosines: Cosines) -> _Searched:
        sought_grams = grams(text)
        by_words = self._by_words(sought_grams) if sought_grams else self._by_wording(text)
        highest = max(by_words.values(), default=0.0) or 1.0
        scores = {place: score / highest for place, score in by_words.items()}
        if cosines:
            scores = self._with_meaning(scores, cosines)
        nearest = heapq.nlargest(2, cosines, key=cosines.__getitem__)
        return _Searched(text, sought_grams, scores, cosines, tuple(nearest))

    def _with_meaning(self, scores: Mapping[int, float], cosines: Cosines) -> dict[int, float]:
        """Both rankings added. An entry without a vector is scored by words alone."""
        usual = sum(cosines.values()) / len(cosines)
        spread = max(cosines.values()) - usual or 1.0
        return {
            place: (1 - MEANING_WEIGHT) * by_words + MEANING_WEIGHT * (cosine - usual) / spread
            for place, entry in enumerate(self._entries)
            for by_words in (scores.get(place, 0.0),)
            for cosine in (cosines.get(entry.id, usual + by_words * spread),)
        }

    def _by_words(self, sought_grams: Mapping[str, int]) -> dict[int, float]:
        scores = self._everything.scores(sought_grams)
        for place, score in self._questions.scores(sought_grams).items():
            scores[place] = scores.get(place, 0.0) + score
        return scores

    def _by_wording(self, text: str) -> dict[int, float]:
        """Scores for words in hiragana alone (「とどかない」), which have no grams."""
        sought_grams = pairs(text)
        best: dict[int, float] = {}
        for place, phrase in self._written:
            best[place] = max(best.get(place, 0.0), likeness(sought_grams, pairs(phrase)))
        return {place: score for place, score in best.items() if score}

    def _ranked(self, searched: Sequence[_Searched], limit: int) -> list[Match]:
        best = self._best_places(searched, max(limit, 2))
        found = []
        for place, score in best[:limit]:
            signs = self._signs(place, best, searched)
            entry_id = self._entries[place].id
            found.append(Match(entry_id, score, sureness(signs), is_sure(signs), is_near(signs)))
        return found

    def _best_places(self, searched: Sequence[_Searched], limit: int) -> list[tuple[int, float]]:
        """Entries' places with their scores, the best first: the whole message's score, and the best clause's
        by CLAUSE_WEIGHT."""
        whole, *clauses = (each.scores for each in searched)
        scores = {
            place: (1 - CLAUSE_WEIGHT) * whole.get(place, 0.0)
            + CLAUSE_WEIGHT * max(each.get(place, 0.0) for each in clauses or [whole])
            for place in set(whole).union(*clauses)
        }
        return heapq.nsmallest(limit, scores.items(), key=lambda each: (-each[1], each[0]))

    def _signs(self, place: int, best: Sequence[tuple[int, float]], searched: Sequence[_Searched]) -> Signs:
        """The signs of the entry, from the text of the message that fits it most."""
        rival = max((score for other, score in best if other != place), default=0.0)
        lead = dict(best)[place] - max(rival, 0.0)
        by_text = [self._word_signs(place, each) for each in searched]
        closeness, held, coverage = (max(column) for column in zip(*by_text, strict=True))
        entry_id = self._entries[place].id
        meant = [each.meaning(entry_id) for each in searched if entry_id in each.cosines]
        return Signs(lead, closeness, held, coverage, *max(meant, default=(None, 0.0)))

    def _word_signs(self, place: int, searched: _Searched) -> tuple[float, float, float]:
        """Closeness, share of a written question held, and coverage."""
        weight = self._weight(searched.grams)
        phrases = [_grams(phrase) for phrase in self._phrases[place]]
        shared = [
            (self._weight(phrase.intersection(searched.grams)), self._weight(phrase)) for phrase in phrases
        ]
        covered = _grams(self._entries[place].answer).union(*phrases).intersection(searched.grams)
        return (
            max((2 * both / (weight + own) for both, own in shared if both), default=0.0),
            max((both / own for both, own in shared if both), default=0.0),
            self._weight(covered) / weight if covered else 0.0,
        )

    def _weight(self, held: Iterable[str]) -> float:
        return sum(self._rarity_of(gram) for gram in held)

    def _rarity_of(self, gram: str) -> float:
        rarity = self._rarities.get(gram)
        if rarity is None:
            owners = self._everything.owners(gram)
            rarity = rarity_of(len(owners), max(1, len(self._entries)))
            if owners:  # grams of customers only are not cached, or the cache would grow without limit
                self._rarities[gram] = rarity
        return rarity

    def _phrases_of_one_entry(self) -> dict[str, int]:
        """Written phrases that belong to one entry only: a customer who types one gets that entry."""
        owners: defaultdict[str, set[int]] = defaultdict(set)
        for place, entry in enumerate(self._entries):
            for phrase in (*_phrases(entry), *self._phrases[place]):
                owners[bare(phrase)].add(place)
        return {phrase: places.pop() for phrase, places in owners.items() if phrase and len(places) == 1}


@lru_cache(maxsize=1_000)
def _grams(text: str) -> frozenset[str]:
    """Cached, since phrases are compared again and again."""
    return frozenset(grams(text))


def _distinct(matches: Iterable[Match]) -> tuple[Match, ...]:
    found: dict[int, Match] = {}
    for match in matches:
        found.setdefault(match.entry_id, match)
    return tuple(found.values())


def _phrases(entry: Entry) -> tuple[str, ...]:
    return tuple(phrase for phrase in (entry.question, *entry.paraphrases) if phrase)
