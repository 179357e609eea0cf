"""Measures how long LINE waits for a 200 while the worker has more events than it can handle, as after a
campaign.

python -m benchmarks.acknowledgement [ROUNDS]

The product's worker runs with all handlers; events are waiting before the first webhook comes and still after
the last. Meanwhile this process writes every 50 ms, as console, clock and commands do.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import measure
from benchmarks.measure import LineStandIn
from benchmarks.one_row_worker import BenchmarkEntry
from benchmarks.pipeline import fill, wait
from bot.db import database

CUSTOMERS, EVENTS_A_BODY, BODIES, CONNECTIONS = 200, 10, 500, 16
BACKLOG, WARM = 12_000, 100
MOST_SECONDS = 120
GOAL_MS = 250
BETWEEN_WRITES_SECONDS = 0.05


@dataclass
class Seen:
    """The measurements of one burst."""

    rate: float
    p50_ms: float
    p99_ms: float
    longest_ms: float
    worker_rate: float
    writes_ms: list[float] = field(default_factory=list)
    """How long each write of this process took."""


def burst(line: LineStandIn, url: str, folder: Path) -> Seen:
    """Post the webhooks while the worker works. Raises RuntimeError when the worker was done before the last of
    them."""
    database.connect(url)
    fill(BACKLOG)
    before, port = line.count(), measure.free_port()
    environ = measure.environment(url, line.url, folder)
    with (
        measure.process([sys.executable, "worker.py"], environ),
        measure.server(*measure.ours(port, environ)),
    ):
        wait(line, before + WARM)
        numbers = [MOST_SECONDS, EVENTS_A_BODY, CONNECTIONS, BODIES, CUSTOMERS]
        command = [sys.executable, "-m", "benchmarks.load", str(port), "/callback", *map(str, numbers)]
        begun, done = time.perf_counter(), _finished()
        with _writing() as writes_ms:
            shot = subprocess.run(command, cwd=measure.ROOT, capture_output=True, text=True, check=True)
        worker_rate = (_finished() - done) / (time.perf_counter() - begun)
        if not _pending():
            raise RuntimeError(
                "the worker had handled everything before the last webhook: it was not saturated"
            )
    figures = json.loads(shot.stdout)
    if figures["refused"]:
        raise RuntimeError(f"{figures['refused']} of {figures['count']} webhooks were refused")
    _finish_all()
    database.close()
    return Seen(
        figures["rate"], figures["p50_ms"], figures["p99_ms"], figures["longest_ms"], worker_rate, writes_ms
    )


@contextmanager
def _writing() -> Iterator[list[float]]:
    """Write now and then until the block ends, as another process would."""
    took: list[float] = []
    enough = threading.Event()

    def write() -> None:
        while not enough.wait(BETWEEN_WRITES_SECONDS):
            begun = time.perf_counter()
            with database.write_transaction():
                BenchmarkEntry.create(cause=str(time.monotonic_ns()), conversation_id=0)
            took.append((time.perf_counter() - begun) * 1000)
        database.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield took
    finally:
        enough.set()
        thread.join()


def _finished() -> int:
    return int(database.execute("SELECT count(*) FROM inbox_event WHERE state <> 'pending'").fetchone()[0])


def _pending() -> bool:
    return (
        database.execute("SELECT 1 FROM inbox_event WHERE state = 'pending' LIMIT 1").fetchone() is not None
    )


def _finish_all() -> None:
    """Finish all events, so that each round begins alike."""
    with database.write_transaction():
        database.execute("UPDATE inbox_event SET state = 'done' WHERE state = 'pending'")
        database.execute("UPDATE outbox_message SET state = 'dropped' WHERE state = 'due'")


def main(rounds: int) -> None:
    """Measure bursts on each database in turn, and print what LINE waited."""
    seen: dict[str, list[Seen]] = defaultdict(list)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        line = stack.enter_context(measure.line_stand_in())
        urls = stack.enter_context(measure.databases(folder))
        for url in urls.values():
            database.connect(url).create_tables([BenchmarkEntry])
            database.close()
        for _ in range(rounds):
            for name, url in urls.items():
                seen[name].append(burst(line, url, folder))
    report(seen)


def report(seen: dict[str, list[Seen]]) -> None:
    """Print what LINE waited, what the worker handled meanwhile, and how long another process's writes took."""
    head = ["database", "webhooks/s", "p50 ms", f"p99 ms (goal: {GOAL_MS})", "longest ms"]
    rows = [[*head, "worker's events/s", "another process's write: p50, p99, longest ms"]]
    for name, bursts in seen.items():
        writes = [sorted(each.writes_ms) for each in bursts]
        rows.append(
            [
                name,
                measure.spread([each.rate for each in bursts]),
                measure.spread([each.p50_ms for each in bursts]),
                measure.spread([each.p99_ms for each in bursts]),
                measure.spread([each.longest_ms for each in bursts]),
                measure.spread([each.worker_rate for each in bursts]),
                ", ".join(
                    f"{median(each[min(int(len(each) * share), len(each) - 1)] for each in writes):,.0f}"
                    for share in (0.5, 0.99, 1.0)
                ),
            ]
        )
    measure.table(f"{BODIES} webhooks of {EVENTS_A_BODY} events from {CUSTOMERS} people", rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
