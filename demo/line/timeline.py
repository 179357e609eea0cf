"""The chats as the phones show them: messages with sender, time, whether read and whether unsent."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SHOP = "shop"
"""The peer of a chat with the shop; otherwise the peer is a person's user id."""


class Side(StrEnum):
    """Who sent an entry, from the phone owner's point of view."""

    MINE = "mine"
    THEIRS = "theirs"
    NOTE = "note"
    """A grey line in the middle, such as that a message was unsent."""


@dataclass
class Entry:
    """One message in one person's chat."""

    id: str
    owner: str
    peer: str
    side: Side
    message: dict[str, Any]
    at_ms: int
    via: str = ""
    """How a message of the shop came: reply, push or multicast."""
    read: bool = False
    unsent: bool = False
    changed: int = 0


class Changes:
    """Numbers the changes that pages ask for; two channels that one page shows share it."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.last = 0

    def next(self) -> int:
        self.last = next(self._numbers)
        return self.last


class Timeline:
    """All entries, oldest first. Every change gets the next number, by which pages ask for what is new to them."""

    def __init__(self, changes: Changes | None = None) -> None:
        self._entries: dict[str, Entry] = {}
        self.changes = changes or Changes()

    @property
    def last_change(self) -> int:
        return self.changes.last

    def next_change(self) -> int:
        return self.changes.next()

    def add(self, entry: Entry) -> Entry:
        entry.changed = self.next_change()
        self._entries[entry.id] = entry
        return entry

    def touch(self, entry: Entry) -> None:
        entry.changed = self.next_change()

    def get(self, entry_id: str) -> Entry | None:
        return self._entries.get(entry_id)

    def chat(self, owner: str, peer: str = SHOP) -> list[Entry]:
        return [entry for entry in self._entries.values() if (entry.owner, entry.peer) == (owner, peer)]

    def since(self, change: int) -> Iterable[Entry]:
        return [entry for entry in self._entries.values() if entry.changed > change]
