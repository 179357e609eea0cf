"""Computes the refunded amount of an order from its reports; pure.

Some sources report each refund (the API, Shopify's refunds), others the amount refunded until now (a CSV
column, an order's current price). The result is the sum of the parts or the highest total, whichever is more,
so that nothing is counted twice and the sequence of reports makes no difference.
"""

from collections.abc import Iterable


def yen(refunds: Iterable[tuple[int, bool]]) -> int:
    """The refunded amount in yen. Each report is an amount and whether it is a total."""
    found = list(refunds)
    parts = sum(amount for amount, is_total in found if not is_total)
    return max([parts, *(amount for amount, is_total in found if is_total)])
