"""Says what stands on a member card and how large it is; drawing it is for `picture.py`.

Apart from the drawing, so that processes that never draw need not load what draws.
"""

from dataclasses import dataclass

from rewards.ranks.rules import Rank

WIDTH, HEIGHT = 1040, 656
"""The proportions of a bank card."""


@dataclass(frozen=True, slots=True)
class Content:
    """What stands on the card."""

    shop: str
    name: str
    rank: Rank
    points: int
    member_code: str
