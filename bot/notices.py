"""Decides what the owner is told about the machine itself: the month's limit, parked events, a refused token.

A notice stands until what caused it is gone; the console shows those that stand on every page.
"""

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, insert_once


class Notice(Model):
    """One thing the owner should know, once a cause."""

    cause = peewee.CharField(unique=True)
    sentence = peewee.TextField()
    raised_at = UtcDateTimeField()


def notify(cause: str, sentence: str) -> bool:
    """Put the notice up; False when it stands already."""
    return insert_once(Notice, cause=cause, sentence=sentence, raised_at=localtime.now()) is not None


def change(cause: str, sentence: str) -> None:
    """The notice that stands says this now."""
    Notice.update(sentence=sentence).where(Notice.cause == cause).execute()


def take_down(cause: str) -> None:
    """What caused it is gone."""
    Notice.delete().where(Notice.cause == cause).execute()


def current() -> list[Notice]:
    """The notices to show, oldest first."""
    return list(Notice.select().order_by(Notice.id))
