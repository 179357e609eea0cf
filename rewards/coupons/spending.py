"""Decides what rewards cost in points; the ledger takes them, and gives them back."""

from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.ledger import NotEnough

__all__ = ("NotEnough",)


def spendable(customer_id: int) -> int:
    """Points the customer can spend now; none while there is a debt."""
    return ledger.available(customer_id)


def spend(customer_id: int, points: int, cause: str, note: str) -> None:
    """Take the points, once for the cause. Raises NotEnough, and takes none."""
    ledger.burn(customer_id, points, cause, note, Action.REDEMPTION)


def give_back(cause: str) -> None:
    """Undo a spending, once."""
    ledger.reverse(cause, f"{cause}:cancelled")
