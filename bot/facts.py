"""Stores single facts about this installation, one row each: how LINE's side is, what an owner confirmed in set-up.

Small, without people's data and without secrets. What a fact means is left to whoever keeps it.
"""

import json
from datetime import datetime
from typing import Any

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, require_transaction


class Fact(Model):
    """One fact, unique by its key."""

    key = peewee.CharField(64, unique=True)
    value = peewee.TextField()
    """As JSON."""
    changed_at = UtcDateTimeField()

    class Meta:
        table_name = "installation_fact"


def keep(key: str, value: Any) -> None:
    """Store the fact, in place of what was stored before."""
    require_transaction()
    row = {"value": json.dumps(value, ensure_ascii=False), "changed_at": localtime.now()}
    Fact.insert(key=key, **row).on_conflict(conflict_target=(Fact.key,), update=row).execute()


def forget(key: str) -> None:
    """Delete the fact."""
    require_transaction()
    Fact.delete().where(Fact.key == key).execute()


def get(key: str) -> Any:
    """The fact; None when there is none."""
    found = Fact.get_or_none(Fact.key == key)
    return None if found is None else json.loads(found.value)


def changed_at(key: str) -> datetime | None:
    """When it was stored last; None when there is none."""
    found = Fact.get_or_none(Fact.key == key)
    return None if found is None else found.changed_at


def keys(prefix: str) -> set[str]:
    """The keys that begin like this."""
    return {str(each.key) for each in Fact.select(Fact.key).where(Fact.key.startswith(prefix))}
