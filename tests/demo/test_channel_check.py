"""What LINE says of a channel itself, asked by bot/line/channel_check.py: whose it is, and whether webhooks arrive."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.line import channel_check
from bot.line.channel_check import Access, BotInfo, Fault, Trouble, Webhook
from bot.line.month import Month
from bot.web.webhook import signature
from demo.line import webhook_sender
from demo.line.faults import FaultKind
from demo.phone.platform import Platform
from tests.demo.conftest import SECRET, TOKEN, ManualClock, Shop
from tests.line_limits import official_body_problems

ENDPOINT, TEST = "/v2/bot/channel/webhook/endpoint", "/v2/bot/channel/webhook/test"


@pytest.fixture
def access(platform: Platform) -> Access:
    return Access(TOKEN, platform.url)


@contextmanager
def server(secret: str = SECRET, status: int = 200) -> Iterator[str]:
    """A shop's server, which answers 401 to a body that is not signed with its secret; the webhook's address."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            good = self.headers["X-Line-Signature"] == signature(raw, secret)
            self.send_response(status if good else 401)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    made = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}/callback"
    made.shutdown()
    made.server_close()


def test_whose_channel_it_is(platform: Platform, access: Access) -> None:
    info = channel_check.bot_info(access)
    assert info == BotInfo(platform.channel.identity.bot_user_id, "@goen", "お店", None, chat_is_on=False)


@pytest.mark.parametrize("token", ["another", "あいう", "", "two words", "x" * 5000, "line\nbreak"])
def test_a_token_that_is_none(platform: Platform, token: str) -> None:
    access = Access(token, platform.url)
    for call in (channel_check.bot_info, channel_check.webhook, channel_check.month):
        assert call(access) is Fault.TOKEN_REFUSED


def test_no_network() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = Access(TOKEN, f"http://127.0.0.1:{closed.getsockname()[1]}")
        assert channel_check.bot_info(nowhere) is Fault.NO_NETWORK
        assert channel_check.set_webhook(nowhere, "https://goen.example/callback") is Fault.NO_NETWORK


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (FaultKind.ERROR, Fault.BROKEN),
        (FaultKind.RATE_LIMIT, Fault.TOO_OFTEN),
        (FaultKind.DROP, Fault.NO_NETWORK),
    ],
)
def test_line_in_trouble(platform: Platform, access: Access, kind: FaultKind, fault: Fault) -> None:
    platform.faults.inject("info", kind)
    assert channel_check.bot_info(access) is fault
    assert isinstance(channel_check.bot_info(access), BotInfo)


def test_where_webhooks_go(platform: Platform, access: Access) -> None:
    assert channel_check.webhook(access) is Fault.NO_ADDRESS
    assert channel_check.test_webhook(access) is Fault.NO_ADDRESS
    assert channel_check.set_webhook(access, "https://goen.example/callback") is None
    assert channel_check.webhook(access) == Webhook("https://goen.example/callback", active=True)
    platform.channel.webhook_active = False
    assert channel_check.webhook(access) == Webhook("https://goen.example/callback", active=False)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://goen.example",
        "http://goen.example/callback",
        "goen.example",
        "",
        "https://縁.example/",
        "https://",
        "https://goen.example/" + "x" * 480,
    ],
)
def test_an_address_that_line_refuses(platform: Platform, access: Access, address: str) -> None:
    assert channel_check.set_webhook(access, address) is Fault.ADDRESS_REFUSED
    assert channel_check.test_webhook(access, address) is Fault.ADDRESS_REFUSED
    assert platform.channel.webhook_url == ""


def test_a_try_that_arrives(access: Access) -> None:
    with server() as address:
        for wanted in (address, None):
            assert channel_check.set_webhook(access, address) is None
            tried = channel_check.test_webhook(access, wanted)
            assert not isinstance(tried, Fault) and tried.worked and tried.status == 200


@pytest.mark.parametrize(
    ("secret", "status", "trouble", "seen"),
    [
        ("of-another-channel", 200, Trouble.SIGNATURE_REFUSED, 401),
        (SECRET, 404, Trouble.OTHER_STATUS, 404),
        (SECRET, 502, Trouble.OTHER_STATUS, 502),
    ],
)
def test_a_try_that_is_refused(access: Access, secret: str, status: int, trouble: Trouble, seen: int) -> None:
    with server(secret, status) as address:
        tried = channel_check.test_webhook(access, address)
    assert not isinstance(tried, Fault)
    assert (tried.worked, tried.trouble, tried.status) == (False, trouble, seen)


def test_a_try_that_nobody_answers(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_sender, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        slow = channel_check.test_webhook(access, f"http://127.0.0.1:{port}/callback")
    away = channel_check.test_webhook(access, f"http://127.0.0.1:{port}/callback")
    assert not isinstance(slow, Fault) and not isinstance(away, Fault)
    assert (slow.trouble, away.trouble) == (Trouble.TOO_SLOW, Trouble.NOT_REACHED)
    assert (slow.status, away.status) == (None, None)


def test_sixty_tries_an_hour(access: Access, manual_clock: ManualClock) -> None:
    with server() as address:
        said = [channel_check.test_webhook(access, address) for _ in range(61)]
        assert said[-1] is Fault.TOO_OFTEN and not any(isinstance(each, Fault) for each in said[:-1])
        manual_clock.forward(3601)
        assert not isinstance(channel_check.test_webhook(access, address), Fault)


def test_the_month(platform: Platform, access: Access) -> None:
    assert channel_check.month(access) == Month(None, 0)
    platform.channel.quota.limit = 200
    assert channel_check.month(access) == Month(200, 0)


def test_the_answers_have_the_shape_of_lines_own_files(
    line_openapi: Path, platform: Platform, shop: Shop
) -> None:
    schemas = yaml.safe_load((line_openapi / "messaging-api.yml").read_text("utf-8"))["components"]["schemas"]
    with server() as address:
        wanted = {"endpoint": address}
        assert official_body_problems("SetWebhookEndpointRequest", wanted) == []
        assert official_body_problems("TestWebhookEndpointRequest", wanted) == []
        assert shop.call("PUT", ENDPOINT, wanted).json() == {}
        answers = {
            "BotInfoResponse": shop.call("GET", "/v2/bot/info"),
            "GetWebhookEndpointResponse": shop.call("GET", ENDPOINT),
            "TestWebhookEndpointResponse": shop.call("POST", TEST, {}),
        }
    for name, answer in answers.items():
        said = answer.json()
        assert list(Draft202012Validator(schemas[name]).iter_errors(said)) == []
        assert set(schemas[name]["required"]) <= set(said) <= set(schemas[name]["properties"])
