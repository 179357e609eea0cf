"""Stores single facts about this installation, one row each: how LINE's side is, what an owner confirmed in set-up.

Small and without secrets. A fact about a customer is a JSON object that gives their id as `customer`, and is deleted
when they are erased; nothing else of people is stored here. What a fact means is left to whoever stores it.
"""

import json
from datetime import datetime
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
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


def _about(who: erasure.Person) -> Any:
    number = f'"customer": {who.customer_id}'
    return Fact.value.contains(f"{number},") | Fact.value.contains(f"{number}}}")


erasure.deleted(Fact, _about)
