"""Posts webhooks to the bot: one after the other, signed, and again until the bot answers 2xx."""

import http.client
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from demo.line.events import Event, body, redelivered, signature

Deliver = Callable[[bytes, dict[str, str]], int]
"""Posts raw bytes and headers to the bot and returns the status; raises OSError when the bot cannot be reached."""

ANSWER_SECONDS = 2.0
"""Seconds after which LINE counts a webhook as timed out."""


def over_http(url: str, raw: bytes, headers: dict[str, str]) -> int:
    """Post over http or https, never through a proxy. Raises OSError when there is no response."""
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
    """One attempt to deliver, recorded for tests and the demo."""

    events: list[Event]
    status: int | None
    """None when there was no response."""


class WebhookSender:
    """A queue of events with one thread that delivers it in order.

    `before` and `after` are called when a body is about to be posted, and when the bot has accepted it.
    Without `start()` nothing is delivered until `deliver_all()` is called, in the caller's thread.
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
        self._thread = threading.Thread(target=self._run, name="webhook sender", daemon=True)
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
        """Pause delivery, so that events gather."""
        with self._change:
            self._held = True

    def release(self, *, as_one_body: bool = False) -> None:
        """Resume delivery; if asked, with all that gathered in one body, as LINE may do."""
        with self._change:
            if as_one_body and self._queue:
                gathered = [event for events in self._queue for event in events]
                self._queue.clear()
                self._queue.append(gathered)
            self._held = False
            self._change.notify_all()

    def wait_until_idle(self, seconds: float = 10.0) -> bool:
        """Wait until every event was accepted or given up; whether that happened in time."""
        with self._change:
            return self._change.wait_for(lambda: not self._queue and not self._busy, timeout=seconds)

    def deliver_all(self) -> None:
        """Deliver everything now, in this thread (for tests without a thread)."""
        while self._queue and not self._held:
            self._carry(self._queue.popleft())

    def send_again(self, *events: Event) -> int | None:
        """Redeliver events at once, out of turn, whether or not the bot accepted them before."""
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
        """Wait between two attempts; True when the sender was stopped meanwhile."""
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
