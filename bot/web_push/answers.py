"""What a push service's answer means, and when to try again. Pure.

Source: RFC 8030, 5 and 7.3; https://datatracker.ietf.org/doc/html/rfc8030
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
MOST_ATTEMPTS = 8
_MONTH = timedelta(days=30)


class Outcome(StrEnum):
    """What is done after a try."""

    SENT = "sent"
    GONE = "gone"
    """The browser has ended the subscription: it is deleted."""
    AGAIN = "again"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and with AGAIN how long to wait."""

    outcome: Outcome
    wait: timedelta = timedelta()


def verdict(status: int | None, attempt_count: int, retry_after: str | None = None) -> Verdict:
    """What follows from that status; None when nobody answered. `attempt_count` counts this try."""
    if status is not None and 200 <= status < 300:
        return Verdict(Outcome.SENT)
    if status in (404, 410):
        return Verdict(Outcome.GONE)
    if status is not None and status != 429 and status < 500:
        return Verdict(Outcome.FAILED)
    if attempt_count >= MOST_ATTEMPTS:
        return Verdict(Outcome.FAILED)
    waits = min(FIRST_WAIT * 2 ** (attempt_count - 1), LONGEST_WAIT)
    if retry_after is not None and retry_after.isdecimal() and len(retry_after) < 9:
        waits = max(waits, min(timedelta(seconds=int(retry_after)), _MONTH))
    return Verdict(Outcome.AGAIN, waits)
