"""Finds the questions that customers ask and the FAQ cannot answer now, most wanted first, for staff to write
entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import localtime
from bot.db import database
from support.faq import entries
from support.faq.clusters import Cluster, Question, features, group
from support.faq.questions_asked import SAME_CONVERSATION
from support.faq.search import Decision, FaqVerdict, Index
from support.faq.tables import OFFERED, UNANSWERED, UNSOLVED, FaqAsked, FaqEntry
from support.text.bm25 import grams, pairs

LATEST = 1_000
"""How many of the latest questions are read: it bounds the time, and old questions drop out."""
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Missing:
    """Groups of questions, the most wanted first, and how many questions were examined."""

    clusters: tuple[Cluster, ...]
    examined_count: int


def missing(limit: int = SHOWN) -> Missing:
    """The groups to write entries for. A phrase is left out once the FAQ has something better than when it
    was asked: an answer, or a title to offer, of an entry that is new or changed since."""
    asked = _asked()
    rows = {row.id: row for row in asked}
    state = _FaqState.now()
    left: list[Cluster] = []
    for cluster in _clusters(asked):
        remaining = _still_missing(cluster, rows, state)
        if remaining:
            left.append(remaining)
        if len(left) == limit:
            break
    left.sort(key=lambda each: (-each.customer_count, -max(each.question_ids)))
    return Missing(tuple(left), len(asked))


def find(question_id: int) -> Cluster | None:
    """What is left of the group that holds this question, or None."""
    asked = _asked()
    found = next((each for each in _clusters(asked) if question_id in each.question_ids), None)
    return found and _still_missing(found, {row.id: row for row in asked}, _FaqState.now())


def set_aside(question_ids: Sequence[int]) -> int:
    """Staff will write no entry for these questions; how many were marked."""
    database.require_transaction()
    query = FaqAsked.update(set_aside_at=localtime.now()).where(
        FaqAsked.id.in_(list(question_ids)), FaqAsked.set_aside_at.is_null()
    )
    return int(query.execute())


def _asked() -> list[FaqAsked]:
    """The latest questions that nothing fitted, whose answer did not help, or of whose titles none was tapped
    in half an hour."""
    given_up = FaqAsked.asked_at < localtime.now() - SAME_CONVERSATION
    failed = FaqAsked.outcome.in_([UNANSWERED, UNSOLVED]) | ((FaqAsked.outcome == OFFERED) & given_up)
    query: Any = FaqAsked.select().where(FaqAsked.set_aside_at.is_null(), failed, FaqAsked.words != "")
    return list(query.order_by(FaqAsked.id.desc()).limit(LATEST))


def _clusters(asked: list[FaqAsked]) -> list[Cluster]:
    return group(Question(row.id, row.conversation_id, row.words) for row in asked)


@dataclass(frozen=True, slots=True)
class _FaqState:
    """When each entry was last changed, and for each gram, when an entry that holds it was last changed."""

    index: Index
    changed_at: dict[int, datetime]
    touched_at: dict[str, datetime]
    said: dict[str, tuple[datetime, Decision]]

    @classmethod
    def now(cls) -> _FaqState:
        """The current state, cached until an entry changes; results for words that no change affects stay cached."""
        global _cached
        index = entries.index()
        if _cached is None or _cached.index is not index:
            changed_at, touched_at = {}, {}
            for each in FaqEntry.select().order_by(FaqEntry.changed_at):
                changed_at[each.id] = each.changed_at
                for gram in _grams(each):
                    touched_at[gram] = each.changed_at
            before = _cached.said if _cached and len(_cached.said) < 4 * LATEST else {}
            _cached = cls(index, changed_at, touched_at, before)
        return _cached

    def touched(self, words: str) -> datetime | None:
        """When an entry that shares a gram with these words was last changed."""
        respelt = self.index.spelling.respelt(words)
        moments = [
            self.touched_at[gram]
            for gram in {*features(words), *features(respelt)}
            if gram in self.touched_at
        ]
        return max(moments, default=None)

    def decision(self, words: str, touched: datetime) -> Decision:
        """What the FAQ search decides for these words, cached."""
        known = self.said.get(words)
        if known is None or known[0] != touched:
            known = self.said[words] = (touched, self.index.decide(words))
        return known[1]


_cached: _FaqState | None = None


def _grams(entry: FaqEntry) -> set[str]:
    phrases = (entry.question, *entry.paraphrase_list)
    texts = (*phrases, entry.answer)
    return {gram for text in texts for gram in grams(text)} | {
        pair for each in phrases for pair in pairs(each)
    }


def _still_missing(cluster: Cluster, rows: dict[int, FaqAsked], state: _FaqState) -> Cluster | None:
    """The group without the phrases that are answered by now; None when nothing is left."""
    phrases = [
        phrase
        for phrase in cluster.phrases
        if not _is_answered_now(phrase.words, [rows[number] for number in phrase.question_ids], state)
    ]
    if len(phrases) == len(cluster.phrases):
        return cluster
    customers = {rows[number].conversation_id for phrase in phrases for number in phrase.question_ids}
    return Cluster(tuple(phrases), len(customers)) if phrases else None


def _is_answered_now(words: str, asked: list[FaqAsked], state: _FaqState) -> bool:
    """Whether the phrase is answered for each time it was asked. No search is needed while no change affects it."""
    touched = state.touched(words)
    if touched is None or touched <= max(row.asked_at for row in asked):
        return False
    decision = state.decision(words, touched)
    sure = decision.verdict is FaqVerdict.ANSWER_OUTRIGHT
    return all(
        (sure and row.entry_id not in decision.entry_ids)
        or (
            (sure or row.entry_id is None)
            and any(state.changed_at[entry_id] > row.asked_at for entry_id in decision.entry_ids)
        )
        for row in asked
    )
