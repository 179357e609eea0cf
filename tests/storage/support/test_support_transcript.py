"""The transcript: incoming and outgoing messages as one conversation, the same in pages of any size."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee
import pytest

from bot import conversations, localtime
from bot.db import database
from bot.line import delivery
from bot.line import messages as line
from bot.queue import inbox, outbox
from support.transcript import transcript

NOON = datetime(2026, 10, 5, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def transaction(any_database: peewee.Database) -> Iterator[None]:
    with database.write_transaction():
        yield


class Chat:
    """A customer's chat, with one line a second."""

    def __init__(self, key: str = "U1") -> None:
        self.key = key
        self.id = conversations.ensure(key, key)
        self.at = NOON

    def came(self, **body: Any) -> None:
        event_id = f"{self.key}-{self.at.isoformat()}"
        content = json.dumps({"mode": "active", **body})
        inbox.store([inbox.NewEvent(event_id, self.key, self.key, "line", content, self.at, self.at)])
        self.at += timedelta(seconds=1)

    def message(self, **message: Any) -> None:
        self.came(type="message", message={"id": str(self.at.timestamp()), **message})

    def went(self, *messages: line.Message, staff_id: int | None = None, state: str = delivery.SENT) -> None:
        with localtime.fixed(self.at):
            outbox.push(self.id, list(messages), cause="test")
        row = outbox.OutboxMessage.select().order_by(outbox.OutboxMessage.id.desc()).get()
        row.staff_id, row.state, row.line_answer = staff_id, state, "no such customer"
        row.save()
        self.at += timedelta(seconds=1)

    def read(self) -> list[tuple[str, str, str]]:
        return [(row.who, row.kind, row.text) for row in transcript.page(self.id).lines]


def test_a_conversation_reads_as_it_was() -> None:
    chat = Chat()
    chat.came(type="follow", follow={"isUnblocked": False})
    chat.message(type="text", text="こんにちは")
    chat.went(line.text("はじめまして"), line.flex("アンケート", {"type": "bubble"}))
    chat.message(type="sticker", keywords=["Love You"], text="")
    chat.message(type="image")
    chat.message(type="location", title="自宅", address="東京都港区")
    chat.message(type="hologram")
    chat.went(line.text("スタッフの田中です"), staff_id=7)
    chat.came(type="unfollow")
    chat.came(type="videoPlayComplete")
    assert chat.read() == [
        ("customer", "followed", "友だちに追加しました"),
        ("customer", "text", "こんにちは"),
        ("bot", "text", "はじめまして"),
        ("bot", "card", "アンケート"),
        ("customer", "sticker", "スタンプ（Love You）"),
        ("customer", "image", "写真"),
        ("customer", "location", "位置情報（自宅 東京都港区）"),
        ("customer", "other", "この画面では表示できないメッセージ"),
        ("staff", "text", "スタッフの田中です"),
        ("customer", "blocked", "ブロックしました"),
    ]


def test_a_picture_can_be_fetched_by_its_id() -> None:
    chat = Chat()
    chat.came(type="message", message={"type": "image", "id": "325708"})
    assert transcript.page(chat.id).lines[0].message_id == "325708"


def test_a_tap_reads_as_the_button_that_was_sent() -> None:
    chat = Chat()
    tap = line.postback("9", "nps.score", "9点", i=3, s=9)
    chat.went(line.flex("質問", line.bubble([line.button(tap)])))
    chat.came(type="postback", postback={"data": tap["data"]})
    chat.came(type="postback", postback={"data": "of=another&chat=1"})
    assert [text for who, _, text in chat.read() if who == "customer"] == ["9点", "ボタンをタップしました"]


def test_what_was_taken_back_is_not_shown() -> None:
    chat = Chat()
    chat.came(type="message", message={"type": "text", "id": "11", "text": "ひみつ"})
    chat.came(type="message", message={"type": "text", "id": "12", "text": "のこる"})
    chat.came(type="unsend", unsend={"messageId": "11"})
    assert [text for _, _, text in chat.read()] == ["のこる", "メッセージの送信を取り消しました"]


