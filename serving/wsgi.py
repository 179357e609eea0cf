"""Runs a WSGI application behind ASGI, and takes a thread only while the application computes.

The body is read before a thread is taken, and the answer is buffered (above a megabyte on the disk) and
written when the thread is free again. So neither a slow sender nor a slow reader costs a thread.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import SEEK_END, BytesIO
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import IO, Any
from urllib.parse import unquote_to_bytes

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
File = IO[bytes]
Answer = tuple[int, Headers, File]
WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
Quick = Callable[[Scope, bytes], Awaitable[tuple[int, Headers, bytes]]]
"""Answers a small request from its headers and body, in the event loop."""

SMALL_BYTES = 262_144
"""A body up to this size is always accepted; of larger ones only so many at once."""
LARGE_AT_ONCE = 8
ANSWER_IN_MEMORY_BYTES = 1_000_000
CHUNK_BYTES = 65_536
WAIT_FOR_A_THREAD_SECONDS = 4.0


class Refused(Exception):
    """The request is not passed to the application."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class ClientGone(Exception):
    """The client left before its request was complete."""


class FromWsgi:
    """The ASGI application around a WSGI application, with that many threads."""

    def __init__(
        self,
        app: WsgiApp,
        *,
        threads: int,
        largest_body_bytes: int,
        larger_bodies: Mapping[str, tuple[int, str]] = MappingProxyType({}),
        when_it_fails: Callable[[Exception], int],
        quick: Mapping[str, Quick] = MappingProxyType({}),
    ) -> None:
        """`when_it_fails` is called in the thread where the application failed, and returns the status to
        answer with.

        `quick` answers small requests to its paths without a thread. `larger_bodies` gives paths a limit of their
        own, with the sentence for what exceeds it.
        """
        self._app = app
        self._quick = quick
        self._largest = (largest_body_bytes, f"The body is larger than {largest_body_bytes} bytes.")
        self._larger = larger_bodies
        self._when_it_fails = when_it_fails
        self._large_count = 0
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            with await self._read(scope, receive) as body:
                quick = self._quick.get(scope["path"])
                if quick and _size(body) <= SMALL_BYTES:
                    await _write_small(send, *await quick(scope, body.read()))
                    return
                status, headers, answer = await self._computed(_environ(scope, body))
        except ClientGone:
            return
        except Refused as refused:
            await plain(send, refused.status, refused.reason)
            return
        with answer:
            await _write(send, status, headers, answer)

    async def _computed(self, request: dict[str, Any]) -> Answer:
        """The application's answer. A request that waits too long for a thread is answered 503: all threads
        are occupied."""
        running = self.threads.submit(_call, self._app, request, self._when_it_fails)
        too_late = asyncio.get_running_loop().call_later(WAIT_FOR_A_THREAD_SECONDS, running.cancel)
        try:
            return await asyncio.wrap_future(running)
        except asyncio.CancelledError:
            if not running.cancelled():
                raise
            raise Refused(503, "All is busy just now. Try again in a moment.") from None
        finally:
            too_late.cancel()

    async def _read(self, scope: Scope, receive: Receive) -> File:
        """The whole body, buffered."""
        most, refusal = self._larger.get(scope["path"], self._largest)
        if _declared_length(scope) > most:
            raise Refused(413, refusal)
        part, is_all = await _part(receive)
        if is_all:
            return BytesIO(part)
        body = SpooledTemporaryFile(SMALL_BYTES)  # noqa: SIM115 -- closed by the caller
        try:
            await self._read_rest(receive, body, part, most, refusal)
        except BaseException:
            body.close()
            raise
        return body

    async def _read_rest(self, receive: Receive, body: File, part: bytes, most: int, refusal: str) -> None:
        size, is_large, is_all = 0, False, False
        try:
            while True:
                size += len(part)
                if size > most:
                    raise Refused(413, refusal)
                if size > SMALL_BYTES and not is_large:
                    if self._large_count >= LARGE_AT_ONCE:
                        raise Refused(503, "Too many large uploads at once. Try again in a moment.")
                    self._large_count, is_large = self._large_count + 1, True
                body.write(part)
                if is_all:
                    return
                part, is_all = await _part(receive)
        finally:
            self._large_count -= is_large


async def _part(receive: Receive) -> tuple[bytes, bool]:
    """The next part of the body, and whether it is the last."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message["body"], not message["more_body"]


async def plain(send: Send, status: int, sentence: str) -> None:
    """Send a short answer and close the connection: the rest of the request may still be on its way."""
    body = sentence.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await _write_small(send, status, headers, body)


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # the parser takes nothing but digits
    return 0


def _size(body: File) -> int:
    size = body.seek(0, SEEK_END)
    body.seek(0)
    return size


def _environ(scope: Scope, body: File) -> dict[str, Any]:
    """The request as PEP 3333 defines it."""
    size = _size(body)
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
    request |= _header_variables(scope)
    # By now the length of a chunked body is known, too.
    request.pop("HTTP_TRANSFER_ENCODING", None)
    if request.pop("HTTP_CONTENT_LENGTH", None) is not None or size:
        request["CONTENT_LENGTH"] = str(size)
    if (content_type := request.pop("HTTP_CONTENT_TYPE", None)) is not None:
        request["CONTENT_TYPE"] = content_type
    return request


def _header_variables(scope: Scope) -> dict[str, str]:
    """The headers as HTTP_ variables; the values of a repeated header are joined."""
    variables: dict[str, str] = {}
    for name, value in scope["headers"]:
        if b"_" in name:
            continue  # X_Forwarded_For would pass as X-Forwarded-For
        key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        if key in variables:
            text = variables[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        variables[key] = text
    return variables


def _call(app: WsgiApp, request: dict[str, Any], when_it_fails: Callable[[Exception], int]) -> Answer:
    """Run the application in this thread; returns its whole answer. An exception affects this request alone."""
    begun: list[Any] = []
    answer: File = SpooledTemporaryFile(ANSWER_IN_MEMORY_BYTES)  # noqa: SIM115 -- closed by the caller

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
    except Exception as error:
        answer.close()
        status = when_it_fails(error)
        return status, [(b"content-type", b"text/plain")], BytesIO(HTTPStatus(status).phrase.encode())
    answer.seek(0)
    return int(begun[0][:3]), [(_bytes(name).lower(), _bytes(value)) for name, value in begun[1]], answer


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


async def _write_small(send: Send, status: int, headers: Headers, answer: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def _write(send: Send, status: int, headers: Headers, answer: File) -> None:
    """Send the answer as fast as the client reads it."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    part = answer.read(CHUNK_BYTES)
    while True:
        following = answer.read(CHUNK_BYTES) if len(part) == CHUNK_BYTES else b""
        await send({"type": "http.response.body", "body": part, "more_body": bool(following)})
        if not following:
            return
        part = following
