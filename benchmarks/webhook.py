"""Measures how fast webhooks are stored durably, compared with an empty Flask app and the SDK's echo bot.

python -m benchmarks.webhook [ROUNDS]
"""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks import measure

SECONDS = 3
Figures = dict[str, float]


def shoot(port: int, size: int = 1) -> Figures:
    """One measurement: 32 connections for some seconds."""
    command = [sys.executable, "-m", "benchmarks.load", str(port), "/callback", str(SECONDS), str(size)]
    done = subprocess.run(command, cwd=measure.ROOT, capture_output=True, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    if figures["refused"]:
        raise RuntimeError(f"{figures['refused']:.0f} of {figures['count']:.0f} webhooks were refused")
    return figures


def main(rounds: int) -> None:
    """Measure everything in turn, round after round, and print ratios."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        line = stack.enter_context(measure.line_stand_in())
        urls = stack.enter_context(measure.databases(folder))
        ports: dict[str, int] = {}

        for name, app in (("Flask hello", "hello"), ("SDK echo", "echo")):
            ports[name] = measure.free_port()
            environ = measure.environment(urls["SQLite"], line.url, folder)
            command = measure.gunicorn(f"benchmarks.yardsticks:{app}", ports[name])
            stack.enter_context(measure.server(command, ports[name], environ))
        for name, url in urls.items():
            ports[name] = measure.free_port()
            environ = measure.environment(url, line.url, folder)
            stack.enter_context(measure.server(*measure.ours(ports[name], environ)))
        ours = list(urls)
        seen: dict[str, list[Figures]] = defaultdict(list)
        for _ in range(rounds):
            for name, port in ports.items():
                seen[name].append(shoot(port))
            for name in ours:
                seen[f"{name}, 20 events"].append(shoot(ports[name], 20))
        report(seen, ours)


def report(seen: dict[str, list[Figures]], ours: list[str]) -> None:
    """Print ratios against the yardsticks of the same rounds."""
    rates = {name: [each["rate"] for each in figures] for name, figures in seen.items()}
    rows = [["server", "requests/s", "÷ Flask hello", "÷ SDK echo", "p50 ms", "p99 ms", "p99 ÷ p50"]]
    for name in ["Flask hello", "SDK echo", *ours]:
        p50, p99 = (median(each[key] for each in seen[name]) for key in ("p50_ms", "p99_ms"))
        worth = [measure.ratio(rates[name], rates[other]) for other in ("Flask hello", "SDK echo")]
        rows.append(
            [name, measure.spread(rates[name]), *worth, f"{p50:.1f}", f"{p99:.1f}", f"{p99 / p50:.1f}"]
        )
    measure.table("Webhooks of one event, stored before 200", rows)
    rows = [["database", "events/s, 20 in a body", "÷ events/s, one in a body"]]
    for name in ours:
        twenty = [rate * 20 for rate in rates[f"{name}, 20 events"]]
        rows.append([name, measure.spread(twenty), measure.ratio(twenty, rates[name])])
    measure.table("Webhooks of twenty events", rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
