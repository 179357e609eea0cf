"""Publishes the rich menus when an owner asks for it in the console (`bot/queue/menu_publishing.py`).

In a process of its own, `manage.py menu publish`: drawing and LINE's SDK need memory that the clock would never
give back.
"""

import subprocess
import sys

from bot import log
from bot.config import settings
from bot.queue import menu_publishing
from bot.queue.menu_publishing import DONE, FAILED, RUNNING

MOST_SECONDS = 120
MOST_SAID = 500


def publish_if_wanted() -> int:
    """Publish the menus if that was asked for; how many times (0 or 1)."""
    # One that runs is taken up again: the clock that began it has died.
    if not menu_publishing.state().is_under_way:
        return 0
    menu_publishing.keep(RUNNING)
    try:
        done = subprocess.run(
            [sys.executable, str(settings.ROOT / "manage.py"), "menu", "publish"],
            cwd=settings.ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
        said = "" if done.returncode == 0 else (done.stderr or done.stdout or "?").strip()[-MOST_SAID:]
    except (OSError, subprocess.TimeoutExpired) as failed:
        said = type(failed).__name__
    menu_publishing.keep(FAILED if said else DONE, said)
    if said:
        log.warning("the rich menus were not published")
    return 1
