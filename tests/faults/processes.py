"""The product's processes as the Procfile runs them, for tests that kill and overload them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import urllib3

from bot.config import settings as bot_settings
from tests.project_files import ROOT

PATIENCE_SECONDS = 30.0


class Process:
    """One line of the Procfile."""

    def __init__(self, name: str, environ: dict[str, str], folder: Path) -> None:
        lines = dict(
            each.split(": ", 1) for each in (ROOT / "Procfile").read_text().splitlines() if each[0] != "#"
        )
        self.name, self._path = name, folder / f"{name}.log"
        with self._path.open("ab") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", f"exec {lines[name]}"],
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> int:
        """Terminate it; its exit status."""
        self.process.terminate()
        return self.process.wait(20)

    def kill(self) -> None:
        if self.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self) -> str:
        return self._path.read_text(errors="replace")

    def entries(self) -> list[dict[str, Any]]:
        """Its log entries; every line must be JSON, but for what libpq prints by itself when the server ends a
        connection that is just being opened."""
        return [json.loads(line) for line in self.log().splitlines() if not line.startswith("FATAL:  ")]


def environment(config: bot_settings.Settings, port: int, folder: Path, **other: str) -> dict[str, str]:
    """The environment variables of a process with these settings."""
    given = {name.upper(): str(value) for name, value in config.model_dump().items() if value is not None}
    (folder / "shop.toml").touch()
    return (
        os.environ
        | given
        | {
            "SHOP_TOML": str(folder / "shop.toml"),
            "PORT": str(port),
            "PYTHONPATH": str(ROOT),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        | other
    )


def status(url: str, seconds: float = 5) -> int:
    """The status of a GET; 0 when there is no response in that time."""
    try:
        return urllib3.request("GET", url, retries=False, timeout=seconds).status
    except urllib3.exceptions.HTTPError:
        return 0


def wait_for(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)
