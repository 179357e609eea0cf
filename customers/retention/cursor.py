"""How far the deletion of old data has come, for each kind, so that no run looks at the same rows again."""

import peewee

from bot.db import erasure
from bot.db.database import Model, require_transaction


class RetentionCursor(Model):
    """The highest id that one kind has passed."""

    name = peewee.CharField(16, unique=True)
    position = peewee.BigIntegerField(default=0)

    class Meta:
        table_name = "retention_cursor"


def position(name: str) -> int:
    """The highest id that was passed."""
    found = RetentionCursor.get_or_none(RetentionCursor.name == name)
    return 0 if found is None else int(found.position)


def advance(name: str, to: int) -> None:
    """Note that everything up to that id was passed."""
    require_transaction()
    RetentionCursor.insert(name=name, position=to).on_conflict(
        conflict_target=[RetentionCursor.name], update={RetentionCursor.position: to}
    ).execute()


erasure.nothing("It says how far a deletion has come.", RetentionCursor)
