"""Something happened on LINE or on the clock: domain calls, and messages returned. The only place that joins domains.

`register()` lists every room; a handler that is not imported here does not exist.
"""

from importlib import import_module

ROOMS = (
    "following",
    "menu",
    "nps",
    "testimonials",
    "voices",
    "points",
    "ranks",
    "rank_perks",
    "links",
    "expiring",
    "referral",
    "referral_review",
    "coupons",
    "birthdays",
    "member_card",
    "questions",
    "tickets",
    "purchases",
    "taken_back",
    "fallback",
)


def register() -> None:
    """Import every room, so that its handlers register themselves with `bot.routing`."""
    for room in ROOMS:
        import_module(f"handlers.{room}")
