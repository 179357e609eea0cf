"""Measures the export of a whole shop and the erasure of one customer: `python -m benchmarks.everything_out URL
--customers 300000`. The database at URL must be empty, or filled by an earlier run (`--filled`).

Each is done in a process of its own, of which processor time and greatest memory are shown. What memory does not
depend on is the shop: the line "ready" is what the process holds before it begins.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks import large_shop
from benchmarks.measure import environment, table
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from bot.starting import start
from console.data import erasing, whole_export
from handlers import register

ERASED = (9, 19, 29)
"""Customers with ten orders each."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work took."""

    seconds: float
    cpu_seconds: float
    most_mb: float
    said: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--customers", type=int, default=300_000)
    options.add_argument("--filled", action="store_true", help="measure what an earlier run filled")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not given.filled:
            _apart(_fill, given.url, folder, given.customers)
        rows = [("work", "seconds", "processor seconds", "most MB", "")]
        for work in (_ready, _export, _erase):
            cost = _apart(work, given.url, folder, given.customers)
            name, most = work.__name__.strip("_"), f"{cost.most_mb:.0f}"
            rows.append((name, f"{cost.seconds:.2f}", f"{cost.cpu_seconds:.2f}", most, cost.said))
        table(f"Everything out of a shop of {given.customers:,} customers", rows)


def _apart(work: Callable[[str, int], str], url: str, folder: str, customers: int) -> Cost:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_measured, work, url, folder, customers).result()


def _measured(work: Callable[[str, int], str], url: str, folder: str, customers: int) -> Cost:
    start(register, settings.load(environment(url, "http://127.0.0.1:9", Path(folder))), migrated=False)
    database.migrate()
    began, cpu = time.perf_counter(), time.process_time()
    said = work(folder, customers)
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(time.perf_counter() - began, time.process_time() - cpu, most_mb, said)


def _fill(_folder: str, customers: int) -> str:
    large_shop.fill(1, customers)
    return ""


def _ready(_folder: str, _customers: int) -> str:
    return ""


def _export(folder: str, _customers: int) -> str:
    path = Path(folder) / "export.zip"
    rows = whole_export.write(path)
    return f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB"


def _erase(_folder: str, _customers: int) -> str:
    counts = []
    for customer_id in ERASED:
        with write_transaction():
            counts.append(erasing.erase(customer_id, None).count)
    return f"{len(counts)} customers, {sum(counts)} rows"


if __name__ == "__main__":
    main()
