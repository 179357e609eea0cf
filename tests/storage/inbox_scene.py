"""Shared by the tests of inbox, worker and outbox: events to store, failing handlers, and a LINE that records
calls."""

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot import localtime
from bot.db.database import write_transaction
from bot.line.delivery import Answer
from bot.line.messages import Message
from bot.line.month import Month
from bot.queue import inbox
from bot.queue.inbox import NewEvent

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HANAKO, TARO = "U" + "a" * 32, "U" + "b" * 32


def happen(event_id: str, key: str = HANAKO, *, after: float = 0, text: str = "") -> None:
    """Store a text message that comes in `after` so many seconds past noon."""
    at = NOON + timedelta(seconds=after)
    body = {
        "type": "message",
        "message": {"type": "text", "id": "1", "text": text or event_id},
        "replyToken": f"token-of-{event_id}",
    }
    user = None if ":" in key else key
    with write_transaction():
        inbox.store([NewEvent(event_id, key, user, "line", json.dumps(body), at, localtime.now())])


@dataclass
class NoteTakingLine:
    """Takes the place of LINE: answers 200 unless set otherwise, and records its calls."""

    answers: deque[Answer] = field(default_factory=deque)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    units: list[str | None] = field(default_factory=list)
    """The aggregation unit of each push."""
    spent: bool | None = False
    this_month: Month | None = None
    contents: dict[str, Iterable[bytes]] = field(default_factory=dict)
    """What customers sent, by message id; LINE has nothing else."""

    def reply(self, reply_token: str | None, messages: list[Message]) -> Answer:
        return self._note("reply", str(reply_token), messages)

    def push(self, to: str, messages: list[Message], retry_key: str, unit: str | None = None) -> Answer:
        self.keys.append(retry_key)
        self.units.append(unit)
        return self._note("push", to, messages)

    def multicast(
        self, to: list[str], messages: list[Message], retry_key: str, unit: str | None = None
    ) -> Answer:
        self.keys.append(retry_key)
        self.units.append(unit)
        return self._note("multicast", ",".join(to), messages)

    def validate_multicast(self, messages: list[Message]) -> Answer:
        return self._note("validate", "", messages)

    def link_token(self, line_user_id: str | None) -> Answer:
        return Answer(200, f'{{"linkToken": "of-{line_user_id}"}}')

    def profile(self, line_user_id: str | None) -> Answer:
        self.calls.append(("profile", str(line_user_id)))
        return self.answers.popleft() if self.answers else Answer(200, '{"displayName":"花子"}')

    def content(self, message_id: str, take: Callable[[bytes], None]) -> Answer:
        self.calls.append(("content", message_id))
        if self.answers:
            return self.answers.popleft()
        for chunk in self.contents.get(message_id, ()):
            take(chunk)
        return Answer(200 if message_id in self.contents else 404)

    def show_rich_menu(self, line_user_id: str, menu_id: str) -> Answer:
        self.calls.append(("menu", line_user_id, menu_id))
        return self.answers.popleft() if self.answers else Answer(200, "{}")

    def month_is_spent(self) -> bool | None:
        return self.spent

    def month(self) -> Month | None:
        return self.this_month

    def unit_statistics(self, unit: str, first_on: date, last_on: date) -> Answer:
        self.calls.append(("statistics", unit, str(first_on), str(last_on)))
        return self.answers.popleft() if self.answers else Answer(200, "{}")

    def _note(self, kind: str, to: str, messages: list[Any]) -> Answer:
        self.calls.append((kind, to, *(str(each["text"]) for each in messages)))
        return self.answers.popleft() if self.answers else Answer(200, "{}", "request-1")
