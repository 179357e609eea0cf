"""Measures the memory of web, worker and clock after some work: resident size of each process.

python -m benchmarks.memory
"""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks import measure, pipeline

GOAL_MB = 256
EVENTS = 1000


def resident_mb(pid: int) -> float:
    """Resident megabytes of the process and its children."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own / 1024 + sum(resident_mb(int(child)) for child in children)


def post(port: int) -> None:
    """Post that many webhooks of one event over 32 connections, however long that takes."""
    command = [sys.executable, "-m", "benchmarks.load", str(port), "/callback", "60", "1", "32", str(EVENTS)]
    subprocess.run(command, cwd=measure.ROOT, stdout=subprocess.DEVNULL, check=True)


def main() -> None:
    """Start the three processes, let them work, print."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        line = stack.enter_context(measure.line_stand_in())
        url = stack.enter_context(measure.databases(folder))["SQLite"]
        environ, port = measure.environment(url, line.url, folder), measure.free_port()
        pids = {
            "worker": stack.enter_context(measure.process([sys.executable, "worker.py"], environ)).pid,
            "clock": stack.enter_context(measure.process([sys.executable, "clock.py"], environ)).pid,
            "web": stack.enter_context(measure.server(*measure.ours(port, environ))),
        }
        post(port)
        pipeline.wait(line, EVENTS)
        time.sleep(1)
        rows = [["process", "MB resident"]]
        sizes = {name: resident_mb(pid) for name, pid in pids.items()}
        rows += [[name, f"{size:.0f}"] for name, size in sizes.items()]
        rows.append([f"together (goal: {GOAL_MB})", f"{sum(sizes.values()):.0f}"])
        measure.table("Memory after work, SQLite", rows)


if __name__ == "__main__":
    main()
