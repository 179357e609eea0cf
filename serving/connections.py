"""One HTTP connection, with limits on how long its client may take.

uvicorn's connection reads and writes without a thread, but waits for ever for the rest of a request and for
the client to read its answer. Here each of those has a limit; `serving/server.py` checks all connections once
a second.
"""

import asyncio
from dataclasses import dataclass
from enum import Enum

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SLOWEST_BYTES_A_SECOND = 16_384
LARGEST_HEAD_BYTES = 65_536
SPARE_CONNECTIONS = 100
"""Accepted beyond the limit until the oldest idle ones are closed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a client may take, in seconds, and how much it may send."""

    head_seconds: float = 10
    """From the first byte, or from the beginning of the connection, to the end of the headers."""
    body_seconds: float = 20
    """From the first byte to the end of the body, and a second more for every 16 KB of it."""
    idle_seconds: float = 30
    """Between an answer and the next request."""
    write_seconds: float = 30
    """Until 48 KB of an answer have been read."""
    close_seconds: float = 5
    """Until the rest of the last answer has been read."""
    request_bytes: int = 13_000_000
    connections: int = 4_000


class Receiving(Enum):
    """Which part of a request is coming in."""

    NOTHING = "nothing"
    HEAD = "head"
    BODY = "body"


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with limits."""

    limits = Limits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected and sent nothing yet."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections + SPARE_CONNECTIONS:
            transport.abort()
        self.since = self.loop.time()
        """When the client's present turn began: to send, or to read."""
        self._receiving = Receiving.NOTHING
        self._received_bytes = 0
        self._is_writing_paused = False

    def data_received(self, data: bytes) -> None:
        """Some bytes came; more than any request has close the connection."""
        if self.transport.is_closing():
            return
        self._received_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._receiving is Receiving.HEAD and self._received_bytes > LARGEST_HEAD_BYTES:
            self.send_400_response("The headers are too long.")
        elif self._received_bytes > self.limits.request_bytes:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._receiving, self._received_bytes, self.since = Receiving.HEAD, 0, self.loop.time()

    def on_headers_complete(self) -> None:
        """The application is called now, and reads the body as it comes."""
        super().on_headers_complete()
        self._receiving = Receiving.BODY

    def on_message_complete(self) -> None:
        """The whole request has come."""
        super().on_message_complete()
        self._receiving = Receiving.NOTHING

    def on_response_complete(self) -> None:
        """The whole answer is written, or buffered for the client."""
        super().on_response_complete()
        self.since = self.loop.time()

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._is_writing_paused, self.since = True, self.loop.time()

    def resume_writing(self) -> None:
        """The client has read most of what was buffered."""
        super().resume_writing()
        self._is_writing_paused, self.since = False, self.loop.time()

    @property
    def is_receiving(self) -> bool:
        """Whether a request is not complete yet."""
        return self._receiving is not Receiving.NOTHING

    @property
    def is_idle(self) -> bool:
        """Whether it is between two requests, or before the first."""
        return not self.is_receiving and (self.cycle is None or self.cycle.response_complete)

    def is_overdue(self, now: float) -> bool:
        """Whether the client has taken longer than it may; `now` by the loop's clock."""
        return now - self.since > self._seconds()

    def _seconds(self) -> float:
        """How long the client's present turn may last."""
        if self._is_writing_paused:
            return self.limits.write_seconds
        if self.transport.is_closing():
            return self.limits.close_seconds
        if self.pipeline:
            return float("inf")  # it is our turn: earlier requests are still being answered
        if self._receiving is Receiving.HEAD or self.cycle is None:
            return self.limits.head_seconds
        if self._receiving is Receiving.BODY:
            return self.limits.body_seconds + self._received_bytes / SLOWEST_BYTES_A_SECOND
        return self.limits.idle_seconds if self.cycle.response_complete else float("inf")

    def give_up(self) -> None:
        """Close the connection; a client that was sending a request is answered 408."""
        if self.transport.is_closing() or self._is_writing_paused:
            self.transport.abort()
            return
        if self._receiving is Receiving.HEAD or (
            self._receiving is Receiving.BODY and not self.cycle.response_started
        ):
            self.transport.write(TOO_SLOW)
        self.since = self.loop.time()
        self.transport.close()


TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 36\r\n"
    b"connection: close\r\n\r\nThe request took too long to arrive."
)


def with_limits(limits: Limits) -> type[Connection]:
    """A class of connections with these limits, since uvicorn makes each connection by its class."""
    return type("Connection", (Connection,), {"limits": limits})
