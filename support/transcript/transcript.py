"""The transcript of one chat, read from inbox and outbox; nothing is stored a second time.

Lines are plain values in order of time. What a customer unsent is never shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.line import delivery
from bot.line.channels import MAIN
from bot.line.multicast_delivery import DISSOLVED
from bot.queue import outbox
from bot.queue.inbox import DONE, PARKED, InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.routing.event_kinds import STAFF_REPLIED
from bot.text.cleaning import read_json, read_object
from support.replies import addresses, attachments
from support.transcript import places
from support.transcript.texts import choices_offered, edit, in_words, said, text_of, unsent_id

CUSTOMER, BOT, STAFF = "customer", "bot", "staff"
RECEIVED, QUEUED, SENT, HELD, FAILED = "received", "queued", "sent", "held", "failed"
UNKNOWN = "unknown"
"""Given up, although LINE may have delivered it: sending it again may send it twice."""

_STATES = {
    delivery.DUE: QUEUED,
    delivery.IN_A_CALL: QUEUED,
    delivery.SENT: SENT,
    delivery.HELD: HELD,
    delivery.PARKED: FAILED,
    delivery.DROPPED: FAILED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message, tap or other event."""

    cursor: str
    """Its place in the chat, for `before` and `since`."""
    at: datetime
    who: str
    """CUSTOMER, BOT or STAFF."""
    kind: str
    """text, tap, sticker, image, video, audio, file, location, card, unsent, edited, followed, blocked,
    other."""
    text: str
    """The words, or a description in words."""
    state: str
    """RECEIVED for incoming; QUEUED, SENT, HELD (the month's limit), FAILED or UNKNOWN for outgoing."""
    message_id: str = ""
    """The id of a picture, video, voice message or file in `bot.files.media`: LINE's, or of what staff attached."""
    staff_id: int | None = None
    problem: str = ""
    """Why it failed, in LINE's words."""
    edited: bool = False
    """The customer edited it; these are the new words."""
    channel: str = MAIN
    """The LINE account by which it came or goes (`bot/line/channels.py`)."""


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in order of time, and the cursor before which older ones follow (None at the beginning)."""

    lines: tuple[Line, ...]
    older_cursor: str | None


def page(conversation_id: int, *, before: str | None = None, limit: int = 50) -> Page:
    """The latest lines, or those before a cursor. An invalid cursor gives the latest."""
    until = places.read_cursor(before)
    came = _incoming(conversation_id).order_by(InboxEvent.received_at.desc(), InboxEvent.id.desc())
    went = _outgoing(conversation_id).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
    if until:
        came = came.where(places.earlier(InboxEvent.received_at, InboxEvent.id, places.INCOMING, until))
        went = went.where(places.earlier(OutboxMessage.created_at, OutboxMessage.id, places.OUTGOING, until))
    rows = _merged(came.limit(limit + 1), went.limit(limit + 1))
    shown = rows[-limit:]
    more = len(rows) > limit
    return Page(
        tuple(_lines(conversation_id, shown)), places.cursor(places.place_of(shown[0])) if more else None
    )


def up_to(conversation_id: int, cursor: str, *, limit: int = 50) -> tuple[Line, ...]:
    """The line at a cursor and those before it; none when the cursor is invalid."""
    place = places.read_cursor(cursor)
    if place is None:
        return ()
    at, side, number = place
    return page(conversation_id, before=places.cursor((at, side, number + 1)), limit=limit).lines


def since(conversation_id: int, cursor: str, *, limit: int = 50) -> tuple[Line, ...]:
    """The lines after a cursor, for a page that is open."""
    after = places.read_cursor(cursor)
    if after is None:
        return page(conversation_id, limit=limit).lines
    came = _incoming(conversation_id).where(
        places.later(InboxEvent.received_at, InboxEvent.id, places.INCOMING, after)
    )
    went = _outgoing(conversation_id).where(
        places.later(OutboxMessage.created_at, OutboxMessage.id, places.OUTGOING, after)
    )
    rows = _merged(
        came.order_by(InboxEvent.received_at, InboxEvent.id).limit(limit),
        went.order_by(OutboxMessage.created_at, OutboxMessage.id).limit(limit),
    )
    return tuple(_lines(conversation_id, rows[:limit]))


def customer_spoke_since(conversation_id: int, cursor: str) -> bool:
    """Whether the customer wrote or sent anything after a cursor."""
    no_words = ("tap", "followed", "blocked", "unsent")
    return any(line.who == CUSTOMER and line.kind not in no_words for line in since(conversation_id, cursor))


def cursor_of(conversation_id: int, event_id: int) -> str | None:
    """The cursor of the line of that inbox event in this chat; None when there is none.

    For a reply of staff, the place where it was sent, once it was.
    """
    row: InboxEvent | None = InboxEvent.get_or_none(
        InboxEvent.id == event_id, InboxEvent.conversation == conversation_id
    )
    if row is not None and row.source == STAFF_REPLIED and row.state == DONE:
        went = _outgoing(conversation_id).where(
            OutboxMessage.cause == row.event_id, OutboxMessage.created_at >= row.received_at
        )
        return next((places.cursor(places.place_of(sent)) for sent in went.limit(1)), None)
    return places.cursor(places.place_of(row)) if row is not None else None


def texts_of(conversation_id: int, message_id: str) -> list[str]:
    """Every wording that a customer's message has had, even if it was unsent since."""
    rows = InboxEvent.select(InboxEvent.body).where(
        InboxEvent.conversation == conversation_id,
        InboxEvent.source == "line",
        InboxEvent.body.contains(f'"{message_id}"'),
    )
    events = [read_object(row.body) for row in rows]
    whats = [said(event, {}) for event in events]
    first = [what.text for what in whats if what and what.kind == "text" and what.message_id == message_id]
    changed = [words for number, words in filter(None, map(edit, events)) if number == message_id]
    return first + changed


