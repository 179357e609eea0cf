"""Stores the rules that something was decided by, so that an old entry can still be explained.

What a stored rule meant is for its subject: `rewards/ranks/versions.py`.
"""

import json
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from peewee import CharField, Database, TextField

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, database, insert_once


class RuleVersion(Model):
    """One state of the owner's rules, by the short name that entries and standings carry."""

    version = CharField(12, unique=True)
    section = CharField(32)
    rules = TextField()
    first_used_at = UtcDateTimeField()

    class Meta:
        table_name = "rule_version"


class Versioned(Protocol):
    """A part of shop.toml by which something is decided."""

    def version(self) -> str:
        """A short name of exactly these rules."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """The rules, as JSON can hold them."""


_stored: WeakKeyDictionary[Database, dict[Versioned, str]] = WeakKeyDictionary()
"""The versions of rules that are known to be stored, for each database."""


def store(section: str, rules: Versioned) -> str:
    """Note these rules as used, once, and return their version."""
    stored = _stored.setdefault(database.obj, {})
    version = stored.get(rules)
    if version is None:
        version = rules.version()
        content = json.dumps(rules.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        inserted = insert_once(
            RuleVersion, version=version, section=section, rules=content, first_used_at=localtime.now()
        )
        # What this transaction inserted may yet be rolled back: only a row that was there is remembered.
        if inserted is None:
            stored[rules] = version
    return version
