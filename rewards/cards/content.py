"""The content and size of a member card; `picture.py` draws it.

Apart from the drawing, so that processes that never draw do not load the drawing libraries.
"""

from dataclasses import dataclass

from rewards.ranks.rules import Rank

WIDTH, HEIGHT = 1040, 656
"""The proportions of a bank card, in pixels."""


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a customer's card shows."""

    shop: str
    name: str
    rank: Rank
    points: int
    member_code: str
