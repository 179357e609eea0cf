"""POST /callback stores every event of LINE's before it answers 200, and nothing that is not LINE's."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import peewee
import psycopg2
import pytest
from werkzeug.test import Client, TestResponse

from bot import localtime
from bot.config import settings
from bot.conversations import Conversation
from bot.db import database
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.web.webhook import LARGEST_BODY_BYTES, application, signature, without_thread

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HANAKO, TARO = "U" + "a" * 32, "U" + "b" * 32
Post = Callable[..., TestResponse]


@pytest.fixture
def client(any_database: peewee.Database) -> Client:
    return Client(application)


@pytest.fixture
def post(client: Client) -> Post:
    def post(body: Any, header: str = "x-line-signature", signed: str | None = None) -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = signed if signed is not None else signature(raw, settings.current().line_channel_secret)
        with localtime.fixed(NOW):
            return client.post("/callback", data=raw, headers={header: given})

    return post


def said(text: Any, event_id: str = "", *, by: str = HANAKO, at: datetime = NOW) -> dict[str, Any]:
    return {
        "type": "message",
        "webhookEventId": event_id or f"event-{abs(hash(str(text)))}",
        "timestamp": int(at.timestamp() * 1000),
        "source": {"type": "user", "userId": by},
        "replyToken": "token",
        "mode": "active",
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": "1", "text": text, "quoteToken": "q"},
    }


def of(*events: Any, destination: Any = "U0") -> dict[str, Any]:
    return {"destination": destination, "events": list(events)}


def stored() -> list[str]:
    return [row.event_id for row in InboxEvent.select().order_by(InboxEvent.id)]


def test_an_event_is_stored_before_the_answer(post: Post) -> None:
    answer = post(of(said("こんにちは", "e1")))
    assert (answer.status_code, stored()) == (200, ["e1"])
    row = InboxEvent.get()
    assert row.conversation.key == row.conversation.line_user_id == HANAKO
    assert json.loads(row.body)["message"]["text"] == "こんにちは"


ONE = json.dumps({"destination": "U0", "events": [{"webhookEventId": "e1"}]}).encode()


@pytest.mark.parametrize(
    ("method", "body", "is_signed", "status"),
    [
        ("POST", ONE, True, 200),
        ("POST", b'{"events":[]}', True, 200),
        ("POST", ONE, False, 401),
        ("POST", b"no webhook", True, 400),
        ("POST", b"", False, 401),
        ("GET", b"", False, 405),
    ],
)
def test_the_answer_is_the_same_with_and_without_a_thread(
    client: Client, method: str, body: bytes, is_signed: bool, status: int
) -> None:
    given = signature(body, settings.current().line_channel_secret) if is_signed else ""
    scope = {
        "path": "/callback",
        "method": method,
        "headers": [(b"host", b"shop"), (b"x-line-signature", given.encode())],
    }
    with ThreadPoolExecutor(1) as pool:  # after a browser test, this thread has a loop of Playwright's
        without = pool.submit(lambda: asyncio.run(without_thread(scope, body))).result()
    stored_without, _ = stored(), InboxEvent.delete().execute()
    with_one = client.open("/callback", method=method, data=body, headers={"x-line-signature": given})
    assert without[0] == with_one.status_code == status
    assert without[2] == with_one.data
    assert {(name.decode(), value.decode()) for name, value in without[1]} == {
        (name.lower(), value) for name, value in with_one.headers
    }
    assert stored_without == stored()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = client.open("/callback", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_body_that_breaks_off_changes_nothing(client: Client) -> None:
    class BreaksOff(BytesIO):
        def readinto(self, _buffer: Any) -> int:
            raise ConnectionResetError

    answer = client.post("/callback", input_stream=BreaksOff(), environ_overrides={"CONTENT_LENGTH": "100"})
    assert answer.status_code == 400
    assert stored() == []


def test_the_verify_button_gets_200(post: Post) -> None:
    assert post(of()).status_code == 200
    assert stored() == []


@pytest.mark.parametrize(
    "given", ["", "x", "wrong" * 20, "署名", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
)
def test_a_wrong_signature_changes_nothing(post: Post, given: str) -> None:
    answer = post(of(said("やあ")), signed=given)
    assert answer.status_code == 401
    assert "LINE_CHANNEL_SECRET" in answer.text
    assert stored() == []


def test_a_missing_signature_changes_nothing(client: Client) -> None:
    assert client.post("/callback", json=of(said("やあ"))).status_code == 401
    assert stored() == []


@pytest.mark.parametrize("header", ["x-line-signature", "X-Line-Signature", "X-LINE-SIGNATURE"])
def test_the_headers_name_may_be_in_any_case(post: Post, header: str) -> None:
    assert post(of(said("やあ")), header).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="no body"),
        pytest.param(b"hello", id="not JSON"),
        pytest.param(b'{"events":[', id="half of it"),
        pytest.param(b"\xff\xfe{", id="not UTF-8"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"destination":"U0"}', id="no events"),
        pytest.param(b'{"events":{"0":{}}}', id="events that are no list"),
        pytest.param(b"[" * 100_000, id="nested a hundred thousand deep"),
        pytest.param(b'{"events":[' + b"[" * 900 + b"]" * 900 + b"]" * 2, id="nested and closed wrongly"),
    ],
)
def test_what_is_no_webhook_body_is_refused_with_a_reason(post: Post, raw: bytes) -> None:
    answer = post(raw)
    assert answer.status_code == 400
    assert answer.text.startswith("The body ")
    assert stored() == []


@pytest.mark.parametrize("depth", [100, 300, 900, 950, 980, 990, 1000])
def test_deep_nesting_is_stored_or_refused_but_never_breaks(post: Post, depth: int) -> None:
    raw = b'{"events":[{"x":' + b"[" * depth + b"]" * depth + b"}]}"
    assert post(raw).status_code in {200, 400}


@pytest.mark.parametrize("says_its_length", [True, False])
def test_no_more_is_read_than_the_largest_webhook(client: Client, says_its_length: bool) -> None:
    body = BytesIO(b" " * (LARGEST_BODY_BYTES + 1))
    length = str(LARGEST_BODY_BYTES + 1) if says_its_length else ""

    answer = client.post(
        "/callback",
        input_stream=body,
        environ_overrides={"CONTENT_LENGTH": length, "wsgi.input_terminated": True},
    )

    assert answer.status_code == (413 if says_its_length else 401)
    assert body.tell() == (0 if says_its_length else LARGEST_BODY_BYTES)


def test_a_hundred_events_of_the_longest_texts_are_one_webhook(post: Post) -> None:
    answer = post(of(*(said("😀" * 2_500, f"e{number}") for number in range(100))))

    assert answer.status_code == 200
    assert len(stored()) == 100


@pytest.mark.parametrize("destination", ["Usomebodyelse", None, 5])
def test_the_signature_is_the_authority_whatever_the_destination(post: Post, destination: Any) -> None:
    assert post(of(said("やあ", "e1"), destination=destination)).status_code == 200
    assert stored() == ["e1"]


STRANGE: list[Any] = [
    None,
    5,
    "event",
    [],
    {},
    {"webhookEventId": None},
    {"webhookEventId": "x" * 500, "source": 7},
    {"webhookEventId": "nul\0inside", "source": {"userId": "U\0"}},
    {"webhookEventId": "日本語", "source": {"userId": "花子"}},
    {"type": "hologram", "webhookEventId": "s1", "source": {"type": "planet", "planetId": "P1"}},
    {"type": "message", "webhookEventId": "s2", "timestamp": "soon", "source": {"type": "user"}},
    {"type": "message", "webhookEventId": "s3", "timestamp": 1e300, "source": {"userId": "U1"}, "message": 3},
    {"type": "message", "webhookEventId": "s4", "timestamp": float("nan"), "source": {"userId": ""}},
    {"type": "message", "webhookEventId": "s5", "timestamp": True, "source": {"userId": ["U1"]}},
    {"type": "join", "webhookEventId": "s6", "source": {"type": "group", "groupId": "C1", "userId": "U1"}},
    {"type": "message", "webhookEventId": "s7", "source": {"userId": "order:1"}},
]


@pytest.mark.parametrize("strange", STRANGE, ids=[str(each)[:40] for each in STRANGE])
def test_a_strange_event_is_stored_and_costs_no_neighbour(post: Post, strange: Any) -> None:
    assert post(of(said("前", "before"), strange, said("後", "after"))).status_code == 200
    ids = stored()
    assert len(ids) == 3
    assert {"before", "after"} <= set(ids)


def test_an_event_without_a_user_waits_in_a_line_of_its_own(post: Post) -> None:
    post(of({"type": "accountLink", "webhookEventId": "e1"}, {"type": "module", "webhookEventId": "e2"}))
    assert [row.key for row in Conversation.select().order_by(Conversation.id)] == ["none:e1", "none:e2"]


def test_an_event_comes_once_however_often_it_is_delivered(post: Post) -> None:
    once = said("一度だけ", "e1")
    again = once | {"deliveryContext": {"isRedelivery": True}}
    assert post(of(once, once, said("ほか", "e2"))).status_code == 200
    assert post(of(again)).status_code == 200
    assert stored() == ["e1", "e2"]
    assert InboxEvent.select().where(InboxEvent.body.contains('isRedelivery": true')).count() == 0


def test_even_an_event_without_an_id_comes_once(post: Post) -> None:
    once = said("名なし")
    del once["webhookEventId"]
    post(of(once))
    post(of(once | {"deliveryContext": {"isRedelivery": True}}))
    assert len(stored()) == 1


def test_the_moment_is_lines_but_never_in_the_future(post: Post) -> None:
    post(
        of(said("昔", "past", at=NOW - timedelta(days=1)), said("未来", "future", at=NOW + timedelta(days=1)))
    )
    moments = {row.event_id: row.occurred_at for row in InboxEvent.select()}
    assert moments == {"past": NOW - timedelta(days=1), "future": NOW}
    assert {row.received_at for row in InboxEvent.select()} == {NOW}


@pytest.mark.parametrize("text", ["🍵" * 5000, "a\0b", "\ud83c", "\ud83c\ud83c", "\u202e逆", "a\r\nb", ""])
def test_any_text_is_stored_as_it_came(post: Post, text: str) -> None:
    assert post(of(said(text, "e1"))).status_code == 200
    assert json.loads(InboxEvent.get().body)["message"]["text"] == text


def test_a_hundred_and_one_events_in_one_body(post: Post) -> None:
    assert post(of(*(said(f"{n}", f"e{n}") for n in range(101)))).status_code == 200
    assert stored() == [f"e{n}" for n in range(101)]


def test_a_conversation_first_met_by_an_order_is_lines_all_the_same(post: Post) -> None:
    with database.write_transaction():
        inbox.put("order.received", "order:1", HANAKO)
    post(of(said("やあ", "e1")))
    assert Conversation.get().line_user_id == HANAKO


def test_a_database_that_was_restarted_costs_no_event(post: Post) -> None:
    post(of(said("前", "e1")))
    if database.is_postgres():  # SQLite has no server
        end_what_stores()
    assert post(of(said("後", "e2"))).status_code == 200
    assert stored() == ["e1", "e2"]


def end_what_stores() -> None:
    """As a restart of the server does: the connection is closed, and its user has not learned it."""
    other = psycopg2.connect(settings.current().database_url)
    other.autocommit = True
    cursor = other.cursor()
    cursor.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE '%; INSERT INTO inbox_event %'"
        " AND pid <> pg_backend_pid()"
    )
    assert cursor.fetchone() == (1,)
    other.close()
