"""Stores filters that staff gave a name, to use again for a campaign or a list of customers."""

import json
from typing import Any

from bot import localtime
from bot.db.database import insert_once, require_transaction
from journeys.audience.definition import Audience
from journeys.audience.tables import SavedAudience

LONGEST_NAME = 60


def saved() -> list[SavedAudience]:
    """All saved audiences, by name."""
    return list(SavedAudience.select().order_by(SavedAudience.name))


def find(audience_id: int) -> SavedAudience | None:
    """The saved audience with that id."""
    found: SavedAudience | None = SavedAudience.get_or_none(SavedAudience.id == audience_id)
    return found


def save(name: str, audience: Audience, staff_id: int | None) -> SavedAudience:
    """Store the filter under that name; a filter of the same name is replaced. Raises ValueError for an empty or too
    long name."""
    require_transaction()
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError(f"the name of an audience has 1 to {LONGEST_NAME} characters, as in 緑茶を買った方")
    values: dict[str, Any] = {
        "definition": as_json(audience),
        "changed_by": staff_id,
        "changed_at": localtime.now(),
    }
    if insert_once(SavedAudience, name=name, **values) is None:
        SavedAudience.update(**values).where(SavedAudience.name == name).execute()
    row: SavedAudience = SavedAudience.get(SavedAudience.name == name)
    return row


def delete(audience_id: int) -> bool:
    """Delete the saved audience; False when it is gone."""
    require_transaction()
    return bool(SavedAudience.delete().where(SavedAudience.id == audience_id).execute())


def audience_of(row: SavedAudience) -> Audience:
    """The filter that was saved."""
    return Audience.model_validate_json(row.definition)


def as_json(audience: Audience) -> str:
    """The filter as the table holds it, with what was chosen alone."""
    return json.dumps(audience.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