def _incoming(conversation_id: int) -> Any:
    """Events of LINE, and staff's replies that no handler has taken yet."""
    pending_reply = (InboxEvent.source == STAFF_REPLIED) & (InboxEvent.state != DONE)
    return InboxEvent.select().where(
        InboxEvent.conversation == conversation_id, (InboxEvent.source == "line") | pending_reply
    )


def _outgoing(conversation_id: int) -> Any:
    return OutboxMessage.select().where(
        OutboxMessage.conversation == conversation_id,
        OutboxMessage.kind.in_(outbox.SHOWN),
        OutboxMessage.state != DISSOLVED,
        ~OutboxMessage.cause.startswith(outbox.PRIVATE),
    )


def _merged(came: Iterable[InboxEvent], went: Iterable[OutboxMessage]) -> list[InboxEvent | OutboxMessage]:
    return sorted([*came, *went], key=places.place_of)


def _lines(conversation_id: int, rows: list[InboxEvent | OutboxMessage]) -> Iterator[Line]:
    changes = _changes(conversation_id, places.place_of(rows[0])[0]) if rows else _Changes(frozenset(), {})
    labels = _labels(conversation_id, rows)
    for row in rows:
        if isinstance(row, OutboxMessage):
            yield from _sent_lines(row)
        elif row.source == STAFF_REPLIED:
            yield from _reply_not_handled_yet(row)
        else:
            line = _received_line(row, labels)
            if line and not (line.message_id and line.message_id in changes.unsent_ids):
                yield _as_it_is_now(line, changes)


_WITH_CONTENT = ("image", "video", "audio", "file")


def _received_line(row: InboxEvent, labels: dict[str, str]) -> Line | None:
    what = said(read_object(row.body), labels)
    if what is None:
        return None
    return Line(
        *(
            places.cursor(places.place_of(row)),
            row.received_at,
            CUSTOMER,
            what.kind,
            what.text,
            RECEIVED,
            what.message_id,
        ),
        channel=row.channel,
    )


