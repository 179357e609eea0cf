"""The clock's job that counts which products are bought together and next, once a night and when that was never done.

The nightly count catches up: where the clock was off, it begins when the clock runs again. It goes on in the next run
where the time of one is over, and after a restart.
"""

import time

from bot import localtime
from bot.db.database import write_transaction
from bot.db.workloads import background_work, tidy_log
from journeys.recommendations import counting

BEGINS_AT_HOUR = 3
"""The shop's hour from which the nightly count may begin."""
SECONDS_A_RUN = 5.0
"""How long one run may count: other jobs must not wait long."""


def count_pairs() -> int:
    """Count as far as the time goes; how many people who bought anything were counted."""
    count, until = 0, time.monotonic() + SECONDS_A_RUN
    with background_work():
        while time.monotonic() < until:
            if counting.unfinished() is None and not _is_due():
                break
            with write_transaction():
                counted = counting.count_chunk(localtime.now())
            count += counted or 0
            if counted is None:
                break
            tidy_log()
    return count


def _is_due() -> bool:
    now, before = localtime.now(), counting.current()
    return before is None or (
        localtime.local_date(before.started_at) < localtime.local_date(now)
        and localtime.local(now).hour >= BEGINS_AT_HOUR
    )
