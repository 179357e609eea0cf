"""DOOR. Starts the timetable's work at its times; the work itself is durable in the database."""

import signal
import threading
from datetime import timedelta

import schedule

from bot import database, heartbeat, localtime
from bot.starting import start
from console import answer_figures, summary
from handlers import register, timetable
from rewards import rule_versions

TICK_SECONDS = 0.5
BEAT_TICKS = 10
A_JUMP = timedelta(minutes=5)
FIGURES = (
    timetable.Job("count the owner's figures", timedelta(hours=1), summary.refresh),
    timetable.Job("count the figures of the answers", timedelta(hours=1), answer_figures.refresh),
)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    start(register)
    rule_versions.keep_current()
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    for job in (*timetable.JOBS, *FIGURES):
        schedule.every(int(job.every.total_seconds())).seconds.do(timetable.run, job)
    tick(stopping)
    database.close()


def tick(stopping: threading.Event) -> None:
    """Run what is due. All of it at the start, and when time has jumped: the machine slept, or the demo travelled."""
    before = None
    ticks = 0
    while not stopping.is_set():
        now = localtime.now()
        jumped = before is None or abs(now - before) > A_JUMP
        if jumped:
            timetable.run_all()
            for job in FIGURES:
                timetable.run(job)
        schedule.run_pending()
        if jumped or ticks % BEAT_TICKS == 0:
            heartbeat.beat("clock")
        before, ticks = now, ticks + 1
        stopping.wait(TICK_SECONDS)


if __name__ == "__main__":
    main()
