"""Stores notices to the owner about the system itself: the monthly limit, parked events, a refused token.

A notice remains until its cause is gone; every page of the console shows the current ones.
"""

from datetime import datetime
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once


class Notice(Model):
    """One notice to the owner, unique by its cause."""

    cause = peewee.CharField(unique=True)
    sentence = peewee.TextField()
    raised_at = UtcDateTimeField()


def notify(cause: str, sentence: str) -> bool:
    """Add a notice; False when there is one with that cause already."""
    return insert_once(Notice, cause=cause, sentence=sentence, raised_at=localtime.now()) is not None


def change(cause: str, sentence: str) -> None:
    """Replace the text of an existing notice."""
    Notice.update(sentence=sentence).where(Notice.cause == cause).execute()


def take_down(cause: str) -> None:
    """Remove the notice, since its cause is gone."""
    Notice.delete().where(Notice.cause == cause).execute()


def take_down_older(prefix: str, before: datetime) -> None:
    """Remove notices whose cause begins like this and that nothing has raised again since that time."""
    old = Notice.cause.startswith(prefix) & (Notice.raised_at < before)
    Notice.delete().where(old).execute()


def current() -> list[Notice]:
    """The notices to show, oldest first."""
    return list(Notice.select().order_by(Notice.id))


def _that_name(who: erasure.Person) -> Any:
    by_number = Notice.sentence.contains(f"#{who.customer_id}）")
    return by_number | Notice.sentence.contains(who.display_name) if who.display_name else by_number


erasure.deleted(Notice, _that_name)
