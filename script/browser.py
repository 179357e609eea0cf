"""Finds the browser that the tests drive: an installed one, else Debian's, else Playwright's own.

Launching it is left to tests/conftest.py.
"""

import os
import shutil
import subprocess
from pathlib import Path

from script import environment

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FONTS = ("fonts-noto-cjk", "fonts-noto-color-emoji")  # Japanese, and emoji
DEBIAN = ("chromium", *FONTS)
PLAYWRIGHTS_OWN = (
    "lib/python3.*/site-packages/playwright/driver/package/.local-browsers/chromium-*/chrome-*/chrome"
)
MISSING = "no browser: no Chromium or Chrome is installed, and neither Debian's nor Playwright's could be"


def find() -> str | None:
    """An installed browser that starts."""
    candidates = [os.environ.get("TEST_BROWSER"), *map(shutil.which, NAMES), MAC]
    candidates += [str(path) for path in sorted(environment.VENV.glob(PLAYWRIGHTS_OWN), reverse=True)]
    return next((path for path in candidates if path and _starts(path)), None)


def find_or_install() -> str | None:
    """A browser, installed first if there is none; None when that is not possible here."""
    found = find()
    if found and not _shows_japanese():
        _apt_install(*FONTS)
    if found is None:
        print("Installing a browser for the tests …", flush=True)
        found = (_apt_install(*DEBIAN) and find()) or (_playwright_install() and find()) or None
    return found


def _starts(path: str) -> bool:
    # Ubuntu's `chromium` may be a stub that only prints where to get one.
    if not Path(path).exists():
        return False
    return _quietly(path, "--version", seconds=30)


def _shows_japanese() -> bool:
    if shutil.which("fc-list") is None:
        return True  # cannot be checked; missing characters in pictures fail no test
    wanted = (":lang=ja", ":lang=und-zsye")  # Japanese, and emoji
    listed = (subprocess.run(["fc-list", each], stdout=subprocess.PIPE, check=False) for each in wanted)
    return all(each.stdout.strip() for each in listed)


def _apt_install(*packages: str) -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    install = ("apt-get", "install", "-y", "--no-install-recommends", *packages)
    # A list that is missing or old makes the first try fail.
    return _quietly(*install) or (_quietly("apt-get", "update") and _quietly(*install))


def _playwright_install() -> bool:
    return _quietly(str(environment.PYTHON), "-m", "playwright", "install", "chromium")


def _quietly(*command: str, seconds: int = 600) -> bool:
    # "0" keeps Playwright's browser inside .venv, whatever HOME is.
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "PLAYWRIGHT_BROWSERS_PATH": "0"}
    try:
        done = subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
