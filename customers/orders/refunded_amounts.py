"""Counts what was given back of an order; pure.

Some doors report each refund (the API, Shopify's refunds), others what was given back until now (the column of a CSV,
an order's current price). Of the parts together and the highest total the higher counts, so that neither is counted
on top of the other and the order in which doors report makes no difference.
"""

from collections.abc import Iterable


def yen(refunds: Iterable[tuple[int, bool]]) -> int:
    """What was given back by all reports, in yen; of each the amount and whether it is a total."""
    found = list(refunds)
    parts = sum(amount for amount, is_total in found if not is_total)
    return max([parts, *(amount for amount, is_total in found if is_total)])
