"""Checks settings, shop.toml and the database before a process starts; app.py, worker.py, clock.py and the
commands call it first."""

import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

from bot import log, outages, shop_versions
from bot.config import settings
from bot.config.settings import Settings
from bot.config.shop_faults import ShopFileError
from bot.db import database, database_wait
from bot.db.database_wait import Limits
from bot.text.two_languages import both, of_error, of_system, shown

UNFIT = 3
"""Exit status of a process whose environment is not fit to start in, so that a supervisor can distinguish it
from a crash: starting again would change nothing."""
DOES_NOT_ANSWER = both(
    "The database does not answer. Check DATABASE_URL and that its server runs.",
    "データベースが応答しません。DATABASE_URL が正しいか、データベースのサーバーが動いているかを確かめてください。",
)
OUT_OF_DATE = both(
    "The tables are not up to date. Run: python manage.py migrate",
    "データベースの表が新しい版になっていません。次を実行してください: python manage.py migrate",
)


def wait_for_settings(name: str) -> None:
    """Wait for good when nobody has given settings yet, and else return at once. A platform that starts this
    process beside the web process, which serves the set-up page, would otherwise start it again and again."""
    if not settings.is_first_start():
        return
    print(
        f"{name}: 設定がまだありません。webのログに出ている準備の画面で設定すると、動きはじめます。\n"
        f"{name}: there are no settings yet. It starts once they are made on the set-up page, whose address is in "
        "the log of web.",
        flush=True,
    )
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    stopping.wait()
    sys.exit(0)


def start(
    declare: Callable[[], None],
    config: Settings | None = None,
    *,
    migrated: bool = True,
    limits: Limits = database_wait.ALONE,
) -> Settings:
    """Read and check everything a process needs; prints what is wrong and exits with UNFIT when something is.

    `declare` imports the domains, so that they have declared their sections of shop.toml before it is read.
    `migrated` refuses tables that are not up to date. `limits` say how long threads wait for the database.
    """
    try:
        config = settings.use(config or settings.load())
        log.configure(config.log_level)
        log.leave_to(outages.report)
        declare()
        shop_versions.load(config.shop_toml)
        database.connect(config.database_url, limits)
        if migrated and not database.reachable():
            raise database.DatabaseUnfit(DOES_NOT_ANSWER)
        if migrated and database.pending_migrations():
            raise database.DatabaseUnfit(OUT_OF_DATE)
        shop_versions.refresh(at_once=True)
    except (settings.SettingsError, ShopFileError, database.DatabaseUnfit) as unfit:
        refuse(of_error(unfit))
    return config


def refuse(why: str) -> NoReturn:
    """Print why this process cannot start, in the system's language, and end with UNFIT."""
    print(shown(why, of_system()), file=sys.stderr)
    raise SystemExit(UNFIT) from None
