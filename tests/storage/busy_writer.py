"""A process that writes one transaction after the other, or holds the next writer's lock, until it is killed.

python -m tests.storage.busy_writer write DATABASE_URL python -m tests.storage.busy_writer hold FILE
"""

import sys
import threading
import time

import peewee

from bot.db import database
from bot.db.sqlite_write_queue import ProcessesInTurn

TRANSACTION_SECONDS = 0.02


class Turn(database.Model):
    """One transaction of one process."""

    who = peewee.CharField()


def main(what: str, where: str) -> None:
    """Until killed."""
    if what == "hold":
        with ProcessesInTurn(where).next_place(time.monotonic() + 60):
            sys.stdout.write("held\n")
            sys.stdout.flush()
            threading.Event().wait()
    database.connect(where)
    while True:
        with database.write_transaction():
            Turn.create(who="the busy process")
            time.sleep(TRANSACTION_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
