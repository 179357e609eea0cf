"""Decides what the shop's FAQ stock is now, and remembers what was asked of it and whether that helped.

How entries are ranked is `faq_search.py`'s; what is said with them is `messages.py`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee

from bot import database, localtime, settings
from bot.conversations import Conversation
from bot.database import Model, UtcDateTimeField
from support import faq_file
from support.faq_search import Decision, Entry, Index

STOCK = Path(__file__).with_name("faq_stock.csv")

ANSWERED, SOLVED, UNSOLVED, UNANSWERED = "answered", "solved", "unsolved", "unanswered"


class FaqEntry(Model):
    """One question of the stock. Lists are kept one a line; an entry is withdrawn, never deleted."""

    question = peewee.CharField(200, unique=True)
    paraphrases = peewee.TextField(default="")
    answer = peewee.TextField()
    tags = peewee.TextField(default="")
    revision = peewee.IntegerField(default=1)
    created_at = UtcDateTimeField()
    changed_at = UtcDateTimeField()
    withdrawn_at = UtcDateTimeField(null=True)

    @property
    def tag_list(self) -> list[str]:
        return self.tags.splitlines()

    @property
    def paraphrase_list(self) -> list[str]:
        return self.paraphrases.splitlines()

    @property
    def spoken_answer(self) -> str:
        """The answer as the customer reads it: {shop} is the shop's name."""
        return str(self.answer).replace("{shop}", settings.current().shop_name)


class FaqAsked(Model):
    """One question of a customer: the entry that was given for it, if any did, and what came of it."""

    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE")
    conversation_id: int
    entry = peewee.ForeignKeyField(FaqEntry, null=True)
    entry_id: int | None
    words = peewee.TextField(default="")
    """What the customer wrote; empty when the entry was picked from a list."""
    outcome = peewee.CharField(16)
    asked_at = UtcDateTimeField()
    settled_at = UtcDateTimeField(null=True)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: entries made, changed, already so; and the rows that were left out."""

    added_count: int
    changed_count: int
    same_count: int
    bad_rows: tuple[faq_file.BadRow, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How often an entry was given, and what customers said of it."""

    asked_count: int
    solved_count: int
    unsolved_count: int


def search(words: str) -> Decision:
    """What the stock, as it is now, has to say to these words."""
    return _index().decide(words)


def entry(entry_id: int | None) -> FaqEntry | None:
    """The entry, unless it was withdrawn or never was: old buttons stay in chats for ever."""
    found: FaqEntry | None = _in_use().where(FaqEntry.id == entry_id).first() if entry_id else None
    return found


def entries(entry_ids: Sequence[int]) -> list[FaqEntry]:
    """Those entries that are in use, in the order given."""
    found = {each.id: each for each in _in_use().where(FaqEntry.id.in_(list(entry_ids)))} if entry_ids else {}
    return [found[entry_id] for entry_id in entry_ids if entry_id in found]


def by_tag() -> dict[str, list[FaqEntry]]:
    """All entries in use under their first tag; tags and entries in the order they were written in."""
    shelves: dict[str, list[FaqEntry]] = {}
    for each in _in_use().order_by(FaqEntry.id):
        shelves.setdefault((each.tag_list or [""])[0], []).append(each)
    return shelves


def record_answered(conversation_id: int, entry_id: int, words: str = "") -> int:
    """The entry was given to a customer; the id is what 「解決しました」 comes back with."""
    return _record(conversation_id, ANSWERED, words, entry_id)


def record_unanswered(conversation_id: int, words: str) -> int:
    """Nothing fitted these words: what the stock lacks."""
    return _record(conversation_id, UNANSWERED, words, None)


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
    return bool(changed == 1)


