"""Shared by the benchmarks: processes of the product, a fake LINE, signed webhook bodies, tables."""

import base64
import hashlib
import hmac
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import urllib3

from bot.db import database
from script import postgres

ROOT = Path(__file__).resolve().parent.parent
SECRET = "channel-secret-of-the-benchmarks"  # noqa: S105 - signs nothing but the bodies made here
TOKEN = "access-token-of-the-benchmarks"  # noqa: S105 - likewise
GUNICORN = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--keep-alive", "30")
_numbers = itertools.count(int(time.monotonic() * 1e6))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, line_url: str, folder: Path) -> dict[str, str]:
    """The environment variables of a process of the product under measurement."""
    (folder / "shop.toml").touch()
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_BASIC_ID": "@benchmark",
        "PUBLIC_URL": "https://goen.example",
        "SECRET_KEY": "a-secret-key-of-the-benchmarks-0123456789",
        "SHOP_NAME": "ひだまり堂",
        "DATABASE_URL": database_url,
        "LINE_API_URL": line_url,
        "LINE_DATA_API_URL": line_url,
        "DATA_DIR": str(folder),
        "SHOP_TOML": str(folder / "shop.toml"),
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def process(
    command: Sequence[str], environ: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """Run the command until the block ends; it is killed with its children."""
    started = subprocess.Popen(
        list(command),
        cwd=ROOT,
        env=dict(environ) if environ else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if not os.environ.get("BENCHMARK_SHOW_LOGS") else None,
        start_new_session=True,
        text=True,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@contextmanager
def server(command: Sequence[str], port: int, environ: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server on `port`; yields its process id once it listens."""
    with process(command, environ) as started:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > until or started.poll() is not None:
                    raise RuntimeError(f"{' '.join(command)} does not listen on {port}") from None
                time.sleep(0.05)
        yield started.pid


def gunicorn(app: str, port: int) -> list[str]:
    """The command of gunicorn with that WSGI app, for comparison."""
    bind = ["--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *GUNICORN, *bind, app]


def ours(port: int, environ: dict[str, str]) -> tuple[list[str], int, dict[str, str]]:
    """The Procfile's web process on that port, as `server` expects it."""
    return [sys.executable, "app.py", "127.0.0.1"], port, environ | {"PORT": str(port)}


@dataclass(frozen=True)
class LineStandIn:
    """A running fake LINE, which answers every call, at once or after a latency, and counts."""

    url: str

    def count(self) -> int:
        """Calls answered so far."""
        return int(urllib3.request("GET", f"{self.url}/count").data)


@contextmanager
def line_stand_in(latency_seconds: float = 0.0) -> Iterator[LineStandIn]:
    """Run `benchmarks/line_stand_in.py` until the block ends."""
    port = free_port()
    with server([sys.executable, "-m", "benchmarks.line_stand_in", str(port), str(latency_seconds)], port):
        yield LineStandIn(f"http://127.0.0.1:{port}")


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """URLs of a new SQLite and a new PostgreSQL database with all tables (PostgreSQL only where it is installed)."""
    urls = {"SQLite": f"sqlite:///{folder / 'goen.sqlite3'}"}
    with ExitStack() as stack:
        programs = postgres.find()
        if programs:
            urls["PostgreSQL"] = stack.enter_context(postgres.running(programs, durable=True))
        for url in urls.values():
            database.connect(url)
            database.migrate()
            database.close()
        yield urls


def events(count: int, customer_count: int = 1000) -> list[dict[str, object]]:
    """Text messages with new ids."""
    now = int(time.time() * 1000)
    made: list[dict[str, object]] = []
    for number in itertools.islice(_numbers, count):
        user = f"U{number % customer_count:032x}"
        made.append(
            {
                "type": "message",
                "webhookEventId": f"{number:026d}",
                "timestamp": now,
                "source": {"type": "user", "userId": user},
                "replyToken": f"{number:032x}",
                "mode": "active",
                "deliveryContext": {"isRedelivery": False},
                "message": {
                    "type": "text",
                    "id": str(number),
                    "quoteToken": "q",
                    "text": "ポイントを教えてください",
                },
            }
        )
    return made


def signed(batch: Sequence[dict[str, object]]) -> tuple[str, bytes]:
    """A webhook body with those events, and its signature."""
    raw = json.dumps({"destination": "U0", "events": list(batch)}, ensure_ascii=False).encode()
    return base64.b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode(), raw


def spread(values: Sequence[float]) -> str:
    """The median, the least and the greatest of the rounds, as text."""
    return f"{median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def ratio(ours: Sequence[float], yardstick: Sequence[float]) -> str:
    """Ours divided by the yardstick's, round by round: the median ratio, the least and the greatest, as text."""
    each = [mine / theirs for mine, theirs in zip(ours, yardstick, strict=True)]
    return f"{median(each):.2f} ({min(each):.2f} to {max(each):.2f})"


def table(title: str, rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a Markdown table; the first is its head."""
    print(f"\n{title}\n")
    for number, row in enumerate(rows):
        print("| " + " | ".join(row) + " |")
        if number == 0:
            print("|" + " --- |" * len(row), flush=True)
