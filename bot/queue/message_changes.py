"""Updates stored copies of a message that was unsent or edited on LINE, so that its old wording is stored
nowhere.

Covers the raw events, their errors, and what the bot sent back. Copies in the domains (an answer's comment, a
question, a testimonial) are left to `handlers/unsent.py`, the search to `support/transcript/search.py`, files
to `bot/files/media.py`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import quote

import peewee

from bot import localtime
from bot.conversations import Conversation
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, insert_once
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import MULTICAST, OutboxMessage
from bot.routing.claimed import Claimed
from bot.text.cleaning import storable

GONE = "unsent"
"""The type written into an unsent message's raw event, beside its id."""
BLANK = "（取り消されたメッセージ）"
SURELY_QUOTED = 12
"""When this many characters of a message are found in ours, that is no coincidence."""
NEEDLE = 24
"""Characters searched for, since cards show only the beginning of what a customer wrote."""
_EVENTS = ("message", "messageEdited")
SWEPT_AT_ONCE = 500
LONGEST_ID = 255


class ChangedMessage(Model):
    """A message that was unsent or edited; LINE may report that before the message itself comes in."""

    message_id = peewee.CharField(unique=True)
    """LINE's."""
    is_unsent = peewee.BooleanField()
    changed_at = UtcDateTimeField()

    class Meta:
        table_name = "changed_message"


def note(message_id: str, *, is_unsent: bool) -> None:
    """Store the change, for copies that are still to come. What was unsent stays so."""
    database.require_transaction()
    now = localtime.now()
    if not message_id:
        return
    fresh = insert_once(ChangedMessage, message_id=message_id, is_unsent=is_unsent, changed_at=now)
    if not fresh and is_unsent:
        ChangedMessage.update(is_unsent=True).where(ChangedMessage.message_id == message_id).execute()


def as_it_is_now(row: Claimed) -> Claimed:
    """The event with its message as it is now on LINE, if that was unsent or edited before it came in; others
    unchanged."""
    has_message = row.source == "line" and '"message' in row.body  # most others need not be read for it
    message_id = _message_id(_read(row.body)) if has_message else ""
    if not message_id:
        return row
    known = database.execute(
        "SELECT is_unsent FROM changed_message WHERE message_id = ?", message_id
    ).fetchone()
    if known is None:
        return row
    rows = _events_of(row.conversation_id, message_id)
    if known[0]:
        _rewrite(rows, message_id, None)
    elif _read(row.body).get("type") == "message" and (words := _newest_words(rows)) is not None:
        _rewrite(rows, message_id, words)
    return replace(row, body=str(InboxEvent.get_by_id(row.id).body))


def forget(
    conversation_id: int,
    message_id: str,
    earlier: Iterable[str],
    words: str | None,
    names: Iterable[str] = (),
) -> None:
    """Remove earlier wordings from stored events and from the bot's messages; `words` are the new ones, None
    when it was unsent. `names` are wordings that also appear, however short they are, on buttons and in the
    data of these."""
    database.require_transaction()
    if not message_id:
        return
    rows = _events_of(conversation_id, message_id)
    _rewrite(rows, message_id, words)
    old = [each.strip() for each in earlier if each.strip() and each != words]
    _blank_replies(conversation_id, {row.event_id for row in rows}, old)
    _stop_waiting(conversation_id, message_id, old)
    for name in names:
        _blank_name(conversation_id, name)


def sweep() -> Iterator[int]:
    """Apply the changes that were stored before this file existed; yields how many events were examined,
    chunk by chunk.

    Opens its own transactions, so it is called at the edge. Safe to repeat.
    """
    top = int(InboxEvent.select(peewee.fn.MAX(InboxEvent.id)).scalar() or 0)
    body = InboxEvent.body
    for start in range(0, top, SWEPT_AT_ONCE):
        last = min(start + SWEPT_AT_ONCE, top)
        changes = InboxEvent.select().where(
            InboxEvent.id > start, InboxEvent.id <= last, InboxEvent.source == "line"
        )
        with database.write_transaction():
            for row in changes.where(body.contains('"unsend"') | body.contains('"messageEdited"')):
                apply(row)
        yield last - start


def apply(row: InboxEvent | Claimed) -> None:
    """Apply what that event unsent or edited, if it did; for events that no handler gets, such as those of
    group chats."""
    event = _read(row.body)
    unsend = event.get("unsend") if event.get("type") == "unsend" else None
    is_unsent = isinstance(unsend, dict)
    message_id = _plain(unsend.get("messageId")) if isinstance(unsend, dict) else _message_id(event)
    if not message_id or event.get("type") not in ("unsend", "messageEdited"):
        return
    note(message_id, is_unsent=is_unsent)
    rows = _events_of(row.conversation_id, message_id)
    earlier = [words for each in rows if (words := _words(_read(each.body)))]
    gone = (
        ChangedMessage.select()
        .where(ChangedMessage.message_id == message_id, ChangedMessage.is_unsent)
        .exists()
    )
    forget(row.conversation_id, message_id, earlier, None if gone else _newest_words(rows))


