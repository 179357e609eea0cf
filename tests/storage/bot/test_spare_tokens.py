"""A reply token that the bot did not use makes a prompt reply of staff free; on both databases."""

from datetime import timedelta

import peewee
import pytest

from bot import localtime
from bot.queue import spare_tokens
from tests.console import chats

TEXT = {"type": "text", "text": "いますか", "id": "1"}


@pytest.fixture(autouse=True)
def _both_databases(any_database: peewee.Database) -> None:
    """Every test here runs on SQLite and on PostgreSQL."""


def test_the_newest_unused_token_is_found() -> None:
    who = chats.customer("田中")
    for token in ("first", "second"):
        chats.came(who, {"type": "message", "replyToken": token, "message": TEXT})
    found = spare_tokens.newest(who.conversation_id or 0)
    assert found is not None
    assert found.reply_token == "second"


def test_a_token_that_was_answered_with_is_not_spare() -> None:
    who = chats.customer("田中")
    chats.came(who, {"type": "message", "replyToken": "used", "message": TEXT})
    chats.said(who, [{"type": "text", "text": "はい"}], reply_token="used")
    assert spare_tokens.newest(who.conversation_id or 0) is None


def test_a_token_older_than_its_minute_is_not_spare() -> None:
    who = chats.customer("田中")
    chats.came(who, {"type": "message", "replyToken": "old", "message": TEXT})
    with localtime.fixed(localtime.now() + timedelta(minutes=2)):
        assert spare_tokens.newest(who.conversation_id or 0) is None