def _reply_not_handled_yet(row: InboxEvent) -> Iterator[Line]:
    """Its text, and what is attached to it; a gift is shown once it is given."""
    body = read_object(row.body)
    staff_id = body.get("staff_id")
    line = Line(
        places.cursor(places.place_of(row)),
        row.received_at,
        STAFF,
        "text",
        text_of(body, "text"),
        FAILED if row.state == PARKED else QUEUED,
        staff_id=staff_id if isinstance(staff_id, int) else None,
        problem=row.error or "",
    )
    files = attachments.of_reply(row.event_id) if body.get("attachments") else []
    if line.text or not files:
        yield line
    for each in files:
        what = in_words({"type": each.media.kind})
        yield replace(line, kind=what.kind, text=what.text, message_id=each.media.message_id)


def _sent_lines(row: OutboxMessage) -> Iterator[Line]:
    who = BOT if row.staff_id is None else STAFF
    state = _STATES.get(row.state, QUEUED)
    if row.state == delivery.PARKED and row.doubt.is_any:
        state = UNKNOWN
    problem = (row.line_answer or "") if state in (FAILED, UNKNOWN) else ""
    for message in _messages(row):
        what = in_words(message)
        yield Line(
            *(places.cursor(places.place_of(row)), row.created_at, who, what.kind, what.text, state),
            message_id=_attached(message) if who == STAFF else "",
            staff_id=row.staff_id,
            problem=problem,
            channel=row.channel,
        )


def _attached(message: dict[str, Any]) -> str:
    """The id under which `bot.files.media` has the file that a message of staff shows; empty for others."""
    tokens = addresses.tokens_in(json.dumps(message)) if message.get("type") in _WITH_FILES else []
    return attachments.MESSAGE_ID_PREFIX + tokens[0] if tokens else ""


_WITH_FILES = ("image", "video", "flex")


@dataclass(frozen=True, slots=True)
class _Changes:
    """What the customer edited or unsent."""

    unsent_ids: frozenset[str]
    words: dict[str, str]
    """The newest words by the message's id."""


def _changes(conversation_id: int, since_at: datetime) -> _Changes:
    """The edits and unsendings since that moment; they come after their message."""
    body = InboxEvent.body
    rows = (
        InboxEvent.select(body)
        .where(InboxEvent.conversation == conversation_id, InboxEvent.source == "line")
        .where(InboxEvent.received_at >= since_at)
        .where(body.contains('"unsend"') | body.contains('"messageEdited"'))
        .order_by(InboxEvent.received_at, InboxEvent.id)
    )
    events = [read_object(row.body) for row in rows]
    return _Changes(
        frozenset(filter(None, (unsent_id(event) for event in events))),
        dict(filter(None, (edit(event) for event in events))),
    )


def _as_it_is_now(line: Line, changes: _Changes) -> Line:
    if line.kind == "text" and line.message_id in changes.words:
        line = replace(line, text=changes.words[line.message_id], edited=True)
    return line if line.kind in _WITH_CONTENT else replace(line, message_id="")


def _labels(conversation_id: int, rows: list[InboxEvent | OutboxMessage]) -> dict[str, str]:
    """What this chat's buttons say, by their data, since LINE reports only the data of a tap."""
    if not any(isinstance(row, InboxEvent) and '"postback"' in row.body for row in rows):
        return {}
    sent = _outgoing(conversation_id).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
    earlier = sent.where(OutboxMessage.created_at <= places.place_of(rows[-1])[0]).limit(100)
    return {
        data: label
        for row in reversed(list(earlier))
        for message in _messages(row)
        for data, label in choices_offered(message)
    }


def _messages(row: OutboxMessage) -> list[dict[str, Any]]:
    try:
        messages = read_json(row.messages)
    except ValueError:
        return []
    listed = messages if isinstance(messages, list) else []
    return [message for message in listed if isinstance(message, dict)]
