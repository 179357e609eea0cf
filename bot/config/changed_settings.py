"""Takes over settings that an owner changed in `.env` while the product runs, so that nobody restarts anything.

The web process puts them in force in place: it reads its settings anew for each request. Worker and clock, which hold
a client of LINE's, end their work in order and start again under the same process id.

Only what the console's page of connections may change is taken over; any other line of the file counts from the next
start, as ever. Where the settings come from outside (`SETTINGS_FILE` is not set), nothing is watched: the platform
starts its processes again itself. Writing the file is `env_file.py`'s.
"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from bot import log
from bot.config import env_file, settings
from bot.config.settings import SettingsError

NAMES = (
    *("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "LINE_BASIC_ID"),
    *("LINE_SUPPORT_CHANNEL_SECRET", "LINE_SUPPORT_CHANNEL_ACCESS_TOKEN", "LINE_SUPPORT_BASIC_ID"),
    *("LINE_LOGIN_CHANNEL_ID", "LINE_LOGIN_CHANNEL_SECRET"),
    *("SHOPIFY_WEBHOOK_SECRET", "ACCOUNT_LINK_URL"),
    *("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"),
)
"""What may change while the product runs."""
POLL_SECONDS = 0.5
Environ = dict[str, str]


class Changes:
    """Compares the file with the environment of this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._were_in_file = set(_read(path) or ())
        self._unfit: Environ | None = None

    def find(self) -> Environ | None:
        """The environment with the file's new values; None when there are none, or they cannot be used."""
        found = _read(self._path)
        if found is None:
            return None
        environ = settings.environment()
        new = {name: found[name] for name in NAMES if name in found and environ.get(name) != found[name]}
        gone = [
            name for name in NAMES if name in self._were_in_file and name not in found and name in environ
        ]
        if not (new or gone) or found == self._unfit:
            return None
        after = {name: value for name, value in (environ | new).items() if name not in gone}
        try:
            settings.load(after)
        except SettingsError as unfit:
            self._unfit = found
            log.warning("changed settings cannot be used and are not in force", reason=str(unfit))
            return None
        self._were_in_file |= set(found)
        log.info("settings were changed", names=", ".join([*new, *gone]))
        return after


class Restart:
    """Starts this process again, in its place, when settings have changed."""

    def __init__(self) -> None:
        self._environ: Environ | None = None
        self._cancelled = False

    def watch(self, stop: Callable[[], None]) -> None:
        """Call `stop` once, from another thread, when settings have changed."""

        def begin(environ: Environ) -> bool:
            self._environ = environ
            stop()
            return False

        _watch(begin)

    def cancel(self) -> None:
        """The process was asked to end: it does not start again."""
        self._cancelled = True

    def go_on_if_due(self) -> None:
        """Start again, if settings have changed; otherwise return. For the end of the main thread's work."""
        if self._environ is None or self._cancelled:
            return
        sys.stdout.flush()
        sys.stderr.flush()
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, self._environ)  # noqa: S606 -- no shell is what we want


def put_in_force_in_place() -> None:
    """Have each change put in force in this process, and in what it starts, without a restart."""

    def put(environ: Environ) -> bool:
        settings.replace(environ)
        return True

    _watch(put)


def _watch(take: Callable[[Environ], bool]) -> None:
    """Call `take` with each change, from a thread of its own, until it returns False."""
    path = settings.current().settings_file
    if path is None:
        return
    changes, pause = Changes(path), threading.Event()

    def wait() -> None:
        while True:
            environ = changes.find()
            if environ is not None and not take(environ):
                return
            pause.wait(POLL_SECONDS)

    threading.Thread(target=wait, name="settings", daemon=True).start()


def _read(path: Path) -> Environ | None:
    """The file's settings; None when it cannot be read just now."""
    try:
        return env_file.read(path)
    except (OSError, UnicodeDecodeError):
        return None
