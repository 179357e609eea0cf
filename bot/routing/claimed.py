"""One event as the worker takes it from the inbox; `events.py` reads what it means."""

from dataclasses import dataclass
from datetime import datetime

from bot.line.channels import MAIN


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event of the inbox that a worker has claimed, with the open exchange of its conversation."""

    id: int
    event_id: str
    conversation_id: int
    source: str
    body: str
    occurred_at: datetime
    received_at: datetime
    attempt_count: int
    line_user_id: str | None
    exchange_kind: str | None
    exchange_data: str | None
    exchange_until: datetime | None
    channel: str = MAIN
    """The LINE account that it came to."""
