"""What the log says while requests cannot be served because the database is away: a line when it begins, one now and
then, one when it is over. A line for each request would bury everything else."""

import threading
import time

from bot import log

LINE_EVERY_SECONDS = 10.0

_mutex = threading.Lock()
_refused_count = 0
_line_at = float("-inf")


def refused(error: BaseException) -> None:
    """A request was answered with 503."""
    global _refused_count, _line_at
    with _mutex:
        _refused_count += 1
        if time.monotonic() - _line_at < LINE_EVERY_SECONDS:
            return
        _line_at, count = time.monotonic(), _refused_count
    why = str(error).partition("\n")[0][:200]
    log.error("database unavailable", answered_503=count, error=type(error).__name__, why=why)


def over() -> None:
    """A request that needed the database was served."""
    global _refused_count, _line_at
    if not _refused_count:
        return
    with _mutex:
        count, _refused_count, _line_at = _refused_count, 0, float("-inf")
    if count:
        log.warning("database answers again", answered_503=count)
