"""A stored event is parsed into one of the product's types, however strange it is, and keeps its customer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import localtime
from bot.routing import events
from bot.routing.claimed import Claimed
from bot.routing.events import (
    Followed,
    InternalEvent,
    LocationReceived,
    MediaReceived,
    PostbackReceived,
    StickerReceived,
    TextReceived,
    Unfollowed,
    Unknown,
    Unsent,
)

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


def claimed(body: Any, source: str = "line", **columns: Any) -> Claimed:
    base: dict[str, Any] = {
        **{"id": 1, "event_id": "e1", "conversation_id": 2, "source": source, "attempt_count": 0},
        **{"occurred_at": NOON, "received_at": NOON, "line_user_id": "U1"},
        **{"exchange_kind": None, "exchange_data": None, "exchange_until": None},
    }
    return Claimed(**base | {"body": body if isinstance(body, str) else json.dumps(body)} | columns)


def message(**fields: Any) -> dict[str, Any]:
    return {"type": "message", "replyToken": "t", "message": fields}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (message(type="text", id="1", text="やあ"), TextReceived),
        (message(type="text", id="1"), MediaReceived),
        (message(type="sticker", id="1", keywords=["Thanks"]), StickerReceived),
        (message(type="sticker", id="1", stickerResourceType="HOLOGRAM", keywords=5), StickerReceived),
        (message(type="image", id="1"), MediaReceived),
        (message(type="video", id="1"), MediaReceived),
        (message(type="audio", id="1"), MediaReceived),
        (message(type="file", id="1"), MediaReceived),
        (message(type="location", id="1"), LocationReceived),
        (message(type="smell", id="1"), MediaReceived),
        ({"type": "message", "message": "text"}, MediaReceived),
        ({"type": "postback", "postback": {"data": "nps.score?score=9"}}, PostbackReceived),
        ({"type": "postback", "postback": None}, PostbackReceived),
        ({"type": "follow", "follow": {"isUnblocked": True}}, Followed),
        ({"type": "follow"}, Followed),
        ({"type": "unfollow"}, Unfollowed),
        ({"type": "unsend", "unsend": {"messageId": "1"}}, Unsent),
        ({"type": "membership"}, Unknown),
        ({"type": "tomorrow's"}, Unknown),
        ({"type": 5}, Unknown),
        ({}, Unknown),
        ([], Unknown),
        ("not JSON", Unknown),
        ("[" * 50_000, Unknown),
    ],
)
def test_every_event_has_a_type_and_keeps_its_customer(body: Any, kind: type[events.Event]) -> None:
    event = events.read(claimed(body))
    assert type(event) is kind
    assert event.user_id == "U1"


def test_what_no_database_stores_is_taken_out_of_texts() -> None:
    event = events.read(claimed(message(type="text", id="1", text="a\0b\ud83cc🍵")))
    assert isinstance(event, TextReceived)
    assert event.text == "ab?c🍵"


def test_an_event_of_a_group_is_nobodys() -> None:
    event = events.read(claimed(message(type="text", id="1", text="やあ"), line_user_id=None))
    assert isinstance(event, Unknown)


def test_an_event_of_our_own_keeps_its_kind_and_data() -> None:
    event = events.read(claimed({"type": "order.received", "order": 5}, "order.received", line_user_id=None))
    assert isinstance(event, InternalEvent)
    assert (event.kind, event.data["order"]) == ("order.received", 5)


def test_the_reply_token_lives_for_less_than_lines_minute() -> None:
    event = events.read(claimed(message(type="text", id="1", text="やあ")))
    assert event.reply_token == "t"
    assert event.reply_until - NOON < timedelta(minutes=1)


def test_an_exchange_is_remembered_until_it_expires() -> None:
    row = claimed(
        message(type="text", id="1", text="やあ"),
        exchange_kind="nps.comment",
        exchange_data='{"answer": 3}',
        exchange_until=NOON + timedelta(hours=3),
    )
    with localtime.fixed(NOON + timedelta(hours=2)):
        exchange = events.read(row).exchange
        assert exchange is not None
        assert (exchange.kind, exchange.data) == ("nps.comment", {"answer": 3})
    with localtime.fixed(NOON + timedelta(hours=3)):
        assert events.read(row).exchange is None
