"""The clock's job for planned messages: puts an event for each customer for whom some have come due."""

from datetime import timedelta

from bot import localtime, notices
from bot.db.database import write_transaction
from journeys.sending import release, waiting

AT_ONCE = 500
FAULTS_ARE_SHOWN = timedelta(days=7)
"""How long the notice of a message that could not be made stays, unless another fails."""


def release_planned_messages() -> int:
    """Put `messages.due` for every message whose time has come, in batches; how many messages."""
    count = 0
    _take_down_old_notices()
    while waiting.anything_due():
        with write_transaction():
            moved = waiting.put_due_events(AT_ONCE)
        count += moved
        if not moved:
            break
    return count


def _take_down_old_notices() -> None:
    before = localtime.now() - FAULTS_ARE_SHOWN
    shown = [each for each in notices.current() if each.cause.startswith(release.NOTICE)]
    if any(each.raised_at < before for each in shown):
        with write_transaction():
            notices.take_down_older(release.NOTICE, before)
