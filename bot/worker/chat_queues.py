"""Orders the rows that this process is to send: several chats at once, one chat's messages in their order.

A message that must be tried again holds back what comes after it in its chat, for `HOLDS_BACK` from its first
failure. After that LINE evidently refuses this message and not all, so those behind it are tried after it in
each round. A row that is no message (a profile request, a menu) is in a queue of its own kind and holds back
no message. Uses neither LINE nor the database.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.line.delivery import FIRST_WAIT
from bot.queue.outbox_rows import MESSAGES, OutboxRow

HOLDS_BACK = timedelta(minutes=10)
"""Longer than LINE's usual disruptions, shorter than a customer waits for an answer to something else."""

Key = tuple[int, str]


@dataclass(slots=True, eq=False)
class _Entry:
    """One row in its chat's queue."""

    row: OutboxRow
    is_committed: bool = True
    """Until the transaction that wrote it has committed, it holds back what comes after it and is not sent."""
    tried_at: float = float("-inf")
    try_at: float = float("-inf")
    holds_until: float | None = None


@dataclass(slots=True)
class _Chat:
    entries: list[_Entry] = field(default_factory=list)
    position: int = 0
    """Which entry is next; each round begins with the first."""
    rests_until: float = float("-inf")
    is_busy: bool = False
    """A thread is trying its next row, or is about to."""


class ChatQueues:
    """The queues of all chats; safe for many threads. `monotonic` returns the time in seconds by which waits
    are measured."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._mutex = threading.Lock()
        self._chats: dict[Key, _Chat] = {}
        self._resting: dict[Key, _Chat] = {}
        self._resting_count = self._count = 0
        self._ready: queue.SimpleQueue[Key | None] = queue.SimpleQueue()

    def expect(self, rows: Iterable[OutboxRow]) -> None:
        """Add rows of a transaction that is about to commit. Called inside it, while it still keeps others
        from writing to the same conversations, so that no later row can come here first."""
        with self._mutex:
            for row in rows:
                self._append(_Entry(row, is_committed=False))

    def add(self, rows: Iterable[OutboxRow]) -> None:
        """Add committed rows, expected or not. Rows that are here already stay where they are."""
        with self._mutex:
            for row in rows:
                key = _key(row)
                entry = self._find(key, row.id)
                if entry is None:
                    self._append(_Entry(row))
                elif not entry.is_committed:
                    entry.is_committed = True
                self._make_ready(key)

    def drop(self, rows: Iterable[OutboxRow]) -> None:
        """Remove expected rows that were never written."""
        with self._mutex:
            for row in rows:
                key = _key(row)
                entry = self._find(key, row.id)
                if entry is not None and not entry.is_committed:
                    self._remove(key, entry)
                    self._make_ready(key)

    def next(self) -> tuple[Key, OutboxRow] | None:
        """Wait for the next row to try; with its chat's key. None when this thread should end."""
        key = self._ready.get()
        if key is None:
            return None
        with self._mutex:
            chat = self._chats[key]
            return key, chat.entries[chat.position].row

    def tried(self, key: Key, wait: timedelta | None) -> None:
        """Remove that chat's row after a try, or try it again after `wait`."""
        now = self._monotonic()
        with self._mutex:
            chat = self._chats[key]
            chat.is_busy = False
            entry = chat.entries[chat.position]
            if wait is None:
                self._remove(key, entry)
            else:
                entry.tried_at, entry.try_at = now, now + wait.total_seconds()
                entry.holds_until = entry.holds_until or now + HOLDS_BACK.total_seconds()
                if now < entry.holds_until:
                    chat.position, chat.rests_until = 0, entry.try_at
                else:
                    chat.position += 1
            self._make_ready(key)

    def wake(self) -> None:
        """Resume chats whose wait is over."""
        now = self._monotonic()
        with self._mutex:
            for key in [key for key, chat in self._resting.items() if chat.rests_until <= now]:
                self._make_ready(key)

    def end(self, thread_count: int) -> None:
        """Let this many threads end."""
        for _ in range(thread_count):
            self._ready.put(None)

    def clear(self) -> None:
        """Remove all rows that no thread is trying just now: other processes have taken them over."""
        with self._mutex:
            for key, chat in list(self._chats.items()):
                in_progress = [chat.entries[chat.position]] if chat.is_busy else []
                for entry in [each for each in chat.entries if each not in in_progress]:
                    self._remove(key, entry)

    def rows(self) -> list[OutboxRow]:
        """All rows here."""
        with self._mutex:
            return [entry.row for chat in self._chats.values() for entry in chat.entries]

    def ready_count(self) -> int:
        """How many rows could be sent now, given enough threads."""
        with self._mutex:
            return self._count - self._resting_count

    def count(self) -> int:
        """How many rows are here."""
        with self._mutex:
            return self._count

    def _append(self, entry: _Entry) -> None:
        key = _key(entry.row)
        chat = self._chats.setdefault(key, _Chat())
        chat.entries.append(entry)
        self._count += 1
        if key in self._resting:
            self._resting_count += 1
            # LINE is called for this one anyway, so the first of the chat need not wait so long any more.
            soon = chat.entries[0].tried_at + FIRST_WAIT.total_seconds()
            chat.rests_until = min(chat.rests_until, soon)

    def _remove(self, key: Key, entry: _Entry) -> None:
        chat = self._chats[key]
        at = chat.entries.index(entry)
        del chat.entries[at]
        self._count -= 1
        if key in self._resting:
            self._resting_count -= 1
        if at < chat.position:
            chat.position -= 1
        if not chat.entries:
            self._end_rest(key)
            del self._chats[key]

    def _find(self, key: Key, row_id: int) -> _Entry | None:
        chat = self._chats.get(key)
        return next((each for each in chat.entries if each.row.id == row_id), None) if chat else None

    def _make_ready(self, key: Key) -> None:
        """Give the chat to a thread, if its next row may be tried now."""
        chat = self._chats.get(key)
        if chat is None or chat.is_busy:
            return
        if chat.position >= len(chat.entries):
            chat.position, chat.rests_until = 0, min(each.try_at for each in chat.entries)
        if chat.position == 0 and self._monotonic() < chat.rests_until:
            if key not in self._resting:
                self._resting[key] = chat
                self._resting_count += len(chat.entries)
            return
        self._end_rest(key)
        if chat.entries[chat.position].is_committed:
            chat.is_busy = True
            self._ready.put(key)

    def _end_rest(self, key: Key) -> None:
        chat = self._resting.pop(key, None)
        if chat is not None:
            self._resting_count -= len(chat.entries)


def _key(row: OutboxRow) -> Key:
    return row.conversation_id, "" if row.kind in MESSAGES else row.kind
