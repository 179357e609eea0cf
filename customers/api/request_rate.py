"""Limits how often a caller may send requests. Counts in this process's memory, which is enough to stop a
loop."""

import threading
import time
from collections.abc import Callable


class RequestRate:
    """At most `most` requests of each caller in each window of `window_seconds`."""

    def __init__(
        self, most: int, window_seconds: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.window_seconds = window_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._window = -1
        self._counts: dict[int, int] = {}

    def wait_seconds(self, caller: int) -> int:
        """Counts a request of this caller. Returns 0 when it is allowed, otherwise the seconds to wait."""
        now = self._monotonic()
        window = int(now // self.window_seconds)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            count = self._counts[caller] = self._counts.get(caller, 0) + 1
        return 0 if count <= self.most else max(1, round((window + 1) * self.window_seconds - now))
