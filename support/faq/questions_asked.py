"""Decides what is remembered of each question to the FAQ: what was given, whether it helped, which ticket it led to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot import localtime
from bot.db import database
from support.faq.tables import ANSWERED, OFFERED, SOLVED, UNANSWERED, UNSOLVED, FaqAsked, FaqEntry
from support.proportion import Share

SAME_CONVERSATION = timedelta(minutes=30)
"""Who asks for a person so soon after an answer, and did not say that it helped, was not helped by it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often an entry was given, what customers said of it, and how often a ticket was opened after it."""

    asked_count: int = 0
    solved_count: int = 0
    unsolved_count: int = 0
    escalated_count: int = 0
    failed_count: int = 0
    """Those that did not help: the customer said so, or a ticket was opened after it."""

    @property
    def surely_failed(self) -> float:
        """The share that failed, as low as it may be by chance (Wilson's lower bound, 95 %): one of one says less
        than thirty of a hundred."""
        interval = Share(self.failed_count, self.asked_count).interval
        return max(0.0, interval[0] / 100) if interval else 0.0


def record_answered(conversation_id: int, entry_id: int, words: str = "") -> int:
    """The entry was given to a customer; the id is what 「解決しました」 comes back with."""
    made = _record(conversation_id, ANSWERED, words, entry_id)
    _count(entry_id, "asked_count")
    return made


def record_offered(conversation_id: int, words: str) -> int:
    """Titles were offered for these words; the id is what a tapped title comes back with."""
    return _record(conversation_id, OFFERED, words, None)


def record_unanswered(conversation_id: int, words: str) -> int:
    """Nothing fitted these words: what the stock lacks."""
    return _record(conversation_id, UNANSWERED, words, None)


def record_pick(asked_id: int | None, conversation_id: int, entry_id: int) -> int:
    """The entry was picked from a list: for the words it was offered for, if it was; the id as `record_answered`'s."""
    database.require_transaction()
    taken = (
        FaqAsked.update(outcome=ANSWERED, entry=entry_id)
        .where(FaqAsked.id == asked_id, FaqAsked.conversation == conversation_id)
        .where(FaqAsked.outcome == OFFERED)
        .execute()
    )
    if not asked_id or taken != 1:
        return record_answered(conversation_id, entry_id)
    _count(entry_id, "asked_count")
    return asked_id


def latest_answer(conversation_id: int) -> int | None:
    """The id of the answer that was last given in this talk (SAME_TALK), while nothing was said of it."""
    recent = FaqAsked.asked_at > localtime.now() - SAME_CONVERSATION
    mine = FaqAsked.select().where(FaqAsked.conversation == conversation_id, recent)
    found = mine.order_by(FaqAsked.id.desc()).first()
    return found.id if found is not None and found.outcome == ANSWERED else None


def settle(asked_id: int | None, conversation_id: int, *, solved: bool) -> bool:
    """The customer said whether it helped. The first word counts; False for a later one, or for another's button."""
    database.require_transaction()
    changed = (
        FaqAsked.update(outcome=SOLVED if solved else UNSOLVED, settled_at=localtime.now())
        .where(FaqAsked.id == asked_id)
        .where(FaqAsked.conversation == conversation_id)
        .where(FaqAsked.outcome == ANSWERED)
        .execute()
    )
    if changed != 1:
        return False
    settled = FaqAsked.get_by_id(asked_id)
    if solved:
        _count(settled.entry_id, "solved_count")
    elif settled.ticket_id is None:
        _count(settled.entry_id, "unsolved_count", "failed_count")
    else:
        _count(settled.entry_id, "unsolved_count")
    return True


def reword(conversation_id: int, old: Iterable[str], new: str) -> None:
    """The customer changed or took back a message: what came of the question still counts."""
    database.require_transaction()
    asked = (FaqAsked.conversation == conversation_id) & FaqAsked.words.in_(list(old))
    FaqAsked.update(words=new).where(asked).execute()


def record_escalated(conversation_id: int, ticket_id: int, asked_id: int | None = None) -> bool:
    """A ticket was opened: tie the question to it that the tapped button names; failing that, the customer's last
    question of this talk (SAME_TALK), unless it was solved. Titles that were only offered turn out to fit nothing.
    """
    database.require_transaction()
    open_ones = FaqAsked.select().where(
        FaqAsked.conversation == conversation_id, FaqAsked.ticket.is_null(), FaqAsked.outcome != SOLVED
    )
    if asked_id is not None:
        found = open_ones.where(FaqAsked.id == asked_id).first()
    else:
        recent = open_ones.where(FaqAsked.asked_at > localtime.now() - SAME_CONVERSATION)
        found = recent.order_by(FaqAsked.id.desc()).first()
    if found is None:
        return False
    outcome = UNANSWERED if found.outcome == OFFERED else found.outcome
    FaqAsked.update(ticket=ticket_id, outcome=outcome).where(FaqAsked.id == found.id).execute()
    if found.outcome == UNSOLVED:
        _count(found.entry_id, "escalated_count")
    elif found.entry_id is not None:
        _count(found.entry_id, "escalated_count", "failed_count")
    return True


def figures(entry: FaqEntry) -> Figures:
    """What came of giving the entry."""
    return Figures(
        entry.asked_count,
        entry.solved_count,
        entry.unsolved_count,
        entry.escalated_count,
        entry.failed_count,
    )


def _count(entry_id: int | None, *columns: str) -> None:
    more = {name: getattr(FaqEntry, name) + 1 for name in columns}
    FaqEntry.update(more).where(FaqEntry.id == entry_id).execute()


def _record(conversation_id: int, outcome: str, words: str, entry_id: int | None) -> int:
    database.require_transaction()
    made: int = FaqAsked.insert(
        conversation=conversation_id,
        entry=entry_id,
        words=words,
        outcome=outcome,
        asked_at=localtime.now(),
    ).execute()
    return made
