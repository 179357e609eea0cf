"""Where amounts are capped before they are compared, so that one enormous order doesn't decide. Pure."""

from collections.abc import Iterable

CAPPED_ABOVE = 0.99


def cap(amounts: Iterable[tuple[int, int]], share: float = CAPPED_ABOVE) -> int | None:
    """The lowest amount that at least `share` of the people of both arms together don't exceed. `amounts`: each yen
    amount, zero too, with the number of people. Where that would be zero, because fewer than 1 % bought, the highest
    amount: capping at zero would cap everything away. None without people."""
    ordered = sorted((amount, count) for amount, count in amounts if count)
    if not ordered:
        return None
    wanted, seen = share * sum(count for _, count in ordered), 0
    for amount, count in ordered:
        seen += count
        if seen >= wanted:
            return amount or ordered[-1][0]
    return ordered[-1][0]
