"""Finds what the customer can tap in the shop's latest messages, so that a label typed by hand counts as the
tap.

Read from what was sent, so that no second list of buttons can differ from it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.line.multicast_delivery import DISSOLVED
from bot.queue.outbox import SHOWN, OutboxMessage

CALLS = 3
"""How many of the latest calls are read; older buttons have scrolled away."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One action that can be tapped."""

    label: str
    text: str
    """What a tap writes in the customer's name; empty when it writes nothing."""
    data: str
    """A postback's data; empty for other actions."""
    is_latest: bool
    """Whether it is in the latest call."""


def actions(conversation_id: int) -> list[Offered]:
    """The actions in the latest calls to that conversation, newest call first."""
    rows = (
        OutboxMessage.select(OutboxMessage.messages)
        .where(OutboxMessage.conversation == conversation_id, OutboxMessage.kind.in_(SHOWN))
        .where(OutboxMessage.state != DISSOLVED)
        .order_by(OutboxMessage.id.desc())
        .limit(CALLS)
    )
    return [each for place, row in enumerate(rows) for each in _in(json.loads(row.messages), place == 0)]


def _in(part: Any, is_latest: bool) -> Iterator[Offered]:
    if isinstance(part, list):
        for each in part:
            yield from _in(each, is_latest)
    elif isinstance(part, dict):
        if part.get("type") in ("postback", "message"):
            text = str(part.get("displayText") or part.get("text") or "")
            label = part.get("label") or (text if "data" in part else "")
            if label:
                yield Offered(str(label), text, str(part.get("data") or ""), is_latest)
        for each in part.values():
            yield from _in(each, is_latest)
