"""Which customers stay out of a flow, so that its effect can be measured. Pure.

By a keyed hash of flow and customer: the same customer is always on the same side, whatever else happens, and
nobody can compute it without the key.
"""

import hashlib
import hmac


def is_held_out(key: str, flow_key: str, customer_id: int, percent: int) -> bool:
    """Whether the customer belongs to the `percent` of hundred that the flow never writes to."""
    digest = hmac.digest(key.encode(), f"{flow_key}:{customer_id}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % 10_000 < percent * 100
