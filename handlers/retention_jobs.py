"""The clock's deletion of what has been stored long enough (`customers/retention/settings.py`), some rows in each run.

Rows stay with their ids, times and counts, so that figures do not change; their content goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.files import media, storage
from bot.files.media import Media
from bot.line.delivery import DUE, HELD, IN_A_CALL
from bot.queue.inbox import DONE, LINE, InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.routing.event_kinds import STAFF_REPLIED
from customers.erasure import marks
from customers.retention import cursor
from customers.retention.settings import RetentionRules
from support.transcript import search

ROWS_AT_ONCE = 500
EMPTY = "{}"


def forget_old() -> int:
    """Empty some old rows of each kind, oldest first; how many were looked at."""
    rules = shop.get(RetentionRules)
    kinds: tuple[tuple[str, int, Any, Any, Callable[[list[int]], None]], ...] = (
        ("transcripts", rules.transcript_days, InboxEvent, InboxEvent.received_at, _forget_transcripts),
        ("raw events", rules.raw_event_days, InboxEvent, InboxEvent.received_at, _forget_raw_events),
        ("media", rules.media_days, Media, Media.received_at, _forget_media),
        ("sent", rules.send_record_days, OutboxMessage, OutboxMessage.created_at, _forget_sent),
    )
    count = sum(_forget(*each) for each in kinds)
    with write_transaction():
        return count + marks.forget_old()


def _forget(name: str, days: int, model: Any, at: Any, empty: Callable[[list[int]], None]) -> int:
    if not days:
        return 0
    before: datetime = localtime.now() - timedelta(days=days)
    query = model.select(model.id, at).where(model.id > cursor.position(name)).order_by(model.id)
    rows = list(query.limit(ROWS_AT_ONCE).tuples())
    old: list[int] = []
    for row_id, moment in rows:
        if moment >= before:
            break
        old.append(row_id)
    if old:
        with write_transaction():
            empty(old)
            cursor.advance(name, old[-1])
    return len(old)


def _is_message() -> Any:
    """Whether an event is part of a transcript."""
    from_line = (InboxEvent.source == LINE) & InboxEvent.body.contains('"message"')
    return from_line | (InboxEvent.source == STAFF_REPLIED)


def _forget_transcripts(ids: list[int]) -> None:
    some = InboxEvent.id.in_(ids) & (InboxEvent.state == DONE) & _is_message()
    query: Any = InboxEvent.select(InboxEvent.id).where(some).tuples()
    found = [each for (each,) in query]
    search.forget(found)
    InboxEvent.update(body=EMPTY, error=None).where(InboxEvent.id.in_(found)).execute()


def _forget_raw_events(ids: list[int]) -> None:
    some = InboxEvent.id.in_(ids) & (InboxEvent.state == DONE) & ~_is_message()
    InboxEvent.update(body=EMPTY, error=None).where(some).execute()


def _forget_media(ids: list[int]) -> None:
    for row in Media.select().where(Media.id.in_(ids), Media.state == media.STORED):
        storage.discard_later(row.key)
    Media.update(state=media.GONE, gone_because=media.TOO_OLD, file_name=None, stored_at=None).where(
        Media.id.in_(ids), Media.state != media.GONE
    ).execute()


def _forget_sent(ids: list[int]) -> None:
    settled = OutboxMessage.id.in_(ids) & OutboxMessage.state.not_in((DUE, HELD, IN_A_CALL))
    OutboxMessage.update(messages="[]", reply_token=None, line_answer=None).where(settled).execute()