def _events_of(conversation_id: int, message_id: str) -> list[InboxEvent]:
    """The events that brought and changed that message, oldest first."""
    rows = InboxEvent.select().where(
        InboxEvent.conversation == conversation_id,
        InboxEvent.source == "line",
        InboxEvent.body.contains(json.dumps(message_id)),
    )
    return [
        row
        for row in rows.order_by(InboxEvent.occurred_at, InboxEvent.id)
        if _message_id(_read(row.body)) == message_id
    ]


def _rewrite(rows: Iterable[InboxEvent], message_id: str, words: str | None) -> None:
    for row in rows:
        event = _read(row.body)
        message = event["message"]
        if words is None:
            message = {"id": message_id, "type": GONE}
        elif message.get("type") == "text":
            # Emojis and mentions are stored as positions in the old text.
            message = {name: value for name, value in message.items() if name not in ("emojis", "mention")}
            message["text"] = words
        body = json.dumps({**event, "message": message}, ensure_ascii=True)
        if body != row.body or row.error:
            # Of a traceback only the error's type stays: its message may contain the text.
            error = row.error and row.error.strip().splitlines()[-1].partition(":")[0]
            InboxEvent.update(body=body, error=error).where(InboxEvent.id == row.id).execute()


def _newest_words(rows: Iterable[InboxEvent]) -> str | None:
    """The newest edit's text; None where this chat has no edit: a message of another chat had the same id."""
    edited = [_words(_read(row.body)) for row in rows if '"messageEdited"' in row.body]
    return edited[-1] if edited else None


def _blank_replies(conversation_id: int, event_ids: set[str], old: list[str]) -> None:
    """Blank the bot's messages that repeat the texts: answers to these events, and any that quote enough to
    be certain."""
    ours = (OutboxMessage.conversation == conversation_id) & _may_quote()
    for words in old:
        if len(words) < 2:
            continue
        needle = words[:NEEDLE]
        which = ours if len(words) >= SURELY_QUOTED else ours & OutboxMessage.cause.in_(list(event_ids))
        holds = [OutboxMessage.messages.contains(form) for form in _forms(needle)]
        for row in OutboxMessage.select().where(which, reduce(or_, holds)):
            messages = json.dumps(_without(json.loads(row.messages), needle), ensure_ascii=False)
            OutboxMessage.update(messages=messages).where(OutboxMessage.id == row.id).execute()


def _blank_name(conversation_id: int, name: str) -> None:
    for table, column in ((OutboxMessage, OutboxMessage.messages), (InboxEvent, InboxEvent.body)):
        holds = reduce(or_, [column.contains(form) for form in _forms(name)])
        where = (table.conversation == conversation_id) & holds
        if table is OutboxMessage:
            where &= _may_quote()
        for row in table.select().where(where):
            without = _without(json.loads(getattr(row, column.name)), name)
            content = json.dumps(without, ensure_ascii=table is InboxEvent)
            table.update({column: content}).where(table.id == row.id).execute()


def _may_quote() -> Any:
    """The messages that may repeat what a customer wrote: neither staff's own nor those that many get alike."""
    return OutboxMessage.staff_id.is_null() & (OutboxMessage.kind != MULTICAST)


def _forms(needle: str) -> tuple[str, ...]:
    """How the text may appear in a message: plain, as JSON of either kind, and in a button's data."""
    return needle, json.dumps(needle, ensure_ascii=False)[1:-1], json.dumps(needle)[1:-1], quote(needle)


def _without(value: Any, needle: str) -> Any:
    if isinstance(value, str):
        return BLANK if any(form in value for form in _forms(needle)) else value
    if isinstance(value, list):
        return [_without(each, needle) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, needle) for name, each in value.items()}
    return value


def _stop_waiting(conversation_id: int, message_id: str, old: list[str]) -> None:
    """Close the exchange if its data may hold the texts, even when it has expired."""
    chat: Conversation = Conversation.get_by_id(conversation_id)
    data = _read(chat.exchange_data or "{}")
    if data.get("message") == message_id or any(
        each in old for each in data.values() if isinstance(each, str)
    ):
        fresh = {"exchange_kind": None, "exchange_data": None, "exchange_until": None}
        Conversation.update(fresh).where(Conversation.id == conversation_id).execute()


def _message_id(event: dict[str, Any]) -> str:
    message = event.get("message")
    found = message.get("id") if event.get("type") in _EVENTS and isinstance(message, dict) else None
    return _plain(found)


def _plain(message_id: Any) -> str:
    fits = isinstance(message_id, str) and len(message_id) <= LONGEST_ID
    return storable(message_id) if fits else ""


def _words(event: dict[str, Any]) -> str:
    text = event["message"].get("text")
    return storable(text) if isinstance(text, str) else ""


def _read(body: str) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


erasure.detached(
    ChangedMessage, "LINE's id of a message and that it was unsent; nothing of what it said or of whom."
)
