"""Runs the demo for developers: prints the logs of its processes, and restarts these when a file is saved.

Setting the checkout up is left to run.py; what the demo consists of, to demo/setup.py.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from watchfiles import DefaultFilter, watch

from commands.demo import MACHINERY, hire, welcome
from demo.setup import Stage, StageUnfit
from demo.shop.people import CUSTOMER_COUNT
from script.environment import ROOT

NOT_THE_PRODUCT = {"tests", "benchmarks", "script", "docs", "var"}
SUFFIXES = (".py", ".html", ".mo", ".toml")
STARTED_ONCE = ("demo/", "commands/demo.py")
"""These run in this process, with the phone and its chats, and are not reloaded."""
READ_LOGS_EVERY_MS = 300


class Product(DefaultFilter):
    """The files that the product's processes read as they start."""

    def __call__(self, change: object, path: str) -> bool:
        return path.endswith(SUFFIXES) and super().__call__(change, path)  # type: ignore[arg-type]


def main() -> int:
    """Run until Ctrl+C; returns the exit code."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with Stage(
            options.port,
            options.bot_port or options.port + 1,
            options.folder,
            customer_count=CUSTOMER_COUNT,
            hire=hire,
            machinery=MACHINERY,
        ) as stage:
            print(welcome(stage), flush=True)
            _follow(stage)
    except StageUnfit as unfit:
        print(unfit, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe demo has ended.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/dev",
        description="The demo, with its logs in this terminal; a saved file starts web, worker and clock anew.",
    )
    parser.add_argument("--port", type=int, default=8000, help="port of the phone page (8000)")
    parser.add_argument("--bot-port", type=int, help="port of the bot and the console (the one after --port)")
    parser.add_argument("--folder", type=Path, help="keep the demo's data there, to go on another day")
    return parser


def _follow(stage: Stage) -> None:
    read: dict[str, int] = {name: path.stat().st_size for name, path in stage.logs.items() if path.exists()}
    watched = watch(
        *places(), watch_filter=Product(), yield_on_timeout=True, rust_timeout=READ_LOGS_EVERY_MS, step=100
    )
    for changes in watched:
        changed = sorted({Path(path).relative_to(ROOT).as_posix() for _, path in changes})
        if once := [name for name in changed if name.startswith(STARTED_ONCE)]:
            print(
                f"dev     | {', '.join(once)}: to see this change, press Ctrl+C and start again", flush=True
            )
        if set(changed) - set(once):
            print(f"dev     | {', '.join(changed)}: starting web, worker and clock anew", flush=True)
            stage.restart()
        for line in new_lines(stage.logs, read):
            print(line, flush=True)


def places() -> list[Path]:
    """The folders and files to watch."""
    folders = {path.parent for path in ROOT.glob("*/*.py") if path.parent.name not in NOT_THE_PRODUCT}
    return sorted(folders | {*ROOT.glob("*.py"), ROOT / "shop.toml"})


def new_lines(logs: dict[str, Path], read: dict[str, int]) -> Iterator[str]:
    """What was written since the last call, each line with the process that wrote it; `read` is how far that was."""
    for name, path in logs.items():
        if path.exists():
            with path.open("rb") as log:
                log.seek(read.get(name, 0))
                whole, newline, _ = log.read().rpartition(b"\n")
            read[name] = read.get(name, 0) + len(whole) + len(newline)
            for line in whole.decode(errors="replace").splitlines():
                yield f"{name:<8}| {line}"


if __name__ == "__main__":
    sys.exit(main())
