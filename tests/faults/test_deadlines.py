"""How long a slow client may take, and how it is then disconnected: the web server with one thread and short
limits."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from serving.connections import LARGEST_HEAD_BYTES, Limits
from serving.server import Server, listen
from serving.wsgi import LARGE_AT_ONCE, SMALL_BYTES, FromWsgi

LIMITS = Limits(
    head_seconds=0.5, body_seconds=0.5, idle_seconds=0.8, write_seconds=0.5, close_seconds=0.2, connections=60
)
PATIENCE_SECONDS = 10
"""Generous: the server checks connections once a second, and the machine may be busy."""
LARGEST_BODY_BYTES = 2_000_000
LARGE_ANSWER_BYTES = 30_000_000
GET = b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: shop\r\n"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Repeats the request; at length, or failing, where asked to."""
    path = environ["PATH_INFO"]
    if path == "/raises":
        raise ValueError("a fault")
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/raises-late":
        return late()
    if path == "/large":
        return (b"~" * 100_000 for _ in range(LARGE_ANSWER_BYTES // 100_000))
    if path == "/slow":
        time.sleep(2)
    if path == "/environ":
        return [repr(sorted((name, value) for name, value in environ.items() if name.isupper())).encode()]
    body = environ["wsgi.input"].read()
    return [b"%d bytes" % len(body)]


def late() -> Iterator[bytes]:
    yield b"half of it"
    raise ValueError("a fault")


@pytest.fixture(scope="module")
def faults() -> list[str]:
    return []


@pytest.fixture(scope="module")
def port(faults: list[str]) -> Iterator[int]:
    """The server's port."""

    def note(error: Exception) -> int:
        faults.append(str(error))
        return 500

    app = FromWsgi(
        application,
        threads=1,
        largest_body_bytes=LARGEST_BODY_BYTES,
        when_it_fails=note,
    )
    listener = listen("127.0.0.1", 0)
    server = Server(app, LIMITS)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive(), "the server does not stop"
    app.threads.shutdown()


@pytest.fixture
def client(port: int) -> Iterator[socket.socket]:
    with connect(port) as made:
        yield made


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)


def asked(client: socket.socket, request: bytes) -> bytes:
    """The response to a request, as much as comes at once; empty when the connection ended."""
    client.sendall(request)
    return client.recv(100_000)


def until_the_end(client: socket.socket) -> bytes:
    heard = b""
    with suppress(ConnectionError):
        while more := client.recv(1_000_000):
            heard += more
    return heard


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"", b""),
        (b"\r\n\r\n", b""),
        (b"GET / HT", b"408"),
        (b"GET / HTTP/1.1\r\nHost: shop\r\n", b"408"),
        (POST + b"Content-Length: 100\r\n\r\n", b"408"),
        (POST + b"Content-Length: 100\r\n\r\nhalf", b"408"),
        (POST + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n", b"408"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf", b"408"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\nTrailer: ", b"408"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"400"),
        (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nwhat", b"400"),
        (POST + b"Content-Length: -4\r\n\r\nwhat", b"400"),
        (b"CONNECT shop:443 HTTP/1.1\r\n\r\n", b"400"),
        (GET + b"\x00\x01", b"400"),
        (GET, b"200"),
    ],
)
def test_every_connection_ends_by_itself(client: socket.socket, said: bytes, answer: bytes) -> None:
    client.sendall(said)
    heard = until_the_end(client)
    assert answer in heard
    assert bool(heard) == bool(answer)


def test_headers_without_end_are_refused(client: socket.socket) -> None:
    client.sendall(b"GET / HTTP/1.1\r\nX-Long: ")
    time.sleep(0.1)
    client.sendall(b"x" * (LARGEST_HEAD_BYTES + 1))
    assert b"400" in until_the_end(client)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\nX: ", POST + b"Content-Length: 9999\r\n\r\n", b""])
def test_single_bytes_do_not_extend_the_deadline(client: socket.socket, said: bytes) -> None:
    client.sendall(said)
    begun = time.monotonic()
    with suppress(ConnectionError):
        while time.monotonic() < begun + PATIENCE_SECONDS:
            client.sendall(b"x" if said else b"\r\n")
            time.sleep(0.1)
    assert time.monotonic() < begun + PATIENCE_SECONDS


def test_whoever_sends_much_has_longer(client: socket.socket) -> None:
    client.sendall(POST + b"Content-Length: 200000\r\n\r\n")
    for _ in range(20):
        client.sendall(b"x" * 10_000)
        time.sleep(0.1)  # four times as long as the rest may take
    assert b"200000 bytes" in client.recv(100_000)


