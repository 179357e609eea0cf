"""Sorts scores into promoters, passives and detractors. Pure.

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
    """Whether the number is one of the eleven answers."""
    return value is not None and LOWEST <= value <= HIGHEST


def segment_of(score: int) -> Segment:
    """10 and 9 are promoters, 8 and 7 passives, 6 to 0 detractors. ValueError for anything else."""
    if not is_score(score):
        raise ValueError(f"a score is a whole number from 0 to 10, not {score}")
    if score >= 9:
        return Segment.PROMOTER
    return Segment.PASSIVE if score >= 7 else Segment.DETRACTOR
