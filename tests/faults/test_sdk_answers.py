"""The SDK's results and exceptions become the product's own: no exception of the SDK leaves bot/line/client.py."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.config import settings as bot_settings
from bot.line.client import LineClient
from bot.line.delivery import Answer
from bot.line.month import Month

MENU = {
    "size": {"width": 2500, "height": 1686},
    "selected": True,
    "name": "n",
    "chatBarText": "b",
    "areas": [],
}
CALLS: dict[str, Callable[[LineClient], Answer]] = {
    "profile": lambda line: line.profile("U1"),
    "link token": lambda line: line.link_token("U1"),
    "a menu made": lambda line: line.make_rich_menu(MENU),
    "its picture": lambda line: line.put_rich_menu_picture("richmenu-1", b"png"),
    "menus": lambda line: line.rich_menus(),
    "the menu of all": lambda line: line.default_rich_menu(),
    "shown to all": lambda line: line.show_rich_menu_to_all("richmenu-1"),
    "shown to one": lambda line: line.show_rich_menu("U1", "richmenu-1"),
    "shown to many": lambda line: line.show_rich_menu_to_many(["U1", "U2"], "richmenu-1"),
    "a menu deleted": lambda line: line.delete_rich_menu("richmenu-1"),
    "statistics": lambda line: line.unit_statistics("unit", date(2026, 4, 1), date(2026, 4, 30)),
    "a push": lambda line: line.push("U1", [{"type": "text", "text": "a"}], "key"),
    "a multicast": lambda line: line.multicast(["U1", "U2"], [{"type": "text", "text": "a"}], "key"),
    "a check": lambda line: line.validate_multicast([{"type": "text", "text": "a"}]),
}


@contextmanager
def answering(status: int, body: bytes, kind: str = "application/json") -> Iterator[str]:
    """A LINE that gives every call the same response; its address."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Line-Request-Id", "request-1")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 -- the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def client(settings: bot_settings.Settings, url: str) -> LineClient:
    return LineClient(settings.model_copy(update={"line_api_url": url, "line_data_api_url": url}), 1, 2.0)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 429, 500, 503])
@pytest.mark.parametrize("call", CALLS)
def test_a_refusal_has_lines_status_words_and_request_id(
    settings: bot_settings.Settings, call: str, status: int
) -> None:
    body = json.dumps({"message": "いけません"}, ensure_ascii=False)
    with answering(status, body.encode()) as url:
        assert CALLS[call](client(settings, url)) == Answer(status, body, "request-1")


@pytest.mark.parametrize("call", CALLS)
def test_no_answer_has_no_status(settings: bot_settings.Settings, call: str) -> None:
    with answering(200, b"{}") as url:
        pass
    assert CALLS[call](client(settings, url)).status is None


@pytest.mark.parametrize("call", CALLS)
def test_a_refusal_in_letters_that_nobody_can_read_keeps_its_status(
    settings: bot_settings.Settings, call: str
) -> None:
    with answering(502, "混み合っています".encode("shift_jis"), "text/html") as url:
        assert CALLS[call](client(settings, url)).status == 502


@pytest.mark.parametrize("body", [b"[]", b"no json", b"\xff", b'{"displayName": 7}', b"{}"])
@pytest.mark.parametrize("call", ["profile", "link token", "menus", "the menu of all"])
def test_an_answer_of_another_shape_is_an_answer_all_the_same(
    settings: bot_settings.Settings, call: str, body: bytes
) -> None:
    with answering(200, body) as url:
        assert CALLS[call](client(settings, url)).status == 200


def test_an_unknown_field_is_not_lost(settings: bot_settings.Settings) -> None:
    body = json.dumps({"displayName": "美咲", "userId": "U1", "ofTomorrow": 1}).encode()
    with answering(200, body) as url:
        assert json.loads(client(settings, url).profile("U1").text)["ofTomorrow"] == 1


@pytest.mark.parametrize(
    ("body", "month"),
    [
        ({"type": "limited", "value": 200, "totalUsage": 30}, Month(200, 30)),
        ({"type": "none", "totalUsage": 30}, Month(None, 30)),
        ({"type": "limited", "totalUsage": 30}, None),
        ({"type": "of tomorrow", "value": 200, "totalUsage": 30}, None),
        ({"type": "limited", "value": 200}, None),
    ],
)
def test_the_month_is_what_line_says(
    settings: bot_settings.Settings, body: dict[str, object], month: Month | None
) -> None:
    with answering(200, json.dumps(body).encode()) as url:
        assert client(settings, url).month() == month
