"""Takes and returns the points that coupons cost; a thin layer over `rewards/ledger/ledger.py`."""

from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.ledger import NotEnough

__all__ = ("NotEnough",)


def spendable(customer_id: int) -> int:
    """The points that the customer can spend now; 0 while there is a debt."""
    return ledger.available(customer_id)


def spend(customer_id: int, points: int, cause: str, note: str) -> None:
    """Takes the points, once for the cause. Raises NotEnough without taking any."""
    ledger.burn(customer_id, points, cause, note, Action.REDEMPTION)


def give_back(cause: str) -> None:
    """Returns the points that were taken for that cause, once."""
    ledger.reverse(cause, f"{cause}:cancelled")
