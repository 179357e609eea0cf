"""Keeps what the checks found last, so that opening a page does not ask LINE each time.

In the memory of the web process, of which there is one; a restart checks anew.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import localtime
from bot.checks import running
from bot.checks.result import Result
from bot.config import settings

STALE_AFTER = timedelta(hours=1)
FAULT_STALE_AFTER = timedelta(minutes=2)
"""Whoever mends something wants to see that it is mended."""
NOT_BEFORE = timedelta(seconds=15)
"""How soon the button checks again: LINE takes 60 tries of the webhook an hour."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found, and when."""

    results: list[Result]
    at: datetime


_mutex = threading.Lock()
_latest: Checked | None = None


def shown() -> Checked:
    """What was found last; checks when that is old, which a fault is sooner."""
    is_well = _latest is None or running.is_well(_latest.results)
    return _not_older_than(STALE_AFTER if is_well else FAULT_STALE_AFTER)


def again() -> Checked:
    """Check now, unless that was just done."""
    return _not_older_than(NOT_BEFORE)


def forget() -> None:
    """Check anew when it is asked for next."""
    global _latest
    _latest = None


def _not_older_than(age: timedelta) -> Checked:
    global _latest
    with _mutex:  # whoever comes meanwhile gets what this finds
        now = localtime.machine_now()
        if _latest is None or not timedelta(0) <= now - _latest.at < age:
            _latest = Checked(running.everything(settings.current()), now)
        return _latest
