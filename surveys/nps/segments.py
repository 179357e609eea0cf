"""Decides what a score says about the one who gave it. Pure.

Source: Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
"""

from enum import StrEnum

LOWEST, HIGHEST = 0, 10


class Segment(StrEnum):
    """推奨者, 中立者, 批判者."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


def is_score(value: int | None) -> bool:
    """Whether that is one of the eleven answers."""
    return value is not None and LOWEST <= value <= HIGHEST


def segment_of(score: int) -> Segment:
    """10 and 9 promote, 8 and 7 are passive, 6 to 0 detract. ValueError for anything else."""
    if not is_score(score):
        raise ValueError(f"a score is a whole number from 0 to 10, not {score}")
    if score >= 9:
        return Segment.PROMOTER
    return Segment.PASSIVE if score >= 7 else Segment.DETRACTOR
