"""A WSGI application behind ASGI, such that a thread is taken for computing alone.

The body is read before a thread is taken, and the answer is put aside (beyond a megabyte: on the disk) and written
when the thread is free again. So neither a slow sender nor a slow reader costs a thread.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote_to_bytes

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, "SpooledTemporaryFile[bytes]"]
WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
Quick = Callable[[Scope, bytes], Awaitable[tuple[int, Headers, bytes]]]
"""Answers a small request from its headers and body, in the event loop."""

SMALL_BYTES = 262_144
"""A body up to this size may always come; of larger ones only so many at once."""
LARGE_AT_ONCE = 8
ANSWER_IN_MEMORY_BYTES = 1_000_000
CHUNK_BYTES = 65_536
WAIT_FOR_A_THREAD_SECONDS = 4.0


class Refused(Exception):
    """The request is not handed to the application."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class ClientGone(Exception):
    """The client left before its request was complete."""


class FromWsgi:
    """The ASGI application that a WSGI application becomes, with that many threads."""

    def __init__(
        self,
        app: WsgiApp,
        *,
        threads: int,
        largest_body_bytes: int,
        when_it_fails: Callable[[Exception], int],
        quick: Mapping[str, Quick] = MappingProxyType({}),
    ) -> None:
        """`quick` answers small requests to its paths without a thread."""
        self._app = app
        self._quick = quick
        self._largest = largest_body_bytes
        self._when_it_fails = when_it_fails
        self._large_count = 0
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        with SpooledTemporaryFile(SMALL_BYTES) as body:
            try:
                size = await self._read(scope, receive, body)
            except ClientGone:
                return
            except Refused as refused:
                await plain(send, refused.status, refused.reason)
                return
            quick = self._quick.get(scope["path"])
            if quick and size <= SMALL_BYTES:
                status, headers, small = await quick(scope, body.read())
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": small})
                return
            request = _environ(scope, body, size)
            try:
                status, headers, answer = await self._computed(request)
            except Refused as refused:
                await plain(send, refused.status, refused.reason)
                return
            except Exception as error:  # the application's own fault: it costs this request alone
                status = self._when_it_fails(error)
                await plain(send, status, HTTPStatus(status).phrase)
                return
        with answer:
            await _write(send, status, headers, answer)

    async def _computed(self, request: dict[str, Any]) -> "Answer":
        """The application's answer. Who waits too long for a thread is sent away: all of them wait for something."""
        running = self.threads.submit(_call, self._app, request)
        answered = asyncio.wrap_future(running)
        await asyncio.wait([answered], timeout=WAIT_FOR_A_THREAD_SECONDS)
        if running.cancel():
            raise Refused(503, "All is busy just now. Try again in a moment.")
        return await answered

    async def _read(self, scope: Scope, receive: Receive, body: "SpooledTemporaryFile[bytes]") -> int:
        """Put the body aside; its size."""
        if _declared_length(scope) > self._largest:
            raise Refused(413, f"The body is larger than {self._largest} bytes.")
        size, is_large = 0, False
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                size += len(message["body"])
                if size > self._largest:
                    raise Refused(413, f"The body is larger than {self._largest} bytes.")
                if size > SMALL_BYTES and not is_large:
                    if self._large_count >= LARGE_AT_ONCE:
                        raise Refused(503, "Too many large uploads at once. Try again in a moment.")
                    self._large_count, is_large = self._large_count + 1, True
                body.write(message["body"])
                if not message["more_body"]:
                    body.seek(0)
                    return size
        finally:
            self._large_count -= is_large


async def plain(send: Send, status: int, sentence: str) -> None:
    """A short answer, after which the connection ends: the rest of the request may still be on its way."""
    body = sentence.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # the parser takes nothing but digits
    return 0


def _environ(scope: Scope, body: Any, size: int) -> dict[str, Any]:
    """The request as PEP 3333 has it."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("", 0)
    request: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue  # X_Forwarded_For would pass for X-Forwarded-For
        key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        if key in request:
            text = request[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        request[key] = text
    # Of a body that came in chunks the length is known by now, too.
    request.pop("HTTP_TRANSFER_ENCODING", None)
    if request.pop("HTTP_CONTENT_LENGTH", None) is not None or size:
        request["CONTENT_LENGTH"] = str(size)
    if (content_type := request.pop("HTTP_CONTENT_TYPE", None)) is not None:
        request["CONTENT_TYPE"] = content_type
    return request


def _call(app: WsgiApp, request: dict[str, Any]) -> Answer:
    """Run the application; its whole answer."""
    begun: list[Any] = []
    answer: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(ANSWER_IN_MEMORY_BYTES)  # noqa: SIM115 -- handed on

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: Any = None
    ) -> Callable[[bytes], object]:
        begun[:] = [status, headers]
        return answer.write

    try:
        parts = app(request, start_response)
        try:
            for part in parts:
                answer.write(part)
        finally:
            if hasattr(parts, "close"):
                parts.close()
    except BaseException:
        answer.close()
        raise
    answer.seek(0)
    status, headers = begun
    return int(status[:3]), [(_bytes(name).lower(), _bytes(value)) for name, value in headers], answer


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


async def _write(send: Send, status: int, headers: Headers, answer: "SpooledTemporaryFile[bytes]") -> None:
    """Hand the answer over as fast as its reader takes it."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    part = answer.read(CHUNK_BYTES)
    while True:
        following = answer.read(CHUNK_BYTES) if len(part) == CHUNK_BYTES else b""
        await send({"type": "http.response.body", "body": part, "more_body": bool(following)})
        if not following:
            return
        part = following
