"""Which customers get nothing, and which variant of a step others get, so that effects can be measured. Pure.

By a keyed hash of a subject and the customer: the same customer is always on the same side, whatever else happens,
and nobody can compute it without the key. `assignment.py` says for which subject which share is in force.
"""

import hashlib
import hmac

_PARTS = 10_000


def is_held_out(key: str, subject: str, customer_id: int, percent: int) -> bool:
    """Whether the customer belongs to the `percent` of hundred to whom the subject writes nothing. The subject of a
    flow is its key, as ever; a greater share holds out those of the smaller share and more."""
    return _place(key, subject, customer_id) < percent * (_PARTS // 100)


def variant(key: str, flow_key: str, step_key: str, customer_id: int, variants: tuple[str, ...]) -> str:
    """Which of the step's variants the customer gets, each with the same probability."""
    return variants[_place(key, f"{flow_key}:{step_key}:variant", customer_id) * len(variants) // _PARTS]


def _place(key: str, subject: str, customer_id: int) -> int:
    digest = hmac.digest(key.encode(), f"{subject}:{customer_id}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % _PARTS
