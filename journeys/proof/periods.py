"""Which share a subject holds out now, and since when: each change of the share begins a period of its own.

Only customers assigned within one period are compared with each other (`arms.py`).
"""

from datetime import datetime

from bot import localtime
from bot.config import shop
from bot.db.database import insert_once, require_transaction
from journeys.proof.settings import ProofRules
from journeys.proof.tables import HoldOutPeriod

DECIDED, PERCENT_CHANGED, STRUCTURE_CHANGED = "decided", "percent-changed", "structure-changed"
PAUSED = "paused"
"""Its effect was found to cost more than the owner's floor, and the flow was paused."""
SHOP = "shop:"


def of_flow(flow_id: int) -> str:
    """The subject of a flow."""
    return f"flow:{flow_id}"


def of_shop(year: int) -> str:
    """The subject of a year's shop-wide hold-out."""
    return f"{SHOP}{year}"


def percent_in_force(subject: str, configured: int | None, now: datetime) -> int:
    """The share in hundred that the subject holds out now, in the period that is open; opened anew where there is
    none, or where the share is another than before. `configured` None: automatic, by the settings."""
    require_transaction()
    before = history(subject)
    percent = _wanted(before, configured)
    current = before[-1] if before and before[-1].ended_at is None else None
    if current is not None and current.percent == percent:
        return percent
    if current is not None:
        _end(current, PERCENT_CHANGED, now)
    insert_once(HoldOutPeriod, subject=subject, percent=percent, started_at=now)
    return percent


def percent_of(subject: str, configured: int | None) -> int:
    """The same without opening anything: what would be in force now."""
    return _wanted(history(subject), configured)


def current(subject: str) -> HoldOutPeriod | None:
    """The subject's open period."""
    return next((each for each in history(subject)[-1:] if each.ended_at is None), None)


def comparing(subject: str) -> HoldOutPeriod | None:
    """The subject's open period; None also where it holds nobody out."""
    found = current(subject)
    return found if found is not None and found.percent else None


def history(subject: str) -> list[HoldOutPeriod]:
    """All periods of the subject, oldest first."""
    return list(HoldOutPeriod.select().where(HoldOutPeriod.subject == subject).order_by(HoldOutPeriod.id))


def close(subject: str, reason: str) -> bool:
    """End the subject's open period; False when none is open. The next assignment opens another."""
    require_transaction()
    found = current(subject)
    if found is not None:
        _end(found, reason, localtime.now())
    return found is not None


def is_undecided(subject: str, configured: int | None) -> bool:
    """Whether the subject's share is automatic and its effect has not been found out yet."""
    return configured is None and not is_decided(history(subject))


def is_decided(before: list[HoldOutPeriod]) -> bool:
    """Whether the effect of what these periods compare has been found out: since its structure changed last."""
    for each in reversed(before):
        if each.end_reason in (DECIDED, PAUSED, STRUCTURE_CHANGED):
            return bool(each.end_reason != STRUCTURE_CHANGED)
    return False


def _wanted(before: list[HoldOutPeriod], configured: int | None) -> int:
    if configured is not None:
        return configured
    rules = shop.get(ProofRules)
    return rules.later_percent if is_decided(before) else rules.first_percent


def _end(period: HoldOutPeriod, reason: str, now: datetime) -> None:
    ended = HoldOutPeriod.update(ended_at=now, end_reason=reason)
    ended.where(HoldOutPeriod.id == period.id, HoldOutPeriod.ended_at.is_null()).execute()
