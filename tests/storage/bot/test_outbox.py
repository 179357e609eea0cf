"""Outgoing messages are sent once, in each chat's order, by reply while that is free; also over a crash."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import conversations, localtime, notices
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.line.delivery import DROPPED, DUE, HELD, PARKED, SENT, Answer
from bot.line.messages import text
from bot.queue import outbox
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage, OutboxRow
from bot.routing import events
from bot.worker import worker
from bot.worker.sender import Sender
from tests.storage.inbox_scene import HANAKO, NOON, TARO, NoteTakingLine

REFUSED_TOKEN = Answer(400, '{"message":"Invalid reply token"}')
RATE = Answer(429, '{"message":"The API rate limit has been exceeded. Try again later."}')
MONTH = Answer(429, '{"message":"You have reached your monthly limit."}')
TIMEOUT = Answer(None, "ReadTimeoutError")
BROKEN = Answer(500, "Internal server error")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def line() -> NoteTakingLine:
    return NoteTakingLine()


@pytest.fixture
def sender(line: NoteTakingLine) -> Iterator[Sender]:
    made = Sender(line, thread_count=2, monotonic=lambda: localtime.now().timestamp())
    yield made
    made.stop()


DEAD = "a process that died"


def put_reply(words: str, key: str = HANAKO, holder: str = DEAD) -> list[OutboxRow]:
    chat = conversations.ensure(key)
    event = events.TextReceived(
        event_id=f"event-{words}",
        conversation_id=chat,
        user_id=key,
        occurred_at=NOON,
        received_at=NOON,
        reply_token=f"token-{words}",
        text="…",
    )
    with outbox.collect(holder) as outgoing, write_transaction():
        outbox.reply(event, [text(words)])
    return outgoing


def put_push(*sentences: str, key: str = HANAKO, holder: str = DEAD) -> list[OutboxRow]:
    chat = conversations.ensure(key)
    with outbox.collect(holder) as outgoing, write_transaction():
        for sentence in sentences:
            outbox.push(chat, [text(sentence)], cause=f"cause-{sentence}")
    return outgoing


def settle(sender: Sender) -> None:
    """Wait until what can be sent now has been, and is recorded."""
    until = time.monotonic() + 10
    while sender.backlog():
        assert time.monotonic() < until, "the sender does not come to rest"
        time.sleep(0.005)


def later(sender: Sender, seconds: float) -> None:
    """Run the sweeper, so many seconds past noon."""
    with localtime.fixed(NOON + timedelta(seconds=seconds)):
        sender.maintain()
        worker.sweep(sender)
        settle(sender)


def row() -> OutboxMessage:
    found: OutboxMessage = OutboxMessage.get()
    return found


def test_a_reply_goes_out_with_its_token(sender: Sender, line: NoteTakingLine) -> None:
    sender.send(put_reply("やあ", holder=sender.presence.key))
    settle(sender)
    assert line.calls == [("reply", "token-やあ", "やあ")]
    assert (row().state, row().sent_as, row().request_id) == (SENT, "reply", "request-1")
    assert row().sent_at == NOON


def test_a_reply_whose_token_is_too_old_goes_out_as_a_push(sender: Sender, line: NoteTakingLine) -> None:
    outgoing = put_reply("やあ", holder=sender.presence.key)
    with localtime.fixed(NOON + timedelta(seconds=56)):
        sender.send(outgoing)
        settle(sender)
    assert line.calls == [("push", HANAKO, "やあ")]
    assert (row().state, row().sent_as) == (SENT, "push")


def test_a_refused_token_that_was_never_tried_before_becomes_a_push_at_once(
    sender: Sender, line: NoteTakingLine
) -> None:
    line.answers.append(REFUSED_TOKEN)
    sender.send(put_reply("やあ", holder=sender.presence.key))
    settle(sender)
    assert [call[0] for call in line.calls] == ["reply", "push"]
    assert line.keys == [row().retry_key]
    assert (row().state, row().sent_as) == (SENT, "push")


@pytest.mark.parametrize("unclear", [BROKEN, TIMEOUT])
def test_a_reply_in_doubt_tries_its_token_once_more_and_its_refusal_is_good_news(
    sender: Sender, line: NoteTakingLine, unclear: Answer
) -> None:
    line.answers.extend([unclear, REFUSED_TOKEN])
    sender.send(put_reply("やあ", holder=sender.presence.key))
    settle(sender)
    assert (row().state, row().in_doubt) == (DUE, True)
    later(sender, 1)
    assert len(line.calls) == 1, "its second try is due after two seconds"
    later(sender, 2)
    assert [call[0] for call in line.calls] == ["reply", "reply"]
    assert (row().state, row().sent_as) == (SENT, "reply")


def test_a_reply_in_doubt_past_its_tokens_life_is_pushed(sender: Sender, line: NoteTakingLine) -> None:
    line.answers.append(TIMEOUT)
    sender.send(put_reply("やあ", holder=sender.presence.key))
    settle(sender)
    later(sender, 60)
    assert [call[0] for call in line.calls] == ["reply", "push"]


@pytest.mark.parametrize("unclear", [BROKEN, TIMEOUT, RATE])
def test_a_push_is_repeated_with_the_same_key_and_409_is_success(
    sender: Sender, line: NoteTakingLine, unclear: Answer
) -> None:
    line.answers.extend([unclear, unclear, Answer(409, '{"message":"The retry key is already accepted"}')])
    sender.send(put_push("お知らせ", holder=sender.presence.key))
    settle(sender)
    later(sender, 2)
    later(sender, 5)
    assert len(line.calls) == 2, "the third try is due four seconds after the second"
    later(sender, 6)
    assert len(line.calls) == 3
    assert set(line.keys) == {row().retry_key}
    assert (row().state, row().attempt_count, row().line_status) == (SENT, 3, 409)


def test_the_months_limit_holds_a_push_and_notifies_the_owner(sender: Sender, line: NoteTakingLine) -> None:
    line.spent = True
    line.answers.append(MONTH)
    sender.send(put_push("お知らせ", holder=sender.presence.key))
    settle(sender)
    assert row().state == HELD
    assert ["保留" in notice.sentence for notice in notices.current()] == [True]
    later(sender, 3600)
    sender.release_held_when_possible()
    assert row().state == HELD, "the month is still spent"
    line.spent = False
    sender.release_held_when_possible()
    assert notices.current() == []
    later(sender, 40 * 24 * 3600)
    assert (row().state, row().sent_as) == (SENT, "push")


def test_what_the_month_held_waits_for_the_morning(line: NoteTakingLine) -> None:
    is_daytime = False
    sender = Sender(line, thread_count=1, may_write_now=lambda: is_daytime)
    line.spent = True
    line.answers.append(MONTH)
    sender.send(put_push("お知らせ", holder=sender.presence.key))
    settle(sender)
    line.spent = False  # midnight: a new month

    sender.release_held_when_possible()
    assert row().state == HELD

    is_daytime = True
    sender.release_held_when_possible()
    assert row().state == DUE
    sender.stop()


def test_a_push_held_for_weeks_survives_a_bad_moment_of_lines(sender: Sender, line: NoteTakingLine) -> None:
    line.spent = True
    line.answers.extend([MONTH, BROKEN])
    sender.send(put_push("お知らせ", holder=sender.presence.key))
    settle(sender)
    line.spent = False
    sender.release_held_when_possible()
    weeks = 20 * 24 * 3600
    later(sender, weeks)
    assert row().state == DUE, "its key was never taken, so it is as good as new"
    later(sender, weeks + 10)
    assert row().state == SENT


@pytest.mark.parametrize(("figures", "state"), [(True, HELD), (False, DUE), (None, HELD)])
def test_the_figures_separate_the_two_kinds_of_429_and_the_words_where_there_are_none(
    sender: Sender, line: NoteTakingLine, figures: bool | None, state: str
) -> None:
    line.spent = figures
    line.answers.append(MONTH)
    sender.send(put_push("お知らせ", holder=sender.presence.key))
    settle(sender)
    assert row().state == state


@pytest.mark.parametrize("status", [400, 403, 404, 413, 415])
def test_any_other_refusal_parks_the_message_with_lines_answer(
    sender: Sender, line: NoteTakingLine, status: int
) -> None:
    line.answers.append(Answer(status, '{"message":"May not be empty"}'))
    sender.send(put_push("お知らせ", holder=sender.presence.key))
    settle(sender)
    assert (row().state, row().line_status, row().line_answer) == (
        PARKED,
        status,
        '{"message":"May not be empty"}',
    )
    assert f"manage.py outbox replay {row().id}" in notices.current()[0].sentence
    old_key = row().retry_key
    with write_transaction():
        assert outbox.replay(row().id)
        assert not outbox.replay(row().id), "it is no longer parked"
    later(sender, 1)
    assert row().state == SENT
    assert row().retry_key != old_key


def test_a_wrong_access_token_is_reported_once_however_many_messages_it_stops(
    sender: Sender, line: NoteTakingLine
) -> None:
    line.answers.extend([Answer(401)] * 3)
    sender.send(put_push("一", "二", "三", holder=sender.presence.key))
    settle(sender)
    (notice,) = notices.current()
    assert "LINE_CHANNEL_ACCESS_TOKEN" in notice.sentence
    assert [each.state for each in OutboxMessage.select()] == [PARKED] * 3


def test_nothing_is_pushed_to_a_customer_who_blocked_the_shop(sender: Sender, line: NoteTakingLine) -> None:
    outgoing = put_push("お知らせ", holder=sender.presence.key)
    conversations.block(outgoing[0].conversation_id)
    sender.send(outgoing)
    settle(sender)
    assert line.calls == []
    assert row().state == DROPPED


def test_one_chats_messages_leave_in_their_order(sender: Sender, line: NoteTakingLine) -> None:
    sentences = [str(number) for number in range(30)]
    sender.send(
        put_push(*sentences, holder=sender.presence.key)
        + put_push(*sentences, key=TARO, holder=sender.presence.key)
    )
    settle(sender)
    for key in (HANAKO, TARO):
        assert [call[2] for call in line.calls if call[1] == key] == sentences


def test_what_follows_a_message_that_must_wait_waits_with_it(sender: Sender, line: NoteTakingLine) -> None:
    line.answers.append(BROKEN)
    sender.send(put_push("一", "二", holder=sender.presence.key))
    settle(sender)
    sender.send(put_push("よその方に", key=TARO, holder=sender.presence.key))
    sender.send(put_push("三", holder=sender.presence.key))
    settle(sender)
    assert [call[2] for call in line.calls] == ["一", "よその方に"]
    later(sender, 2)
    assert [call[2] for call in line.calls] == ["一", "よその方に", "一", "二", "三"]


def test_a_profile_comes_back_as_an_event_with_the_reply_token(sender: Sender, line: NoteTakingLine) -> None:
    chat = conversations.ensure(HANAKO)
    event = events.Followed(
        event_id="f1",
        conversation_id=chat,
        user_id=HANAKO,
        occurred_at=NOON,
        received_at=NOON,
        reply_token="t",
    )
    with outbox.collect(sender.presence.key) as outgoing, write_transaction():
        outbox.request_profile(event, "greeting:f1")
    sender.send(outgoing)
    settle(sender)
    assert line.calls == [("profile", HANAKO)]
    learned = InboxEvent.get(InboxEvent.source == "profile.answer_received")
    assert learned.event_id == "profile:greeting:f1"
    assert learned.received_at == NOON
    assert json.loads(learned.body)["profile"] == {"displayName": "花子"}


def test_more_than_five_messages_in_one_call_are_refused_where_they_are_queued() -> None:
    chat = conversations.ensure(HANAKO)
    with pytest.raises(ValueError, match="LINE takes 5"), write_transaction():
        outbox.push(chat, [text("…")] * 6, cause="too many")
    with pytest.raises(ValueError, match="nothing to send"), write_transaction():
        outbox.push(chat, [], cause="nothing")
    with pytest.raises(RuntimeError):
        outbox.push(chat, [text("…")], cause="outside a transaction")
    assert Conversation.select().count() == 1
