"""Audiences that the owner stored under a name, to use them again in other campaigns."""

import json

import peewee

from bot.db.database import Model, require_transaction
from journeys.audience.definition import Audience

LONGEST_NAME = 60


class SavedAudience(Model):
    """An audience's filters; who they hold for is counted anew each time."""

    name = peewee.CharField(LONGEST_NAME, unique=True)
    definition = peewee.TextField()

    class Meta:
        table_name = "saved_audience"


def every() -> list[SavedAudience]:
    """All of them, by name."""
    return list(SavedAudience.select().order_by(SavedAudience.name))


def find(saved_id: int) -> Audience | None:
    """The stored audience; None when there is none of that id."""
    row = SavedAudience.get_or_none(SavedAudience.id == saved_id) if 0 < saved_id < 2**31 else None
    return Audience.model_validate(json.loads(row.definition)) if row is not None else None


def store(name: str, audience: Audience) -> None:
    """Store the audience under that name, in the place of an earlier one of the same name."""
    require_transaction()
    text = json.dumps(audience.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    SavedAudience.insert(name=name, definition=text).on_conflict(
        conflict_target=[SavedAudience.name], update={SavedAudience.definition: text}
    ).execute()


def delete(saved_id: int) -> bool:
    """Delete it; campaigns keep the filters they took from it."""
    require_transaction()
    return bool(SavedAudience.delete().where(SavedAudience.id == saved_id).execute())
