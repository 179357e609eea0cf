"""What the customer can tap in the shop's latest messages, so that a label typed by hand is the tap.

Read from what was sent: no second list of buttons can differ from it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.queue.outbox import MESSAGES, OutboxMessage

CALLS = 3
"""So many of the latest calls are looked through; what is older is out of sight."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing to tap."""

    label: str
    text: str
    """What a tap says in the customer's name; empty when it says nothing."""
    data: str
    """What a postback carries; empty for an action that is none."""
    is_latest: bool
    """Whether it stands in the last call."""


def actions(conversation_id: int) -> list[Offered]:
    """What stands in the latest calls to that conversation, the newest first."""
    rows = (
        OutboxMessage.select(OutboxMessage.messages)
        .where(OutboxMessage.conversation == conversation_id, OutboxMessage.kind.in_(MESSAGES))
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
