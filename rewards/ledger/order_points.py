"""What an order that was taken back, wholly or in part, takes with it of the points it earned."""

from rewards.ledger import actions, ledger


def take_back(
    order_number: str, *, whole_yen: int, before_yen: int, after_yen: int, cause: str, note: str = ""
) -> int:
    """Reverse what the part of the price that was given back had earned; how many points that was.

    The points kept are the share of what the purchase really earned, so rules that changed since change nothing; and
    what an earlier refund let go, where the shop carries no debt, is not taken by a later one.
    """
    original = ledger.entry_of(f"order:{order_number}")
    if original is None:
        return 0
    gave = original.points + original.held
    less = actions.share_of(gave, before_yen, whole_yen) - actions.share_of(gave, after_yen, whole_yen)
    entry = ledger.reverse(original.cause, cause, note, less) if less > 0 else None
    return 0 if entry is None else -(entry.points + entry.held)
