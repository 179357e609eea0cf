"""Searches what customers and staff wrote, newest first; the index is written in the event's own transaction.

SQLite's FTS5 holds pairs of letters (`bot/text/bigrams.py`), PostgreSQL a GIN index. An unsent message
leaves an empty row, so that the message is not added if it arrives after its own removal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from bot.conversations import Conversation
from bot.db import database, erasure
from bot.db.database import Model
from bot.queue.inbox import InboxEvent
from bot.routing.event_kinds import STAFF_REPLIED
from bot.text import bigrams, folding
from bot.text.cleaning import read_object, storable_id

FILLED_AT_ONCE = 500
READ_FIRST = 30_000
"""Rows that PostgreSQL reads without the index first: enough for a page of a word that one row in a thousand
holds."""


class TranscriptText(Model):
    """One text in the search. Empty where a message was unsent."""

    event = peewee.ForeignKeyField(InboxEvent, primary_key=True, on_delete="CASCADE", backref="+")
    event_id: int
    conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE", backref="+")
    message_id = peewee.CharField(null=True, unique=True)
    """LINE's id; null for staff's replies."""
    folded = peewee.TextField()
    folding = peewee.SmallIntegerField(default=0)
    """The version of folding it was written with; 0 before there were versions."""


@dataclass(frozen=True, slots=True)
class Found:
    """One result."""

    event_id: int
    """The id of the inbox's row."""
    conversation_id: int
    at: datetime
    text: str
    staff_id: int | None
    """Who wrote it; None for the customer."""


@dataclass(frozen=True, slots=True)
class Results:
    """Results, newest first, and the event below which older ones follow (None at the end)."""

    lines: list[Found]
    words: list[str]
    before: int | None


def add(event_id: int, conversation_id: int, text: str, message_id: str | None = None) -> None:
    """Add a text to the search, once. `event_id` is the id of the inbox's row."""
    database.require_transaction()
    folded = bigrams.folded(text)
    words = " ".join(bigrams.pairs(folded))
    columns, marks = "event_id, conversation_id, message_id, folded, folding", "?, ?, ?, ?, ?"
    values: list[Any] = [event_id, conversation_id, message_id or None, folded, folding.VERSION]
    if database.is_postgres():
        columns, marks = f"{columns}, words", f"{marks}, array_to_tsvector(?)"
        values.append(sorted(set(words.split())))
    made = database.execute(
        f"INSERT INTO transcript_text ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608 -- fixed words
        *values,
    )
    if made.rowcount == 1 and words and not database.is_postgres():
        database.execute("INSERT INTO transcript_word (rowid, words) VALUES (?, ?)", event_id, words)


def change(event_id: int, conversation_id: int, text: str, message_id: str) -> None:
    """The customer edited a text in that event: it is found by its new words, in its old place."""
    database.require_transaction()
    known: TranscriptText | None = TranscriptText.get_or_none(TranscriptText.message_id == message_id)
    if known is None:
        add(event_id, conversation_id, text, message_id)
    elif known.folded:  # an unsent message stays empty
        _set_words(known, bigrams.folded(text))


def remove(event_id: int, conversation_id: int, message_id: str) -> None:
    """The customer unsent that message in that event."""
    database.require_transaction()
    if not message_id:
        return
    known: TranscriptText | None = TranscriptText.get_or_none(TranscriptText.message_id == message_id)
    if known is None:
        add(event_id, conversation_id, "", message_id)
    else:
        _set_words(known, "")


def forget(event_ids: list[int]) -> None:
    """Make the texts of these events found no more; an empty row stays, as of an unsent message."""
    database.require_transaction()
    for row in TranscriptText.select().where(
        TranscriptText.event.in_(event_ids), TranscriptText.folded != ""
    ):
        _set_words(row, "")


def _set_words(row: Any, folded: str) -> None:
    old, new = (" ".join(bigrams.pairs(text)) for text in (row.folded, folded))
    database.execute(
        "UPDATE transcript_text SET folded = ?, folding = ? WHERE event_id = ?",
        *(folded, folding.VERSION, row.event_id),
    )
    if new == old:
        return
    if database.is_postgres():
        words = sorted(set(new.split()))
        database.execute(
            "UPDATE transcript_text SET words = array_to_tsvector(?) WHERE event_id = ?", words, row.event_id
        )
        return
    if old:
        database.execute(
            "INSERT INTO transcript_word (transcript_word, rowid, words) VALUES ('delete', ?, ?)",
            row.event_id,
            old,
        )
    if new:
        database.execute("INSERT INTO transcript_word (rowid, words) VALUES (?, ?)", row.event_id, new)


def search(query: str, *, before: int | None = None, limit: int = 20) -> Results:
    """Texts in which every word of the query occurs. A query without two neighbouring letters finds nothing."""
    words = bigrams.sought(query)
    if not any(len(word) > 1 for word in words):
        return Results([], words, None)
    ids = _ids(words, before, limit + 1)
    more = len(ids) > limit
    rows = {row.id: row for row in InboxEvent.select().where(InboxEvent.id.in_(ids[:limit] or [0]))}
    stored = {
        row.event_id: row.folded
        for row in TranscriptText.select().where(TranscriptText.event.in_(list(rows) or [0]))
    }
    lines = [_found(rows[event_id], stored[event_id]) for event_id in ids[:limit] if event_id in rows]
    return Results(lines, words, ids[limit - 1] if more else None)


def _ids(words: list[str], before: int | None, limit: int) -> list[int]:
    below = before if before is not None else _newest() + 1
    find = _find_postgres if database.is_postgres() else _find_sqlite
    return [row[0] for row in find(words, below, limit)]


