"""Stores the rank rules in force as a version, and reads those of an earlier day."""

import json

from pydantic import ValidationError

from bot import shop_versions
from bot.config import shop
from bot.db.database import write_transaction
from bot.shop_versions import ShopVersion
from rewards.ledger import rule_versions
from rewards.ledger.rule_versions import RuleVersion
from rewards.ledger.settings import PointRules
from rewards.ranks.settings import AS_STORED, RankSection

LATER = {"reply_day": (0, 0), "click_day": (0, 0)}
"""The worth of each rank rule added after the first release, for stored versions that lack it."""


def store_at_start() -> None:
    """Stores the rules of the owner's file at the start of a process.

    A transaction that stores them among other things would make all others wait for it.
    """
    with write_transaction():
        _store()


def store_of(version: ShopVersion) -> None:
    """Stores the rules of a version of the shop's settings, in the transaction that makes it."""
    sections, _ = shop_versions.sections_of(shop_versions.content_of(version))
    with shop.considered(sections):
        _store()


def _store() -> None:
    rule_versions.store("points", shop.get(PointRules))
    rule_versions.store("ranks", shop.get(RankSection))


def read(version: str) -> RankSection | None:
    """The rank rules of that version; None when they are not stored, or cannot be read any more."""
    rules = RuleVersion.select(RuleVersion.rules).where(RuleVersion.version == version).scalar()
    try:
        return (
            None
            if rules is None
            else RankSection.model_validate(LATER | json.loads(rules), context=AS_STORED)
        )
    except ValidationError:
        return None
