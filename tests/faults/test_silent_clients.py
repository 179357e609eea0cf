"""Many clients that connect and then send nothing: the web process serves all others as if they were not there.

The very command of the Procfile, with all of them at once; none costs a thread. That each is disconnected in
time is tested in test_deadlines.py, with shorter limits.
"""

import json
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import peewee
import pytest
import urllib3

from bot.config import settings as bot_settings
from bot.queue import inbox
from bot.web.webhook import signature
from tests.faults.processes import Process, environment, status, wait_for
from tests.faults.test_kill import free_port

HEAD = b"POST /callback HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
LARGE_FILE = b"GET /console/static/vendor/tabler/tabler.min.css HTTP/1.1\r\nHost: shop\r\n\r\n"
Say = Callable[[socket.socket], None]


def nothing(_: socket.socket) -> None:
    """A connection on which nothing is ever sent."""


def half_a_head(client: socket.socket) -> None:
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: sh")


def half_a_body(client: socket.socket) -> None:
    client.sendall(HEAD + b'Content-Length: 1000\r\n\r\n{"events": [')


def half_a_large_body(client: socket.socket) -> None:
    client.sendall(HEAD + b"Content-Length: 3000000\r\n\r\n" + b"x" * 300_000)


def half_a_chunk(client: socket.socket) -> None:
    client.sendall(HEAD + b'Transfer-Encoding: chunked\r\n\r\n400\r\n{"events": [')


def a_body_byte_by_byte(client: socket.socket) -> None:
    client.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    trickle(client)


def a_head_byte_by_byte(client: socket.socket) -> None:
    client.sendall(b"GET /healthz HTTP/1.1\r\nX-Long: ")
    trickle(client)


def blank_lines(client: socket.socket) -> None:
    trickle(client, b"\r\n")


def garbage_after_a_request(client: socket.socket) -> None:
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n" * 50 + b"\x00\xff" * 500)


def many_answers_and_reads_none(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.setblocking(False)
    with suppress(BlockingIOError):
        client.sendall(LARGE_FILE * 200)


def trickle(client: socket.socket, what: bytes = b"x") -> None:
    def go_on() -> None:
        with suppress(OSError):
            while True:
                client.sendall(what)
                time.sleep(0.5)

    threading.Thread(target=go_on, daemon=True).start()


@pytest.fixture(scope="module")
def crowd() -> Iterator[list[socket.socket]]:
    """All open connections, from one test to the next."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8_192)), hard))
    made: list[socket.socket] = []
    yield made
    for each in made:
        each.close()


@pytest.fixture
def web(database: peewee.Database, settings: bot_settings.Settings, tmp_path: object) -> Iterator[int]:
    """The web process; the port it listens on."""
    port = free_port()
    process = Process("web", environment(settings, port, settings.data_dir.parent), settings.data_dir.parent)
    try:
        wait_for(lambda: status(f"http://127.0.0.1:{port}/healthz") == 200, "the web process")
        yield port
    finally:
        process.kill()


def test_nobody_waits_for_those_who_say_nothing(web: int, crowd: list[socket.socket]) -> None:
    for say, count in (
        (half_a_body, 16),
        (half_a_head, 16),
        (half_a_chunk, 16),
        (half_a_large_body, 16),
        (a_body_byte_by_byte, 16),
        (a_head_byte_by_byte, 16),
        (blank_lines, 16),
        (garbage_after_a_request, 16),
        (many_answers_and_reads_none, 16),
        (nothing, 1_200),
    ):
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", web), 5)
            crowd.append(client)
            say(client)
        begun = time.monotonic()
        assert status(f"http://127.0.0.1:{web}/healthz", 1) == 200, f"/healthz waits for {say.__name__}"
        assert status(f"http://127.0.0.1:{web}/console/sign-in", 2) == 200, f"a page waits for {say.__name__}"
        assert post(web, say.__name__) == 200, f"LINE waits for {say.__name__}"
        assert time.monotonic() - begun < 3
    assert inbox.InboxEvent.select().count() == 10


def post(port: int, event_id: str) -> int:
    """A signed webhook with one event."""
    body = json.dumps(
        {"destination": "U0", "events": [{"type": "message", "webhookEventId": event_id}]}
    ).encode()
    signed = signature(body, bot_settings.current().line_channel_secret)
    return urllib3.request(
        "POST",
        f"http://127.0.0.1:{port}/callback",
        body=body,
        headers={"x-line-signature": signed},
        retries=False,
        timeout=1,
    ).status
