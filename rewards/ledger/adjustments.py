"""The rules for points that staff give or take by hand. Pure."""

from enum import StrEnum

MOST = 100_000
"""The most points of one adjustment: more is taken for a typing error."""
LONGEST_REASON = 200


class Fault(StrEnum):
    """Why an adjustment is refused."""

    POINTS = "points"
    REASON = "reason"
    TOO_FEW = "too_few"
    """The customer has fewer points than are to be taken."""


def fault(points: int, reason: str, available: int) -> Fault | None:
    """Why these points cannot be given or taken, when so many are available; None when they can."""
    if not points or abs(points) > MOST:
        return Fault.POINTS
    if not reason.strip() or len(reason) > LONGEST_REASON:
        return Fault.REASON
    return Fault.TOO_FEW if -points > available else None
