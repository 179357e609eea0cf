"""Sample parcels: when an order of the demo is dispatched and delivered, and by whom."""

import hashlib
from datetime import timedelta

CARRIER = "ヤマト運輸"
DISPATCHED_AFTER = timedelta(days=1)
DELIVERED_AFTER = timedelta(days=2)


def tracking_number(order_number: str) -> str:
    """A tracking number of twelve digits, the same one for an order each time."""
    return f"{int(hashlib.sha256(order_number.encode()).hexdigest(), 16) % 10**12:012}"
