"""Keeps the rules that something was decided by, so that an old entry can still be explained. Decides nothing."""

import json
from weakref import WeakKeyDictionary

from peewee import CharField, Database, TextField
from pydantic import ValidationError

from bot import localtime, shop
from bot.database import Model, UtcDateTimeField, database, insert_once, write_transaction
from rewards.rules import PointRules, RankSection

LATER = {"reply_day": (0, 0), "click_day": (0, 0)}
"""What rank rules of an earlier release did not name was worth nothing by them."""
_kept: WeakKeyDictionary[Database, set[str]] = WeakKeyDictionary()


class RuleVersion(Model):
    """One state of the owner's rules, by the short name that entries and standings carry."""

    version = CharField(12, unique=True)
    section = CharField(32)
    rules = TextField()
    first_used_at = UtcDateTimeField()

    class Meta:
        table_name = "rule_version"


def keep(section: str, rules: PointRules | RankSection) -> str:
    """Note these rules as used, once, and return their version."""
    version = rules.version()
    kept = _kept.setdefault(database.obj, set())
    if version not in kept:
        content = json.dumps(rules.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        inserted = insert_once(
            RuleVersion, version=version, section=section, rules=content, first_used_at=localtime.now()
        )
        # What this transaction inserted may yet be rolled back: only a row that was there is remembered.
        if inserted is None:
            kept.add(version)
    return version


def keep_current() -> None:
    """Note the rules of the owner's file before anything is decided by them: a transaction that notes them among other
    things would let all others wait for it."""
    with write_transaction():
        keep("points", shop.get(PointRules))
        keep("ranks", shop.get(RankSection))


def ranks_of(version: str) -> RankSection | None:
    """The rank rules of that version; None when they are not kept, or are of a kind that is no longer known."""
    rules = RuleVersion.select(RuleVersion.rules).where(RuleVersion.version == version).scalar()
    try:
        return None if rules is None else RankSection.model_validate(LATER | json.loads(rules))
    except ValidationError:
        return None