def test_what_was_changed_is_shown_as_it_is_now() -> None:
    chat = Chat()
    chat.came(type="message", message={"type": "text", "id": "11", "text": "3個ください"})
    chat.message(type="text", text="おねがいします")
    for words in ("4個ください", "5個ください"):
        chat.came(type="messageEdited", message={"type": "text", "id": "11", "text": words})
    assert [text for _, _, text in chat.read()] == [
        "5個ください",
        "おねがいします",
        *["メッセージを編集しました"] * 2,
    ]
    assert [line.edited for line in transcript.page(chat.id).lines] == [True, False, False, False]
    chat.came(type="unsend", unsend={"messageId": "11"})
    assert "5個ください" not in [text for _, _, text in chat.read()]


@pytest.mark.parametrize(
    ("state", "shown", "problem"),
    [
        (delivery.DUE, "queued", ""),
        (delivery.HELD, "held", ""),
        (delivery.SENT, "sent", ""),
        (delivery.PARKED, "failed", "no such customer"),
    ],
)
def test_what_became_of_an_answer_is_seen(state: str, shown: str, problem: str) -> None:
    chat = Chat()
    chat.went(line.text("お返事です"), staff_id=7, state=state)
    row = transcript.page(chat.id).lines[0]
    assert (row.state, row.staff_id, row.problem) == (shown, 7, problem)


def test_an_answer_of_staff_is_seen_before_it_is_handled_and_once_after() -> None:
    chat = Chat()
    inbox.put("staff.replied", "reply-1", chat.key, {"text": "お待たせしました", "staff_id": 7})
    (row,) = transcript.page(chat.id).lines
    assert (row.who, row.text, row.state, row.staff_id) == ("staff", "お待たせしました", "queued", 7)
    inbox.InboxEvent.update(state=inbox.DONE).execute()
    chat.went(line.text("お待たせしました"), staff_id=7)
    assert [(row.text, row.state) for row in transcript.page(chat.id).lines] == [("お待たせしました", "sent")]


def test_other_events_and_other_chats_are_no_part_of_it() -> None:
    chat, other = Chat("U1"), Chat("U2")
    inbox.put("order.received", "order-1", "U1", {"order": 1})
    other.message(type="text", text="別の人です")
    assert chat.read() == []


def test_pages_join_without_gap_or_double() -> None:
    chat = Chat()
    for number in range(12):
        chat.message(type="text", text=f"問{number}")
        if number % 2:
            chat.at -= timedelta(seconds=1)  # the reply in the same moment as the question
        chat.went(line.text(f"答{number}"))
    whole = [row.text for row in transcript.page(chat.id, limit=100).lines]
    assert whole == [word for number in range(12) for word in (f"問{number}", f"答{number}")]
    for limit in (1, 2, 3, 5, 24):
        pages: list[str] = []
        before = None
        while True:
            page = transcript.page(chat.id, before=before, limit=limit)
            pages = [row.text for row in page.lines] + pages
            before = page.older_cursor
            if before is None:
                break
        assert pages == whole


def test_a_page_that_is_open_gets_what_is_new() -> None:
    chat = Chat()
    chat.message(type="text", text="一")
    chat.went(line.text("二"))
    for last in transcript.page(chat.id).lines:
        chat_after = [row.text for row in transcript.since(chat.id, last.cursor)]
        assert chat_after == (["二"] if last.text == "一" else [])
    assert [row.text for row in transcript.since(chat.id, "nonsense")] == ["一", "二"]


def test_a_broken_event_costs_nobody_the_rest() -> None:
    chat = Chat()
    chat.message(type="text", text="まえ")
    for body in (
        "not json",
        "[1]",
        '{"type":"message"}',
        '{"type":"message","message":{"type":"text","text":5}}',
    ):
        inbox.store([inbox.NewEvent(body, "U1", "U1", "line", body, chat.at, chat.at)])
    assert [text for _, kind, text in chat.read() if kind == "text"] == ["まえ", ""]
