"""The real client and sender against the simulated LINE while it fails, hangs, drops calls or refuses."""

import time
from collections.abc import Iterator
from datetime import timedelta

import peewee
import pytest

from bot import localtime
from bot.config import settings as bot_settings
from bot.conversations import ensure
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.line.delivery import HELD, PARKED, SENT
from bot.line.messages import Message, text
from bot.queue import outbox
from bot.queue.outbox import OutboxMessage
from bot.routing.events import TextReceived
from bot.worker import worker
from bot.worker.sender import Sender
from demo.line.faults import FaultKind
from demo.phone.client import Handset
from demo.phone.platform import Platform, create_platform


@pytest.fixture
def platform(settings: bot_settings.Settings, any_database: peewee.Database) -> Iterator[Platform]:
    with create_platform(
        channel_secret=settings.line_channel_secret,
        access_token=settings.line_channel_access_token,
        deliver=lambda _raw, _headers: 200,
        quota=5,
    ) as made:
        yield made


@pytest.fixture
def sender(
    settings: bot_settings.Settings, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sender]:
    monkeypatch.setattr(
        "bot.line.delivery.FIRST_WAIT", timedelta(seconds=0.1)
    )  # 0.1 s, so that tests need not wait
    given = settings.model_copy(update={"line_api_url": platform.url, "line_data_api_url": platform.url})
    made = Sender(LineClient(given, answer_seconds=0.4), thread_count=2)
    yield made
    made.stop()


@pytest.fixture
def hanako(platform: Platform) -> Handset:
    made = platform.handset("花子")
    made.follow()
    platform.settle()
    return made


def says(platform: Platform, who: Handset, words: str) -> TextReceived:
    """The customer writes; the event as the worker would get it."""
    who.say(words)
    platform.settle()
    given = platform.channel.webhook_sender.attempts[-1].events[-1]
    now = localtime.now()
    return TextReceived(
        event_id=given["webhookEventId"],
        conversation_id=ensure(who.user_id),
        user_id=who.user_id,
        occurred_at=now,
        received_at=now,
        reply_token=given["replyToken"],
        text=words,
    )


def send(
    sender: Sender, *messages: Message, event: TextReceived | None = None, to: str = ""
) -> OutboxMessage:
    """Store the messages in the outbox, and work until all are settled."""
    with outbox.collect(sender.presence.key) as outgoing, write_transaction():
        if event:
            outbox.reply(event, list(messages))
        else:
            outbox.push(ensure(to), list(messages), cause="test")
    sender.send(outgoing)
    until = time.monotonic() + 10
    while (row := OutboxMessage.get_by_id(outgoing[0].id)).state == "due":
        assert time.monotonic() < until, f"still due after {row.attempt_count} tries: {row.line_answer}"
        time.sleep(0.02)
        sender.maintain()
        worker.sweep(sender)
    found: OutboxMessage = row
    return found


def heard(who: Handset) -> list[str]:
    return [str(message["text"]) for message in who.received()]


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.RATE_LIMIT, FaultKind.DROP, FaultKind.HANG])
def test_a_reply_arrives_once_whatever_happens_to_the_first_call(
    platform: Platform, sender: Sender, hanako: Handset, kind: FaultKind
) -> None:
    event = says(platform, hanako, "やあ")
    platform.faults.inject("reply", kind, seconds=0.8)
    row = send(sender, text("こんにちは"), event=event)
    time.sleep(0.8 if kind is FaultKind.HANG else 0)
    assert heard(hanako) == ["こんにちは"]
    assert row.state == SENT
    assert platform.channel.quota.used(platform.channel.clock()) == 0, "a reply is free"


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.RATE_LIMIT, FaultKind.DROP, FaultKind.HANG])
@pytest.mark.parametrize("times", [1, 3])
def test_a_push_arrives_once_and_is_paid_once(
    platform: Platform, sender: Sender, hanako: Handset, kind: FaultKind, times: int
) -> None:
    platform.faults.inject("push", kind, times=times, seconds=0.8)
    row = send(sender, text("お知らせ"), to=hanako.user_id)
    time.sleep(0.8 if kind is FaultKind.HANG else 0)
    assert heard(hanako) == ["お知らせ"]
    assert row.state == SENT
    assert len({call.retry_key for call in platform.calls if call.endpoint == "push"}) == 1
    assert platform.channel.quota.used(platform.channel.clock()) == 1


def test_a_reply_token_used_up_elsewhere_becomes_a_push(
    platform: Platform, sender: Sender, hanako: Handset
) -> None:
    event = says(platform, hanako, "やあ")
    platform.channel.tokens.use(event.reply_token or "")
    row = send(sender, text("こんにちは"), event=event)
    assert (row.state, row.sent_as) == (SENT, "push")
    assert heard(hanako) == ["こんにちは"]


def test_what_the_months_limit_holds_goes_out_when_there_is_room_again(
    platform: Platform, sender: Sender, hanako: Handset
) -> None:
    for number in range(5):
        send(sender, text(f"{number}"), to=hanako.user_id)
    row = send(sender, text("六通目"), to=hanako.user_id)
    assert row.state == HELD
    platform.channel.quota.limit = 100  # the owner takes a bigger plan
    sender.release_held_when_possible()
    worker.sweep(sender)
    until = time.monotonic() + 5
    while heard(hanako)[-1] != "六通目" and time.monotonic() < until:
        time.sleep(0.02)
    assert heard(hanako)[-1] == "六通目"


def test_on_a_plan_without_a_limit_what_was_held_goes_out_too(
    platform: Platform, sender: Sender, hanako: Handset
) -> None:
    for number in range(6):
        send(sender, text(f"{number}"), to=hanako.user_id)
    platform.channel.quota.limit = None
    sender.release_held_when_possible()
    assert OutboxMessage.select().where(OutboxMessage.state == HELD).count() == 0


def test_a_message_that_line_would_refuse_is_parked_with_its_answer(
    platform: Platform, sender: Sender, hanako: Handset
) -> None:
    row = send(sender, {"type": "text", "text": ""}, to=hanako.user_id)
    assert row.state == PARKED
    assert row.line_status == 400
    assert row.request_id
    assert heard(hanako) == []


def test_line_being_away_altogether_is_a_failed_try_and_no_crash(settings: bot_settings.Settings) -> None:
    nobody = LineClient(settings, answer_seconds=0.2)  # the settings of the tests point at a closed port
    answer = nobody.push("U1", [text("やあ")], "00000000-0000-4000-8000-000000000000")
    assert answer.status is None
    assert answer.unsure
    assert nobody.month_is_spent() is None
