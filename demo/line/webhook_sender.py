"""Carries webhooks to the bot: one after the other, signed, again until the bot answers 2xx."""

import http.client
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from demo.line.events import Event, body, redelivered, signature

Deliver = Callable[[bytes, dict[str, str]], int]
"""Takes raw bytes and headers to the bot and returns the status; raises OSError when it cannot."""

ANSWER_SECONDS = 2.0
"""LINE counts a webhook as timed out when no answer comes within this."""


def over_http(url: str, raw: bytes, headers: dict[str, str]) -> int:
    """Post to http or https, never through a proxy; raises OSError when there is no answer."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("POST", parts.path or "/", raw, headers)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


@dataclass
class Attempt:
    """One try to deliver, kept so that tests and the demo can look."""

    events: list[Event]
    status: int | None
    """None when no answer came."""


class WebhookSender:
    """A queue of events with one thread that empties it in order.

    `before` and `after` tell the channel that a body is about to go out, and that the bot took it.
    Without `start()` nothing is carried until `carry_all()` is called, in the caller's thread.
    """

    def __init__(
        self,
        secret: str,
        destination: str,
        deliver: Deliver,
        *,
        before: Callable[[Sequence[Event]], None],
        after: Callable[[Sequence[Event]], None],
        retry_seconds: Sequence[float] = (0.5, 1, 2, 5, 10, 30, 60, 120),
    ) -> None:
        self.attempts: deque[Attempt] = deque(maxlen=10_000)
        self.retry_seconds = tuple(retry_seconds)
        self.deliver = deliver
        self._secret, self._destination = secret, destination
        self._before, self._after = before, after
        self._queue: deque[list[Event]] = deque()
        self._change = threading.Condition()
        self._busy = self._stopping = self._held = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="webhook courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._change:
            self._stopping = True
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def post(self, *events: Event) -> None:
        """Queue these events as one body."""
        with self._change:
            self._queue.append(list(events))
            self._change.notify_all()

    def hold(self) -> None:
        """Let events gather instead of going out."""
        with self._change:
            self._held = True

    def release(self, *, as_one_body: bool = False) -> None:
        """Send what has gathered, if asked all in one body as LINE may do."""
        with self._change:
            if as_one_body and self._queue:
                gathered = [event for events in self._queue for event in events]
                self._queue.clear()
                self._queue.append(gathered)
            self._held = False
            self._change.notify_all()

    def wait_until_idle(self, seconds: float = 10.0) -> bool:
        """True once every event has been taken or given up on."""
        with self._change:
            return self._change.wait_for(lambda: not self._queue and not self._busy, timeout=seconds)

    def carry_all(self) -> None:
        """Carry everything now, in this thread (for tests without a thread)."""
        while self._queue and not self._held:
            self._carry(self._queue.popleft())

    def send_again(self, *events: Event) -> int | None:
        """Redeliver events at once, out of turn, whether or not the bot took them before."""
        return self._try([redelivered(one) for one in events])

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._stopping or (self._queue and not self._held))
                if self._stopping:
                    return
                events, self._busy = self._queue.popleft(), True
            try:
                self._carry(events)
            finally:
                with self._change:
                    self._busy = False
                    self._change.notify_all()

    def _carry(self, events: list[Event]) -> None:
        if self._taken(self._try(events)):
            return
        again = [redelivered(one) for one in events]
        for seconds in self.retry_seconds:
            if self._pause(seconds) or self._taken(self._try(again)):
                return

    def _pause(self, seconds: float) -> bool:
        """Wait between two tries; True when the courier was told to stop meanwhile."""
        if self._thread is None:
            time.sleep(seconds)
            return False
        with self._change:
            return self._change.wait_for(lambda: self._stopping, timeout=seconds)

    def _try(self, events: list[Event]) -> int | None:
        raw = body(self._destination, events)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "x-line-signature": signature(self._secret, raw),
        }
        self._before(events)
        try:
            status: int | None = self.deliver(raw, headers)
        except OSError:
            status = None
        self.attempts.append(Attempt(events, status))
        if self._taken(status):
            self._after(events)
        return status

    @staticmethod
    def _taken(status: int | None) -> bool:
        return status is not None and 200 <= status < 300
