"""Decides whether points can be spent; the ledger keeps what was."""

from bot import localtime, shop
from bot.database import require_transaction
from rewards import ledger, rule_versions
from rewards.ledger import Kind, LedgerEntry
from rewards.points import Action
from rewards.rules import PointRules


class NotEnough(Exception):
    """The customer has fewer points than that."""


def spendable(customer_id: int) -> int:
    """Points the customer can spend now; none while there is a debt."""
    return max(0, ledger.balance(customer_id))


def spend(customer_id: int, points: int, cause: str, note: str) -> None:
    """Take the points, once for the cause. The caller holds the customer's row. Raises NotEnough, and takes none."""
    require_transaction()
    if spendable(customer_id) < points:
        raise NotEnough
    now = localtime.now()
    LedgerEntry.insert(
        customer=customer_id,
        kind=str(Kind.BURN),
        action=str(Action.REDEMPTION),
        points=-points,
        cause=cause,
        rule_version=rule_versions.keep("points", shop.get(PointRules)),
        occurred_at=now,
        occurred_on=localtime.local_date(now),
        note=note,
    ).execute()


def give_back(cause: str) -> None:
    """Undo a spending, once."""
    ledger.reverse(cause, f"{cause}:cancelled")
