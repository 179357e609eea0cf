"""Measures how many events a second are answered, from stored event to accepted reply, compared with bare SDK
replies.

python -m benchmarks.pipeline [ROUNDS]
"""

import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import LineStandIn
from benchmarks.one_row_worker import BenchmarkEntry
from bot.db import database
from bot.queue import inbox
from bot.web.webhook import split

EVENTS, BARE_REPLIES = 2000, 1500
SENDERS, LATENCY_SECONDS, SLOW_EVENTS = 8, 0.05, 480
MOST_SECONDS = 60.0


def fill(count: int) -> None:
    """Store events as the webhook does."""
    _, raw = measure.signed(measure.events(count, customer_count=200))
    new = split(raw, datetime.now(UTC))
    with database.write_transaction():
        for start in range(0, count, 100):
            inbox.store(new[start : start + 100])


def wait(line: LineStandIn, count: int) -> float:
    """When LINE had received that many calls."""
    until = time.perf_counter() + MOST_SECONDS
    while line.count() < count:
        if time.perf_counter() > until:
            raise RuntimeError(f"only {line.count()} of {count} replies arrived")
        time.sleep(0.01)
    return time.perf_counter()


def answered(line: LineStandIn, url: str, folder: Path, count: int) -> float:
    """Events a second of a running worker; the time begins with the first reply."""
    database.connect(url)
    fill(20)  # so that the worker is warm when the time begins
    before = line.count()
    with measure.process(
        [sys.executable, "-m", "benchmarks.one_row_worker", str(SENDERS)],
        measure.environment(url, line.url, folder),
    ):
        wait(line, before + 20)
        begun = time.perf_counter()
        fill(count)
        rate = count / (wait(line, before + 20 + count) - begun)
    database.close()
    return rate


def whole(line: LineStandIn, url: str, folder: Path, count: int) -> float:
    """Events a second from the first webhook posted to the last reply received: web and worker share the machine."""
    database.connect(url)
    fill(20)
    before, port = line.count(), measure.free_port()
    environ = measure.environment(url, line.url, folder)
    with (
        measure.process([sys.executable, "-m", "benchmarks.one_row_worker", str(SENDERS)], environ),
        measure.server(*measure.ours(port, environ)),
    ):
        wait(line, before + 20)
        bodies = str(count // 10)
        command = [sys.executable, "-m", "benchmarks.load", str(port), "/callback", "30", "10", "8", bodies]
        begun = time.perf_counter()
        subprocess.run(command, cwd=measure.ROOT, stdout=subprocess.DEVNULL, check=True)
        rate = count / (wait(line, before + 20 + count) - begun)
    database.close()
    return rate


def bare(line: LineStandIn) -> float:
    """Replies a second of the SDK alone, the yardstick."""
    command = [sys.executable, "-m", "benchmarks.bare_replies", line.url, str(BARE_REPLIES)]
    return float(subprocess.run(command, cwd=measure.ROOT, capture_output=True, text=True, check=True).stdout)


def main(rounds: int) -> None:
    """Measure everything in turn, round after round, and print ratios."""
    seen: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        line = stack.enter_context(measure.line_stand_in())
        slow = stack.enter_context(measure.line_stand_in(LATENCY_SECONDS))
        urls = stack.enter_context(measure.databases(folder))
        for url in urls.values():
            database.connect(url).create_tables([BenchmarkEntry])
            database.close()
        for _ in range(rounds):
            seen["bare"].append(bare(line))
            for name, url in urls.items():
                seen[name].append(answered(line, url, folder, EVENTS))
                seen[f"{name}, whole"].append(whole(line, url, folder, EVENTS))
                seen[f"{name}, slow"].append(answered(slow, url, folder, SLOW_EVENTS))
        report(seen, list(urls))


def report(seen: dict[str, list[float]], names: Sequence[str]) -> None:
    """Print ratios against the yardsticks of the same rounds."""
    rows = [
        ["", "events/s", "÷ bare SDK replies/s"],
        ["bare SDK replies", measure.spread(seen["bare"]), "1.00"],
    ]
    for name in names:
        rows.append([f"{name}: worker", measure.spread(seen[name]), measure.ratio(seen[name], seen["bare"])])
        together = seen[f"{name}, whole"]
        rows.append(
            [f"{name}: web and worker", measure.spread(together), measure.ratio(together, seen["bare"])]
        )
    measure.table("Events answered, from stored (or posted) to taken by LINE", rows)
    most = [SENDERS / LATENCY_SECONDS] * len(seen["bare"])
    rows = [["", "events/s", f"÷ {SENDERS} senders at {LATENCY_SECONDS * 1000:.0f} ms"]]
    rows += [
        [name, measure.spread(seen[f"{name}, slow"]), measure.ratio(seen[f"{name}, slow"], most)]
        for name in names
    ]
    measure.table("Events answered while LINE takes its time", rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
