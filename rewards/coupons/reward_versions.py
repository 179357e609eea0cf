"""Keeps each version of a reward with who made it and when. A coupon itself holds the terms it was issued under."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from bot.db.database import insert_once, require_transaction
from rewards.coupons.tables import Reward, RewardVersion

TERMS = (
    *("name", "value_text", "value_yen", "is_discount", "points_price", "stock", "per_customer"),
    *("starts_on", "ends_on", "minimum_rank", "valid_days"),
)
"""What a version holds. A reward's kind never changes: another kind is another reward."""


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version in the history: its number, when and by whom, and the names of the terms that it changed."""

    number: int
    made_at: datetime
    made_by_id: int | None
    changed: tuple[str, ...]


def store(reward_id: int, staff_id: int | None) -> None:
    """Store the reward's terms as they are now as its current version, once."""
    require_transaction()
    reward = Reward.get_by_id(reward_id)
    _store(reward, int(reward.version), localtime.now(), staff_id)


def store_first(reward: Reward) -> None:
    """Store the terms of a reward that was made before there were versions, before they change."""
    require_transaction()
    _store(reward, int(reward.version), reward.made_at, None)


def history(reward_id: int) -> list[ShownVersion]:
    """The reward's versions, newest first."""
    rows = list(
        RewardVersion.select().where(RewardVersion.reward == reward_id).order_by(RewardVersion.number)
    )
    found: list[ShownVersion] = []
    before: dict[str, Any] = {}
    for row in rows:
        terms: dict[str, Any] = json.loads(row.terms)
        changed = tuple(name for name in TERMS if before and terms.get(name) != before.get(name))
        found.append(ShownVersion(row.number, row.made_at, row.made_by_id, changed))
        before = terms
    return found[::-1]


def _store(reward: Reward, number: int, made_at: datetime, staff_id: int | None) -> None:
    terms = {name: _plain(getattr(reward, name)) for name in TERMS}
    insert_once(
        RewardVersion,
        reward=reward.id,
        number=number,
        terms=json.dumps(terms, ensure_ascii=False),
        made_at=made_at,
        made_by_id=staff_id,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
