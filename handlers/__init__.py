"""Something happened on LINE or on the clock: domain calls, and messages returned. The only place that joins domains.

`register()` lists every room; a handler that is not imported here does not exist. Where two rooms recognise the same
text, the one that is imported first gets it: a link code holds what looks like a referral code.
"""

from importlib import import_module

ROOMS = (
    "links",  # before referral: a link's code, written with blanks, begins like a referral's
    "referral",  # before what is heard: a code is no word
    "heard",  # before all that waits for words
    "following",
    "menu",
    "asking",
    "nps",
    "testimonials",
    "voices",
    "points",
    "ranks",
    "rank_perks",
    "expiring",
    "referral_login",
    "referral_review",
    "coupons",
    "birthdays",
    "member_card",
    "questions",
    "tickets",
    "promises",
    "transcripts",
    "unsent",
    "satisfaction",
    "purchases",
    "taken_back",
    "fallback",
)


def register() -> None:
    """Import every room, so that its handlers register themselves with `bot.routing`."""
    for room in ROOMS:
        import_module(f"handlers.{room}")
