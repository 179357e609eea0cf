"""What has been stored long enough loses its content; rows, times and counts stay."""

from datetime import timedelta

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.files.media import Media
from bot.line import messages
from bot.line.delivery import DROPPED
from bot.queue import inbox, outbox
from bot.queue.inbox import DONE, LINE, InboxEvent, NewEvent
from bot.queue.outbox import OutboxMessage
from handlers import register, retention_jobs
from support.transcript import search

LINE_ID = "U" + "a" * 32
OLD, NEW = timedelta(days=40), timedelta(days=5)


def came(event_id: str, body: str, ago: timedelta) -> int:
    at = localtime.now() - ago
    with write_transaction():
        inbox.store([NewEvent(event_id, LINE_ID, LINE_ID, LINE, body, at, at)])
        InboxEvent.update(state=DONE).execute()
        row = InboxEvent.get(InboxEvent.event_id == event_id)
        if "message" in body:
            search.add(row.id, row.conversation_id, "こんにちは", event_id)
    return int(row.id)


@pytest.fixture(autouse=True)
def _rules() -> None:
    register()
    days = ("transcript_days", "media_days", "raw_event_days", "send_record_days")
    shop.use({"retention": dict.fromkeys(days, 30)})


def bodies() -> dict[str, str]:
    return {row.event_id: row.body for row in InboxEvent.select()}


def test_old_messages_and_events_lose_their_content_and_new_ones_do_not() -> None:
    message, follow = '{"type": "message"}', '{"type": "follow"}'
    for name, ago in (("old", OLD), ("new", NEW)):
        came(f"{name} message", message, ago)
        came(f"{name} follow", follow, ago)
    assert retention_jobs.forget_old() == 4
    assert bodies() == {"old message": "{}", "old follow": "{}", "new message": message, "new follow": follow}
    assert [each.event_id for each in search.search("こんにちは").lines] == [
        InboxEvent.get(InboxEvent.event_id == "new message").id
    ]
    assert retention_jobs.forget_old() == 0


def test_each_kind_has_its_own_days() -> None:
    shop.use({"retention": {"transcript_days": 30, "raw_event_days": 0}})
    came("message", '{"type": "message"}', OLD)
    came("follow", '{"type": "follow"}', OLD)
    retention_jobs.forget_old()
    assert bodies() == {"message": "{}", "follow": '{"type": "follow"}'}


def test_what_was_sent_is_still_counted_and_what_waits_is_not_touched() -> None:
    with write_transaction():
        conversation = conversations.ensure(LINE_ID)
        sent = outbox.push(conversation, [messages.text("むかし")], cause="1")
        waits = outbox.push(conversation, [messages.text("これから")], cause="2")
        OutboxMessage.update(created_at=localtime.now() - OLD).execute()
        OutboxMessage.update(state=DROPPED).where(OutboxMessage.id == sent).execute()
    retention_jobs.forget_old()
    found = {row.id: row.messages for row in OutboxMessage.select()}
    assert found[sent] == "[]"
    assert "これから" in found[waits]


def test_old_pictures_go_with_their_files() -> None:
    with write_transaction():
        conversation = conversations.ensure(LINE_ID)
    Media.create(
        message_id="1",
        conversation=conversation,
        kind="image",
        state="kept",
        received_at=localtime.now() - OLD,
    )
    retention_jobs.forget_old()
    assert (Media.get().state, Media.get().gone_because) == ("gone", "too-old")