def _find_sqlite(words: list[str], below: int, limit: int) -> list[Any]:
    """FTS5 reads its matches backwards, and stops when there are enough."""
    wanted = " AND ".join(f'"{" ".join(bigrams.pairs(word))}"' for word in words if len(word) > 1)
    holds = " AND ".join(["instr(t.folded, ?) > 0"] * len(words))
    sql = (
        "SELECT w.rowid FROM transcript_word w JOIN transcript_text t ON t.event_id = w.rowid "  # noqa: S608
        f"WHERE transcript_word MATCH ? AND {holds} AND w.rowid < ? ORDER BY w.rowid DESC LIMIT ?"
    )
    return list(database.execute(sql, wanted, *words, below, limit).fetchall())


def _find_postgres(words: list[str], below: int, limit: int) -> list[Any]:
    """Frequent words are found by reading the newest rows; rare ones by the index, which must read all
    matches to know the newest. PostgreSQL's own estimate of which is which was wrong by a factor of a
    thousand."""
    holds = " AND ".join(["strpos(folded, ?) > 0"] * len(words))
    sql = (
        "SELECT event_id FROM (SELECT event_id, folded FROM transcript_text WHERE event_id < ? AND event_id >= ? "  # noqa: S608
        f"ORDER BY event_id DESC OFFSET 0) AS newest WHERE {holds} ORDER BY event_id DESC LIMIT ?"
    )
    near = list(database.execute(sql, below, below - READ_FIRST, *words, limit).fetchall())
    if len(near) == limit:
        return near
    pairs = {pair for word in words for pair in bigrams.pairs(word)}
    wanted = " & ".join(f"'{pair}'" for pair in sorted(pairs))  # letters alone: nothing to escape
    sql = (
        "WITH known AS MATERIALIZED (SELECT event_id, folded FROM transcript_text "  # noqa: S608
        f"WHERE words @@ ?::tsquery AND event_id < ?) "
        f"SELECT event_id FROM known WHERE {holds} ORDER BY event_id DESC LIMIT ?"
    )
    return list(database.execute(sql, wanted, below, *words, limit).fetchall())


def _newest() -> int:
    return int(TranscriptText.select(peewee.fn.MAX(TranscriptText.event)).scalar() or 0)


def _found(row: InboxEvent, folded: str) -> Found:
    """The text as it was written, or in its stored form if it was edited since."""
    text, _, staff_id = _words_of(row.source, read_object(row.body)) or ("", None, None)
    text = text if bigrams.folded(text) == folded else folded
    return Found(row.id, row.conversation_id, row.received_at, text, staff_id)


def fill() -> Iterator[int]:
    """Index events from before there was a search, in chunks; yields how many events each chunk read.

    Opens its own transactions, so it is called outside any. Safe to repeat.
    """
    top = int(InboxEvent.select(peewee.fn.MAX(InboxEvent.id)).scalar() or 0)
    for start in range(0, top, FILLED_AT_ONCE):
        chunk = (
            InboxEvent.select()
            .join(Conversation)
            .where(InboxEvent.id > start, InboxEvent.id <= min(start + FILLED_AT_ONCE, top))
            .where(InboxEvent.source.in_(["line", STAFF_REPLIED]), Conversation.line_user_id.is_null(False))
        )
        with database.write_transaction():
            for row in chunk.order_by(InboxEvent.id):
                _add_row(row)
        yield min(FILLED_AT_ONCE, top - start)


def fold_anew() -> Iterator[int]:
    """Fold texts again that an older version folded, in chunks; yields how many each chunk held.

    Opens its own transactions, so it is called outside any. Safe to repeat and to interrupt.
    """
    # A literal, not a bound value, so that the partial index is used.
    stale = peewee.SQL(f"folding < {folding.VERSION}")
    some = TranscriptText.select().where(stale).order_by(TranscriptText.event).limit(FILLED_AT_ONCE)
    while True:
        with database.write_transaction():
            rows = list(some.clone())
            for row in rows:
                _set_words(row, bigrams.folded(row.folded))
        if not rows:
            return
        yield len(rows)


def _add_row(row: InboxEvent) -> None:
    body = read_object(row.body)
    if body.get("type") == "unsend" and isinstance(body.get("unsend"), dict):
        remove(row.id, row.conversation_id, storable_id(str(body["unsend"].get("messageId") or "")))
    elif words := _words_of(row.source, body):
        text, message_id, _ = words
        if body.get("type") == "messageEdited":
            change(row.id, row.conversation_id, text, message_id or "")
        else:
            add(row.id, row.conversation_id, text, message_id)


def _words_of(source: str, body: dict[str, Any]) -> tuple[str, str | None, int | None] | None:
    """What was written, LINE's id of the message, and who of staff wrote it; None when the event holds no text."""
    if source == STAFF_REPLIED:
        return str(body.get("text") or ""), None, int(body.get("staff_id") or 0) or None
    message = body.get("message")
    if (
        body.get("type") not in ("message", "messageEdited")
        or not isinstance(message, dict)
        or message.get("type") != "text"
    ):
        return None
    number = storable_id(str(message.get("id") or ""))
    return str(message.get("text") or ""), number or None, None


def _empty_words(who: erasure.Person) -> None:
    for row in TranscriptText.select().where(TranscriptText.conversation.in_(who.conversation_ids)):
        _set_words(row, "")


erasure.deleted(TranscriptText, "conversation", before=_empty_words)
