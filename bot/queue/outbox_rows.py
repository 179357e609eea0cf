"""A row of the outbox as the process that sends it holds it, and the kinds of rows."""

from dataclasses import dataclass
from datetime import datetime

from bot.line.channels import MAIN
from bot.line.delivery import NO_DOUBT, PUSH, REPLY, Doubt

PROFILE, CONTENT, LINK_TOKEN, MENU = "profile", "content", "link-token", "menu"
MULTICAST = "multicast"
"""Part of a call with many recipients, which `multicasts.py` sends; never leased by itself."""
MESSAGES = (REPLY, PUSH)
"""The kinds that are sent one by one, each chat in its order; the others ask LINE for something."""
SHOWN = (*MESSAGES, MULTICAST)
"""The kinds that the customer gets as messages."""


@dataclass(slots=True)
class OutboxRow:
    """One row, held by the process that leased it."""

    id: int
    conversation_id: int
    kind: str
    messages: str
    cause: str
    reply_token: str | None
    reply_until: datetime | None
    retry_key: str
    leased_by: str
    aggregation_unit: str | None = None
    """The name under which LINE sums up what people do with the push; dropped when LINE refuses it."""
    by_day_only: bool = False
    """In the quiet hours it waits for the morning, whatever delayed it."""
    channel: str = MAIN
    """The LINE account that it goes from."""
    attempt_count: int = 0
    doubt: Doubt = NO_DOUBT
    has_unwritten_refusal: bool = False
    """LINE refused the reply token, and that is not in the database yet."""
