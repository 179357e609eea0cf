"""The shop's FAQ entries: search, write, change, withdraw, restore.

Ranking is in `search.py`, records of what was asked in `questions_asked.py`, messages in `messages.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import peewee

from bot import localtime
from bot.db import database
from support.faq import file, meaning
from support.faq.search import Decision, Entry, Index, Match
from support.faq.tables import Content, FaqEntry, FaqVersion

STOCK = Path(__file__).parent.parent / "faq_stock.csv"


class QuestionTaken(Exception):
    """Another entry has the same question; `entry_id` is its id."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


class ChangedMeanwhile(Exception):
    """Another person changed the entry since it was read; nothing was overwritten."""


def search(words: str) -> Decision:
    """What to do with these words, going by the current entries."""
    return index().decide(words)


def understand(words: str) -> Decision:
    """The same, also by meaning where a model is installed. For the worker: the web process loads no model."""
    return index().decide(words, meaning.cosines)


def nearest(words: str, limit: int) -> list[FaqEntry]:
    """The entries nearest to the words, whether or not they fit: for staff who look for one by hand."""
    return entries([match.entry_id for match in ranked(words, limit)])


def ranked(words: str, limit: int) -> list[Match]:
    """The same as matches, with their scores."""
    return index().rank(words, limit)


def entry(entry_id: int | None) -> FaqEntry | None:
    """The entry; None when it was withdrawn or never existed. Old buttons stay in chats."""
    found: FaqEntry | None = in_use().where(FaqEntry.id == entry_id).first() if entry_id else None
    return found


def entries(entry_ids: Sequence[int]) -> list[FaqEntry]:
    """The entries in use with these ids, in the given order."""
    found = {each.id: each for each in in_use().where(FaqEntry.id.in_(list(entry_ids)))} if entry_ids else {}
    return [found[entry_id] for entry_id in entry_ids if entry_id in found]


def by_tag() -> dict[str, list[FaqEntry]]:
    """All entries in use under their first tag; tags and entries in the order they were written."""
    by_first_tag: dict[str, list[FaqEntry]] = {}
    for each in in_use().order_by(FaqEntry.id):
        by_first_tag.setdefault((each.tag_list or [""])[0], []).append(each)
    return by_first_tag


def in_use() -> Any:
    """Query of the entries that customers may be given."""
    return FaqEntry.select().where(FaqEntry.withdrawn_at.is_null())


def create(content: Content, by: int | None = None) -> int:
    """Write a new entry; its id. Raises QuestionTaken."""
    database.require_transaction()
    now = localtime.now()
    made = database.insert_once(
        FaqEntry, created_at=now, changed_at=now, revision=1, withdrawn_at=None, **_columns(content)
    )
    if made is None:
        raise QuestionTaken(FaqEntry.get(FaqEntry.question == content.question).id)
    _keep_version(made, by)
    return made


def change(entry_id: int, content: Content, by: int | None = None, *, seen: int | None = None) -> bool:
    """Change the entry; False when it says this already. A withdrawn one stays withdrawn.

    `seen` is the revision the author had read. Raises ChangedMeanwhile when it is not the latest, and
    QuestionTaken.
    """
    before = FaqEntry.get_by_id(entry_id)
    if seen is not None and before.revision != seen:
        raise ChangedMeanwhile
    if before.content == content:
        return False
    other = FaqEntry.get_or_none(FaqEntry.question == content.question, FaqEntry.id != entry_id)
    if other is not None:
        raise QuestionTaken(other.id)
    if not _update(entry_id, before.revision, by, **_columns(content)):
        raise ChangedMeanwhile
    return True


def withdraw(entry_id: int, by: int | None = None) -> bool:
    """Take the entry out of use; its figures stay. False when it is not in use."""
    before = entry(entry_id)
    return before is not None and _update(entry_id, before.revision, by, withdrawn_at=localtime.now())


def restore(entry_id: int, by: int | None = None) -> bool:
    """Put a withdrawn entry back into use. False when it is in use or does not exist."""
    before = FaqEntry.get_or_none(FaqEntry.id == entry_id, FaqEntry.withdrawn_at.is_null(False))
    return before is not None and _update(entry_id, before.revision, by, withdrawn_at=None)


