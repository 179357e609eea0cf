"""What makes an entry into a flow the only one of its kind, and whether a customer may enter again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from journeys.flows.definition import Again
from journeys.flows.occurrences import Occurrence

ONCE = "once"
LONGEST = 150


@dataclass(frozen=True, slots=True)
class Entry:
    """An earlier entry of the customer into the flow."""

    entered_at: datetime
    is_inside: bool


def entry_key(
    policy: str | Again, occurrence: Occurrence, earlier: Sequence[Entry], now: datetime
) -> str | None:
    """The key of the entry that this occurrence would make; None where the policy forbids one.

    The key decides together with the unique index, also where two events try at once: `once` is one for ever;
    `order:1001` is one for each order; `again:3` is the third entry, allowed the policy's days after the second
    and while no other run of the flow is going on.
    """
    if isinstance(policy, Again):
        if any(each.is_inside for each in earlier):
            return None
        last = max((each.entered_at for each in earlier), default=None)
        if last is not None and now < last + timedelta(days=policy.again_after_days):
            return None
        return f"again:{len(earlier) + 1}"
    if policy == ONCE:
        return ONCE
    return (f"order:{occurrence.order_number}" if occurrence.order_number else occurrence.cause)[:LONGEST]
