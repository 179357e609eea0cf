"""The clock process: starts the jobs of `handlers/timetable.py` at their times. What they do is stored in the
database."""

import signal
import threading
import time
from datetime import timedelta

import schedule

from bot import localtime
from bot.db import database
from bot.starting import start
from bot.worker import heartbeat
from console.figures import answers, summary
from handlers import register, timetable
from handlers.timetable import Job
from rewards.ranks import versions

TICK_SECONDS = 0.5
PAUSE_SECONDS = 2.0
"""The pause after the database could not be used."""
A_JUMP = timedelta(minutes=5)
SIGN_OF_LIFE = Job("give a sign of life", timedelta(seconds=5), lambda: heartbeat.beat("clock"))
JOBS = (
    *timetable.JOBS,
    Job("count the owner's figures", timedelta(hours=1), summary.refresh),
    Job("count the figures of the answers", timedelta(hours=1), answers.refresh),
)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    start(register)
    versions.store_at_start()
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    tick(stopping)
    database.close()


def tick(stopping: threading.Event) -> None:
    """Run what is due until stopping. Every job is due at the start, and when time has jumped: the machine
    slept, its clock was set, or the demo travelled. What an outage prevented stays due."""
    due: dict[str, Job] = {}
    ahead = None
    while not stopping.is_set():
        passed = localtime.now() - timedelta(seconds=time.monotonic())
        jumped = ahead is None or abs(passed - ahead) > A_JUMP
        if jumped:
            _begin_anew(due)
        ahead = passed
        schedule.run_pending()
        is_done = _work_off(due, stopping)
        if jumped and is_done:
            is_done = _is_alive(at_once=True)  # who waits for the day's work sees by this that it is done
        stopping.wait(TICK_SECONDS if is_done else PAUSE_SECONDS)


def _begin_anew(due: dict[str, Job]) -> None:
    """Make every job due now, and again at its intervals. The next heartbeat is put off, so that it does not
    report the new time before the jobs are well under way."""
    global _alive_at
    _alive_at = time.monotonic()
    schedule.clear()
    for job in JOBS:
        due[job.name] = job
        schedule.every(int(job.every.total_seconds())).seconds.do(due.__setitem__, job.name, job)


def _work_off(due: dict[str, Job], stopping: threading.Event) -> bool:
    """Run each due job once, with heartbeats in between; False when the database cannot be used."""
    for job in list(due.values()):
        if stopping.is_set() or not _is_alive():
            break
        if not timetable.run(due.pop(job.name)):
            due[job.name] = job  # at the end: one that always fails keeps no other from its turn
            return False
    return _is_alive()


_alive_at = float("-inf")


def _is_alive(*, at_once: bool = False) -> bool:
    """Write a heartbeat if one is due, or at once; False when it could not be written."""
    global _alive_at
    if not at_once and time.monotonic() - _alive_at < SIGN_OF_LIFE.every.total_seconds():
        return True
    if not timetable.run(SIGN_OF_LIFE):
        return False
    _alive_at = time.monotonic()
    return True


if __name__ == "__main__":
    main()
