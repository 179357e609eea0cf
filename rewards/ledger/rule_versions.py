"""Stores the rules by which something was computed, so that an old entry can still be explained.

Reading a stored version is for its subject: `rewards/ranks/versions.py`.
"""

import json
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from peewee import CharField, Database, TextField

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, database, insert_once


class RuleVersion(Model):
    """One version of the owner's rules, by the short hash that entries and ranks carry."""

    version = CharField(12, unique=True)
    section = CharField(32)
    rules = TextField()
    first_used_at = UtcDateTimeField()

    class Meta:
        table_name = "rule_version"


class Versioned(Protocol):
    """A section of shop.toml whose versions are stored."""

    def version(self) -> str:
        """A short hash of these rules."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """The rules as JSON values."""


_stored: WeakKeyDictionary[Database, dict[Versioned, str]] = WeakKeyDictionary()
"""The versions of rules that are known to be stored, for each database."""


def store(section: str, rules: Versioned) -> str:
    """Stores these rules, once, and returns their version."""
    stored = _stored.setdefault(database.obj, {})
    version = stored.get(rules)
    if version is None:
        version = rules.version()
        content = json.dumps(rules.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        inserted = insert_once(
            RuleVersion, version=version, section=section, rules=content, first_used_at=localtime.now()
        )
        # What this transaction inserted may be rolled back: only a row that was there before is remembered.
        if inserted is None:
            stored[rules] = version
    return version


erasure.nothing("It is about the shop's rules.", RuleVersion)