def add_paraphrases(entry_id: int, phrases: Iterable[str], by: int | None = None) -> int:
    """Add phrases by which the entry is found; how many were new."""
    before: Content = FaqEntry.get_by_id(entry_id).content
    known = (before.question, *before.paraphrases)
    fresh = tuple(dict.fromkeys(phrase for phrase in phrases if phrase and phrase not in known))
    if fresh:
        change(entry_id, _with(before, paraphrases=before.paraphrases + fresh), by)
    return len(fresh)


def save(
    question: str,
    answer: str,
    paraphrases: Iterable[str] = (),
    tags: Iterable[str] = (),
    *,
    product: str = "",
    card: str = "",
    by: int | None = None,
) -> tuple[int, bool]:
    """Write an entry; one with the same question is changed and put back into use. (id, whether it is new)"""
    content = Content(question, answer, tuple(paraphrases), tuple(tags), product, card)
    try:
        return create(content, by), True
    except QuestionTaken as taken:
        before = FaqEntry.get_by_id(taken.entry_id)
        if before.content != content or before.withdrawn_at is not None:
            _update(before.id, before.revision, by, withdrawn_at=None, **_columns(content))
        return before.id, False


def versions(entry_id: int) -> list[FaqVersion]:
    """The entry after each of its changes, the latest first."""
    query = FaqVersion.select().where(FaqVersion.entry == entry_id)
    return list(query.order_by(FaqVersion.revision.desc()))


def seed_if_empty() -> int:
    """Fill an empty table with the entries that ship with the product; how many."""
    database.require_transaction()
    if FaqEntry.select().exists():
        return 0
    rows, _ = file.read(STOCK.read_bytes())
    for row in rows:
        save(row.question, row.answer, row.paraphrases or (), row.tags or ())
    return len(rows)


def _with(content: Content, *, paraphrases: tuple[str, ...]) -> Content:
    return Content(content.question, content.answer, paraphrases, content.tags, content.product, content.card)


def _columns(content: Content) -> dict[str, Any]:
    return {
        "question": content.question,
        "answer": content.answer,
        "paraphrases": "\n".join(content.paraphrases),
        "tags": "\n".join(content.tags),
        "product": content.product,
        "card": content.card,
    }


def _update(entry_id: int, revision: int, by: int | None, **columns: Any) -> bool:
    """Write the next revision if that one is still the latest: of two people who write at once, only one succeeds."""
    database.require_transaction()
    fresh = {**columns, "revision": revision + 1, "changed_at": localtime.now()}
    query = FaqEntry.update(fresh).where(FaqEntry.id == entry_id, FaqEntry.revision == revision)
    if query.execute() != 1:
        return False
    _keep_version(entry_id, by)
    return True


def _keep_version(entry_id: int, by: int | None) -> None:
    now: FaqEntry = FaqEntry.get_by_id(entry_id)
    FaqVersion.insert(
        entry=entry_id,
        revision=now.revision,
        withdrawn=now.withdrawn_at is not None,
        changed_by_id=by,
        changed_at=now.changed_at,
        **_columns(now.content),
    ).execute()


_cached: tuple[Any, Index] | None = None


def index() -> Index:
    """The search index of the entries in use, cached. Every change raises a revision and no entry is deleted,
    so the sum of revisions shows whether it is current."""
    global _cached
    stock = FaqEntry.select(
        peewee.fn.COUNT(FaqEntry.id), peewee.fn.SUM(FaqEntry.revision), peewee.fn.MAX(FaqEntry.changed_at)
    )
    version = (database.database.obj, *stock.scalar(as_tuple=True))
    if _cached is None or _cached[0] != version:
        _cached = (version, Index(_searchable(each) for each in in_use().order_by(FaqEntry.id)))
    return _cached[1]


def _searchable(each: FaqEntry) -> Entry:
    return Entry(each.id, each.question, each.answer, tuple(each.paraphrase_list))
