"""Who is a friend of the second LINE account, and what belongs to which account; on both databases."""

import json
from datetime import UTC, datetime, timedelta

import peewee
import pytest
from werkzeug.test import Client

from bot import conversations, localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.line.channels import MAIN, SUPPORT
from bot.line.month import Month
from bot.queue import inbox, month_quota, outbox, spare_tokens, support_friends
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.web.webhook import application, signature

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAID = [{"type": "text", "text": "やあ"}]
SECRET = "second-secret"


@pytest.fixture(autouse=True)
def _two_accounts(any_database: peewee.Database) -> None:
    """A shop with a second account; every test here runs on SQLite and on PostgreSQL."""
    second = {"line_support_channel_secret": SECRET, "line_support_channel_access_token": "t"}
    bot_settings.use(bot_settings.current().model_copy(update=second))


@pytest.fixture
def who() -> int:
    with write_transaction():
        return conversations.ensure("U" + "a" * 32)


def test_friends_come_leave_and_come_back(who: int) -> None:
    with localtime.fixed(NOW), write_transaction():
        assert not support_friends.is_friend(who)
        assert support_friends.follow(who, NOW)
        assert not support_friends.follow(who, NOW + HOUR), "known already"
        assert (support_friends.is_friend(who), support_friends.count()) == (True, 1)
        support_friends.leave(who, NOW - HOUR)
        assert support_friends.is_friend(who), "the block was before the follow"
        support_friends.leave(who, NOW + HOUR)
        assert (support_friends.is_friend(who), support_friends.count()) == (False, 0)
        assert not support_friends.follow(who, NOW), "the follow was before the block"
        assert support_friends.follow(who, NOW + 2 * HOUR)
        support_friends.forget(who)
        assert not support_friends.is_friend(who)


def test_an_invitation_makes_no_friend_and_comes_once_in_a_while(who: int) -> None:
    with localtime.fixed(NOW), write_transaction():
        assert support_friends.may_invite(who, NOW - HOUR)
        support_friends.record_invited(who)
        assert not support_friends.is_friend(who)
        assert not support_friends.may_invite(who, NOW - HOUR)
        assert support_friends.may_invite(who, NOW + HOUR)
        assert support_friends.follow(who, NOW)
        assert not support_friends.may_invite(who, NOW + HOUR)


def test_only_friends_of_an_account_that_is_set_up_are_written_to_from_it(who: int) -> None:
    with write_transaction():
        outbox.push_individually(who, SAID, cause="stranger")
        support_friends.follow(who, NOW)
        outbox.push_individually(who, SAID, cause="friend")
        outbox.push(who, SAID, cause="shop")
    without = {"line_support_channel_secret": None, "line_support_channel_access_token": None}
    bot_settings.use(bot_settings.current().model_copy(update=without))
    with write_transaction():
        outbox.push_individually(who, SAID, cause="not set up")
    assert {row.cause: row.channel for row in OutboxMessage.select()} == {
        "stranger": MAIN,
        "friend": SUPPORT,
        "shop": MAIN,
        "not set up": MAIN,
    }


def test_each_account_has_a_webhook_of_its_own() -> None:
    client, body = Client(application), json.dumps({"events": [{"webhookEventId": "e1"}]}).encode()
    main, second = (signature(body, each) for each in (bot_settings.current().line_channel_secret, SECRET))
    for path, given, status in (
        ("/callback", second, 401),
        ("/callback/support", main, 401),
        ("/callback", main, 200),
        ("/callback/support", second, 200),
        ("/callback/support", second, 200),
    ):
        assert client.post(path, data=body, headers={"x-line-signature": given}).status_code == status
    assert [(row.event_id, row.channel) for row in InboxEvent.select().order_by(InboxEvent.id)] == [
        ("e1", MAIN),
        ("support:e1", SUPPORT),
    ]
    with write_transaction():
        assert {each.channel for each in inbox.claim(5)} == {MAIN, SUPPORT}


def test_a_reply_token_is_of_its_account_alone(who: int) -> None:
    for channel in (MAIN, SUPPORT):
        body = json.dumps({"type": "message", "replyToken": f"of-{channel}"})
        key = "U" + "a" * 32
        at = localtime.now()
        with write_transaction():
            inbox.store([inbox.NewEvent(channel, key, key, "line", body, at, at, channel)])
    for channel in (MAIN, SUPPORT):
        found = spare_tokens.newest(who, channel)
        assert found is not None
        assert found.reply_token == f"of-{channel}"


def test_each_account_has_a_month_of_its_own(who: int) -> None:
    with write_transaction():
        month_quota.keep(Month(200, 10))
        month_quota.keep(Month(5000, 40), SUPPORT)
        support_friends.follow(who, NOW)
        outbox.push_individually(who, SAID, cause="friend")
        OutboxMessage.update(state="sent", sent_as="push", sent_at=localtime.now()).execute()
        assert month_quota.this_month() == Month(200, 10)
        assert month_quota.this_month(SUPPORT) == Month(5000, 41)
        month_quota.keep(Month(200, 11))
    assert (month_quota.left(), month_quota.left(SUPPORT)) == (189, 4959)
