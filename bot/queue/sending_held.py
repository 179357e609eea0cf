"""Holds all sending after a restore, until a person lets it go: a restored shop may have sent everything already that
its tables say is to be sent.

One row in the database. While it is there, the worker calls LINE for nothing (`bot/worker/sender.py`,
`bot/worker/multicast_sender.py`); events are handled all the same. What becomes of what is out of date when sending
begins again is `console/data/held_sending.py`'s.
"""

from datetime import datetime

import peewee

from bot import localtime
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction

NAME = "restore"


class SendingHold(Model):
    """That sending is held."""

    name = peewee.CharField(16, unique=True)
    held_at = UtcDateTimeField()
    data_from = UtcDateTimeField()
    """When the backup was made that was restored."""

    class Meta:
        table_name = "sending_hold"


def hold(data_from: datetime) -> None:
    """Hold all sending from now on; `data_from` is when the restored backup was made."""
    require_transaction()
    SendingHold.delete().execute()
    insert_once(SendingHold, name=NAME, held_at=localtime.now(), data_from=data_from)


def current() -> SendingHold | None:
    """What holds sending; None when nothing does."""
    found: SendingHold | None = SendingHold.get_or_none(SendingHold.name == NAME)
    return found


def is_held() -> bool:
    """Whether nothing may be sent now; one cheap query, asked before each batch."""
    return database.execute("SELECT 1 FROM sending_hold LIMIT 1").fetchone() is not None


def end() -> bool:
    """Let sending go on; False when it was not held."""
    require_transaction()
    return bool(SendingHold.delete().execute())


erasure.nothing("It says that sending is held.", SendingHold)
