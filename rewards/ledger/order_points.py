"""Reverses the points of an order that was cancelled or refunded, wholly or in part."""

from rewards.ledger import actions, ledger


def take_back(
    order_number: str, *, whole_yen: int, before_yen: int, after_yen: int, cause: str, note: str = ""
) -> int:
    """Reverses the points earned by the refunded part of the price; returns how many points that was.

    The remaining points are the share of what the purchase really earned, so later changes of the rules make
    no difference. What an earlier refund could not take, where the shop allows no debt, is not taken by a
    later one.
    """
    original = ledger.entry_of(f"order:{order_number}")
    if original is None:
        return 0
    gave = original.points + original.held
    less = actions.share_of(gave, before_yen, whole_yen) - actions.share_of(gave, after_yen, whole_yen)
    entry = ledger.reverse(original.cause, cause, note, less) if less > 0 else None
    return 0 if entry is None else -(entry.points + entry.held)