def figures() -> dict[int, Figures]:
    """By entry id, for entries that were given at least once."""
    query: Any = (
        FaqAsked.select(FaqAsked.entry, FaqAsked.outcome, peewee.fn.COUNT(FaqAsked.id))
        .where(FaqAsked.entry.is_null(False))
        .group_by(FaqAsked.entry, FaqAsked.outcome)
    )
    counted: dict[int, Counter[str]] = {}
    for entry_id, outcome, count in query.tuples():
        counted.setdefault(entry_id, Counter())[outcome] = count
    return {
        entry_id: Figures(sum(counts.values()), counts[SOLVED], counts[UNSOLVED])
        for entry_id, counts in counted.items()
    }


def save(
    question: str, answer: str, paraphrases: Iterable[str] = (), tags: Iterable[str] = ()
) -> tuple[int, bool]:
    """Write an entry; a question that is there already is changed and taken back into use. (id, whether it is new)"""
    database.require_transaction()
    now = localtime.now()
    values = {
        "answer": answer,
        "paraphrases": "\n".join(paraphrases),
        "tags": "\n".join(tags),
        "changed_at": now,
    }
    made = database.insert_once(FaqEntry, question=question, created_at=now, revision=1, **values)
    if made is not None:
        return made, True
    fresh = {**values, "revision": FaqEntry.revision + 1, "withdrawn_at": None}
    FaqEntry.update(fresh).where(FaqEntry.question == question).execute()
    return FaqEntry.get(FaqEntry.question == question).id, False


def withdraw(entry_id: int) -> bool:
    """Take the entry out of use; its figures stay. False when it is not in use."""
    database.require_transaction()
    now = localtime.now()
    fresh = {"withdrawn_at": now, "changed_at": now, "revision": FaqEntry.revision + 1}
    query = FaqEntry.update(fresh).where(FaqEntry.id == entry_id, FaqEntry.withdrawn_at.is_null())
    return bool(query.execute() == 1)


def import_csv(path: Path) -> Imported:
    """Add and change entries from a file. Good rows are kept, bad ones reported; doing it twice changes nothing."""
    database.require_transaction()
    rows, bad = faq_file.read(path.read_bytes())
    known = {each.question: each for each in FaqEntry.select()}
    added = changed = same = 0
    for row in rows:
        before = known.get(row.question)
        if before is not None and _says(before) == (row.paraphrases, row.answer, row.tags):
            same += 1
            continue
        _, new = save(row.question, row.answer, row.paraphrases, row.tags)
        added, changed = added + new, changed + (not new)
    return Imported(added, changed, same, tuple(bad))


def export_rows() -> list[faq_file.Row]:
    """The stock in use, for `faq_file.write`."""
    return [
        faq_file.Row(0, each.question, tuple(each.paraphrase_list), each.answer, tuple(each.tag_list))
        for each in _in_use().order_by(FaqEntry.id)
    ]


def seed_if_empty() -> int:
    """Fill an empty table with the stock that ships; how many entries that were."""
    database.require_transaction()
    return 0 if FaqEntry.select().exists() else import_csv(STOCK).added_count


def _says(each: FaqEntry) -> tuple[tuple[str, ...], str, tuple[str, ...]] | None:
    if each.withdrawn_at is not None:
        return None
    return tuple(each.paraphrase_list), each.answer, tuple(each.tag_list)


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


def _in_use() -> Any:
    return FaqEntry.select().where(FaqEntry.withdrawn_at.is_null())


_kept: tuple[Any, Index] | None = None


def _index() -> Index:
    """Built anew only when an entry changed: each change raises a revision, and no entry is ever deleted."""
    global _kept
    stock = FaqEntry.select(
        peewee.fn.COUNT(FaqEntry.id), peewee.fn.SUM(FaqEntry.revision), peewee.fn.MAX(FaqEntry.changed_at)
    )
    version = (database.database.obj, *stock.scalar(as_tuple=True))
    if _kept is None or _kept[0] != version:
        _kept = (version, Index(_searchable(each) for each in _in_use().order_by(FaqEntry.id)))
    return _kept[1]


def _searchable(each: FaqEntry) -> Entry:
    return Entry(each.id, each.question, each.answer, tuple(each.paraphrase_list))