def test_a_large_answer_takes_no_thread_while_it_is_read(port: int, client: socket.socket) -> None:
    client.sendall(b"GET /large HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
    heard = client.recv(10_000)
    with connect(port) as other:
        assert b"0 bytes" in asked(other, GET)
    while more := client.recv(1_000_000):
        heard += more
        time.sleep(0.01)
    assert heard.count(b"~") == LARGE_ANSWER_BYTES


def test_an_answer_that_is_not_read_ends(port: int) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(PATIENCE_SECONDS)
        client.connect(("127.0.0.1", port))
        client.sendall(b"GET /large HTTP/1.1\r\nHost: shop\r\n\r\n")
        time.sleep(3)
        assert until_the_end(client).count(b"~") < LARGE_ANSWER_BYTES


def test_work_takes_as_long_as_it_takes(client: socket.socket) -> None:
    assert b"200 OK" in asked(client, b"GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n")


def test_requests_sent_at_once_are_answered_in_order(client: socket.socket) -> None:
    bodies = [b"a" * size for size in (1, 22, 333)]
    client.sendall(b"".join(POST + b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies))
    heard = until_the_end(client)
    assert [heard.index(b"%d bytes" % len(body)) for body in bodies] == sorted(
        heard.index(b"%d bytes" % len(body)) for body in bodies
    )


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 2000001\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n1E8481\r\n" + b"x" * 2_000_001],
)
def test_a_body_that_is_too_large_is_refused(client: socket.socket, head: bytes) -> None:
    with suppress(ConnectionError):  # refused before all of it is sent
        client.sendall(POST + head)
    assert b"413" in client.recv(100_000)


def test_only_so_many_large_bodies_at_once(port: int) -> None:
    begun = [connect(port) for _ in range(LARGE_AT_ONCE)]
    for each in begun:
        each.sendall(POST + b"Content-Length: 400000\r\n\r\n" + b"x" * (SMALL_BYTES + 1))
    time.sleep(0.2)
    with connect(port) as another:
        assert b"503" in asked(another, POST + b"Content-Length: 400000\r\n\r\n" + b"x" * 400_000)
    with connect(port) as small:
        assert b"4 bytes" in asked(small, POST + b"Content-Length: 4\r\n\r\nwhat")
    for each in begun:
        each.close()
    time.sleep(0.2)
    with connect(port) as another:
        assert b"400000 bytes" in asked(another, POST + b"Content-Length: 400000\r\n\r\n" + b"x" * 400_000)


def test_too_many_connections_cost_the_oldest_silent_ones(port: int) -> None:
    silent = [connect(port) for _ in range(LIMITS.connections + 20)]
    with connect(port) as client:
        assert b"200" in asked(client, GET)
    for each in silent:
        each.close()


@pytest.mark.parametrize("path", ["/raises", "/raises-late"])
def test_a_fault_of_the_application_costs_one_request(
    client: socket.socket, path: str, faults: list[str]
) -> None:
    faults.clear()
    heard = asked(client, f"GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n".encode())
    assert b"500" in heard
    assert b"half" not in heard
    assert faults == ["a fault"]


@pytest.mark.parametrize(
    ("head", "seen"),
    [
        (b"X-Forwarded-For: 1.2.3.4\r\n", "('HTTP_X_FORWARDED_FOR', '1.2.3.4')"),
        (b"X_Forwarded_For: 1.2.3.4\r\n", None),
        (b"Cookie: a=1\r\nCookie: b=2\r\n", "('HTTP_COOKIE', 'a=1; b=2')"),
        (b"Accept: a\r\nAccept: b\r\n", "('HTTP_ACCEPT', 'a,b')"),
        (b"Content-Type: text/plain\r\nContent-Length: 0\r\n", "('CONTENT_TYPE', 'text/plain')"),
        (b"Transfer-Encoding: chunked\r\n\r\n4\r\nwhat\r\n0\r\n", "('CONTENT_LENGTH', '4')"),
        (b"", "('REMOTE_ADDR', '127.0.0.1')"),
        (b"", "('QUERY_STRING', 'q=%E5')"),
    ],
)
def test_the_application_sees_the_request_as_it_was(
    client: socket.socket, head: bytes, seen: str | None
) -> None:
    heard = asked(client, b"GET /environ?q=%E5 HTTP/1.1\r\nHost: shop\r\n" + head + b"\r\n").decode()
    assert "200 OK" in heard
    assert (seen or "'HTTP_HOST'") in heard
    if seen is None:
        assert "1.2.3.4" not in heard


def test_head_has_no_body(client: socket.socket) -> None:
    assert asked(client, b"HEAD / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n").endswith(b"\r\n\r\n")
