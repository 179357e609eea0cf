"""Records each question to the FAQ: what was given, whether it helped, and which ticket followed.

The search is in `search.py`; questions without an answer are grouped in `missing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot import localtime
from bot.db import database
from support.faq.tables import ANSWERED, OFFERED, SOLVED, UNANSWERED, UNSOLVED, FaqAsked, FaqEntry
from support.proportion import Share

SAME_CONVERSATION = timedelta(minutes=30)
"""A request for staff within this time of an answer counts as "it did not help", unless the customer said it did."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often an entry was given, what customers said of it, and how often a ticket followed."""

    asked_count: int = 0
    solved_count: int = 0
    unsolved_count: int = 0
    escalated_count: int = 0
    failed_count: int = 0
    """Answers that did not help: the customer said so, or a ticket followed."""

    @property
    def surely_failed(self) -> float:
        """The share that failed, at its lower bound (Wilson, 95 %), since one of one says less than thirty of
        a hundred."""
        interval = Share(self.failed_count, self.asked_count).interval
        return max(0.0, interval[0] / 100) if interval else 0.0


def record_answered(conversation_id: int, entry_id: int, words: str = "") -> int:
    """Record that the entry was given; the record's id, which the buttons below the answer carry."""
    made = _record(conversation_id, ANSWERED, words, entry_id)
    _count(entry_id, "asked_count")
    return made


def record_offered(conversation_id: int, words: str) -> int:
    """Record that titles were offered for these words; the record's id, which the titles carry."""
    return _record(conversation_id, OFFERED, words, None)


def record_unanswered(conversation_id: int, words: str) -> int:
    """Record that nothing fitted these words; the record's id."""
    return _record(conversation_id, UNANSWERED, words, None)


def record_pick(asked_id: int | None, conversation_id: int, entry_id: int) -> int:
    """Record that the entry was picked from a list, in the record of the words it was offered for, if any;
    the record's id."""
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
    """The id of the answer last given in this conversation (SAME_CONVERSATION), if the customer has not rated it."""
    recent = FaqAsked.asked_at > localtime.now() - SAME_CONVERSATION
    mine = FaqAsked.select().where(FaqAsked.conversation == conversation_id, recent)
    found = mine.order_by(FaqAsked.id.desc()).first()
    return found.id if found is not None and found.outcome == ANSWERED else None


def settle(asked_id: int | None, conversation_id: int, *, solved: bool) -> bool:
    """Record whether the answer helped. The first rating counts; False for later ones and for another
    customer's button."""
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
    """The customer edited or unsent a message: replace its words. What came of the question still counts."""
    database.require_transaction()
    asked = (FaqAsked.conversation == conversation_id) & FaqAsked.words.in_(list(old))
    FaqAsked.update(words=new).where(asked).execute()


def record_escalated(conversation_id: int, ticket_id: int, asked_id: int | None = None) -> bool:
    """A ticket was opened: attach to it the question the button names, else the last one of this conversation
    (SAME_CONVERSATION) that was not solved. If only titles had been offered, it counts as unanswered. False
    when there is none."""
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
    """The entry's figures."""
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
