"""The clock process: starts the jobs of `handlers/timetable.py` at their times and, in a thread of its own, counts the
owner's figures. What they do is stored in the database."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import schedule

from bot import localtime
from bot.config import changed_settings
from bot.db import database
from bot.starting import start, wait_for_settings
from bot.worker import heartbeat
from console.data import work as data_work
from console.figures import answers, campaigns, effects, flows, messages
from console.ltv import counted as ltv
from console.ranks import figures as rank_figures
from console.referrals import figures as referral_figures
from console.reports import monthly
from console.stages import belt_figures, recency_figures, rfm_figures
from console.today import counted as today
from handlers import register, timetable
from handlers.timetable import Job
from rewards.ranks import versions

TICK_SECONDS = 0.5
PAUSE_SECONDS = 2.0
"""The pause after the database could not be used."""
CLOCK_JUMP = timedelta(minutes=5)
"""Between two rounds, a change of the clock by more than this makes every job due."""
HEARTBEAT = Job("give a sign of life", timedelta(seconds=5), lambda: heartbeat.beat("clock"))
JOBS = (
    *timetable.JOBS,
    Job("back up and export", timedelta(seconds=5), data_work.start_next),
    Job("delete old backups and exports", timedelta(minutes=10), data_work.delete_old),
)
COUNTS = (
    Job("count the figures of the answers", timedelta(hours=1), answers.refresh),
    Job("count the figures of the flows", timedelta(hours=1), flows.refresh),
    Job("count the figures of campaigns", timedelta(hours=1), campaigns.refresh),
    Job("count the effects", timedelta(hours=1), effects.refresh),
    Job("count the figures of referrals", timedelta(hours=1), referral_figures.refresh),
    Job("count the figures of ranks and points", timedelta(hours=1), rank_figures.refresh),
    Job("count the figures of the messages", timedelta(hours=1), messages.refresh),
    Job("count sales and LTV", timedelta(hours=1), ltv.refresh),
    Job("make the month's report", timedelta(minutes=1), monthly.make_next),
    Job("count the figures of today", timedelta(hours=1), today.refresh),
    Job("count the figures of the stages", timedelta(hours=1), belt_figures.refresh),
    Job("count the figures of RFM", timedelta(hours=1), rfm_figures.refresh),
    Job("count the figures of repeat buyers", timedelta(hours=1), recency_figures.refresh),
)
"""The owner's figures. In a large shop they take minutes, so they have a thread of their own: whatever a customer waits
for goes on."""


def main() -> None:
    """Run until SIGTERM or SIGINT; start again when an owner has changed a connection."""
    wait_for_settings("clock")
    start(register)
    versions.store_at_start()
    stopping = threading.Event()
    restart = changed_settings.Restart()

    def stop(*_: object) -> None:
        restart.cancel()
        stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    restart.watch(stopping.set)
    run(stopping)
    database.close()
    restart.go_on_if_due()


def run(stopping: threading.Event) -> None:
    """Run the jobs and the counts until stopping."""
    # A daemon: the end of the process does not wait for a long count, which writes once, at its end.
    threading.Thread(target=count, args=(stopping,), name="counts", daemon=True).start()
    tick(stopping)


def tick(stopping: threading.Event) -> None:
    """Run the jobs that are due until stopping, with heartbeats in between. What an outage prevented stays due."""
    global _beat_at
    rounds = _Rounds(JOBS, _beat_if_due)
    while not stopping.is_set():
        if jumped := rounds.jumped():
            # Put off, so that it does not report the new time before the jobs are well under way.
            _beat_at = time.monotonic()
        is_done = rounds.run(stopping)
        if jumped and is_done:
            is_done = _beat_if_due(at_once=True)  # shows whoever waits that the day's jobs are done
        stopping.wait(TICK_SECONDS if is_done else PAUSE_SECONDS)


def count(stopping: threading.Event) -> None:
    """Count the owner's figures that are due, one after the other, until stopping."""
    rounds = _Rounds(COUNTS, lambda: True)
    while not stopping.is_set():
        rounds.jumped()
        stopping.wait(TICK_SECONDS if rounds.run(stopping) else PAUSE_SECONDS)
    database.close()


class _Rounds:
    """Which jobs of one thread are due. Every job is at the start, and when time has jumped: the machine slept, its
    clock was set, or the demo travelled."""

    def __init__(self, jobs: Sequence[Job], between: Callable[[], bool]) -> None:
        """`between` is called before each job and after the last; False ends the round."""
        self._jobs, self._between = jobs, between
        self._scheduler = schedule.Scheduler()
        self._due: dict[str, Job] = {}
        self._ahead: datetime | None = None

    def jumped(self) -> bool:
        """Whether this is the first round or time has jumped since the last; then every job is due."""
        before, ahead = self._ahead, localtime.now() - timedelta(seconds=time.monotonic())
        self._ahead = ahead
        if before is not None and abs(ahead - before) <= CLOCK_JUMP:
            return False
        self._scheduler.clear()
        for job in self._jobs:
            self._due[job.name] = job
            every = self._scheduler.every(int(job.every.total_seconds()))
            every.seconds.do(self._due.__setitem__, job.name, job)
        return True

    def run(self, stopping: threading.Event) -> bool:
        """Run each due job once; False when the database cannot be used."""
        self._scheduler.run_pending()
        for job in list(self._due.values()):
            if stopping.is_set() or not self._between():
                break
            if not timetable.run(self._due.pop(job.name)):
                self._due[job.name] = job  # at the end: a job that always fails does not hold up the others
                return False
        return self._between()


_beat_at = float("-inf")


def _beat_if_due(*, at_once: bool = False) -> bool:
    """Write a heartbeat if one is due, or at once; False when it could not be written."""
    global _beat_at
    if not at_once and time.monotonic() - _beat_at < HEARTBEAT.every.total_seconds():
        return True
    if not timetable.run(HEARTBEAT):
        return False
    _beat_at = time.monotonic()
    return True


if __name__ == "__main__":
    main()
