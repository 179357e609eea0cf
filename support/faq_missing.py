"""Decides which questions the shop should write next: what customers asked and the stock cannot answer now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import database, localtime
from support import faq
from support.faq_asked import SAME_TALK
from support.faq_clusters import Cluster, Question, group
from support.faq_search import Decision, Index, Verdict
from support.faq_tables import OFFERED, UNANSWERED, UNSOLVED, FaqAsked, FaqEntry

LATEST = 2_000
"""So many of the latest questions are looked at: the time this takes stays bounded, and old gaps fade."""
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Missing:
    """Groups of questions, the most wanted first, and how many questions they were made of."""

    clusters: tuple[Cluster, ...]
    looked_at: int


def missing(limit: int = SHOWN) -> Missing:
    """What to write next. A phrase leaves the list when the stock now has for it what it had not when it was asked:
    an answer, or a title to offer, of an entry that is another or was changed since."""
    asked = _asked()
    rows = {row.id: row for row in asked}
    changed_at = _changed_at()
    left: list[Cluster] = []
    for cluster in _clusters(asked):
        remaining = _still_missing(cluster, rows, changed_at)
        if remaining:
            left.append(remaining)
        if len(left) == limit:
            break
    left.sort(key=lambda each: (-each.customer_count, -max(each.question_ids)))
    return Missing(tuple(left), len(asked))


def find(question_id: int) -> Cluster | None:
    """What is left of the group that this question is in, or None."""
    asked = _asked()
    found = next((each for each in _clusters(asked) if question_id in each.question_ids), None)
    return found and _still_missing(found, {row.id: row for row in asked}, _changed_at())


def set_aside(question_ids: Sequence[int]) -> int:
    """Staff will write no entry for these; how many that were."""
    database.require_transaction()
    query = FaqAsked.update(set_aside_at=localtime.now()).where(
        FaqAsked.id.in_(list(question_ids)), FaqAsked.set_aside_at.is_null()
    )
    return int(query.execute())


def _asked() -> list[FaqAsked]:
    """The latest that nothing fitted, whose answer did not help, or for which no title was tapped in half an hour."""
    given_up = FaqAsked.asked_at < localtime.now() - SAME_TALK
    failed = FaqAsked.outcome.in_([UNANSWERED, UNSOLVED]) | ((FaqAsked.outcome == OFFERED) & given_up)
    query: Any = FaqAsked.select().where(FaqAsked.set_aside_at.is_null(), failed, FaqAsked.words != "")
    return list(query.order_by(FaqAsked.id.desc()).limit(LATEST))


def _clusters(asked: list[FaqAsked]) -> list[Cluster]:
    return group(Question(row.id, row.conversation_id, row.words) for row in asked)


def _changed_at() -> dict[int, datetime]:
    return {each.id: each.changed_at for each in FaqEntry.select(FaqEntry.id, FaqEntry.changed_at)}


def _still_missing(
    cluster: Cluster, rows: dict[int, FaqAsked], changed_at: dict[int, datetime]
) -> Cluster | None:
    """The group without the phrases that the stock has something for by now; None when nothing is left."""
    phrases = [
        phrase
        for phrase in cluster.phrases
        if not all(
            _is_answered_now(rows[number], _decision(phrase.words), changed_at)
            for number in phrase.question_ids
        )
    ]
    if len(phrases) == len(cluster.phrases):
        return cluster
    customers = {rows[number].conversation_id for phrase in phrases for number in phrase.question_ids}
    return Cluster(tuple(phrases), len(customers)) if phrases else None


def _is_answered_now(row: FaqAsked, decision: Decision, changed_at: dict[int, datetime]) -> bool:
    fresh = any(changed_at[entry_id] > row.asked_at for entry_id in decision.entry_ids)
    if decision.verdict is Verdict.ANSWER_OUTRIGHT:
        return fresh or row.entry_id not in decision.entry_ids
    return fresh and row.entry_id is None


_decided: tuple[Index, dict[str, Decision]] | None = None


def _decision(words: str) -> Decision:
    """What the stock says to these words; looked up once for each state of the stock."""
    global _decided
    index = faq.index()
    if _decided is None or _decided[0] is not index or len(_decided[1]) > 2 * LATEST:
        _decided = (index, {})
    known = _decided[1]
    if words not in known:
        known[words] = index.decide(words)
    return known[words]
