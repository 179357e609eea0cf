"""A fake LINE API for benchmarks: answers every call 200, at once or after a latency, and counts calls. Checks
nothing."""

import asyncio
import sys

BODY = b'{"sentMessages":[{"id":"1"}]}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-line-request-id: r\r\nContent-Length: %d\r\n\r\n%s"
    % (
        len(BODY),
        BODY,
    )
)


class Connection(asyncio.Protocol):
    """One keep-alive connection; requests come one after the other."""

    count = 0
    latency_seconds = 0.0

    def __init__(self) -> None:
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport to answer on."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each complete request."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._read) < end + 4 + length:
                return
            self._read = self._read[end + 4 + length :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        if head.startswith(b"get /count"):
            body = str(Connection.count).encode()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        elif Connection.latency_seconds:
            asyncio.get_running_loop().call_later(Connection.latency_seconds, self._take)
        else:
            self._take()

    def _take(self) -> None:
        Connection.count += 1
        self._transport.write(ANSWER)


async def main(port: int, latency_seconds: float) -> None:
    """Serve until killed."""
    Connection.latency_seconds = latency_seconds
    listening = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port)
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
