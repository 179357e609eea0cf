"""The clock's job for planned messages: puts an event for each customer for whom some have come due."""

from bot.db.database import write_transaction
from journeys.sending import waiting

AT_ONCE = 500


def release_planned_messages() -> int:
    """Put `messages.due` for every message whose time has come, in batches; how many messages."""
    count = 0
    while waiting.anything_due():
        with write_transaction():
            moved = waiting.put_due_events(AT_ONCE)
        count += moved
        if not moved:
            break
    return count
