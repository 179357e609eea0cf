"""What can happen on LINE, by the clock, in a shop's system or the console, and which module answers it.

The only place that joins domains. A handler that is not in the list below does not exist. Where two recognise the same
text, the one that is listed first gets it.
"""

from bot import routing
from handlers import (
    asking,
    birthdays,
    comments,
    coupons,
    expiring,
    fallback,
    following,
    heard,
    links,
    member_card,
    menu,
    nps,
    points,
    promises,
    purchases,
    questions,
    rank_perks,
    ranks,
    referral,
    referral_login,
    referral_review,
    satisfaction,
    taken_back,
    testimonials,
    tickets,
    transcripts,
    unsent,
    voices,
)

ROUTES = (
    links.routes,  # before referral: a link's code, written with blanks, begins like a referral's
    referral.routes,  # before what is heard: a code is no word
    heard.routes,  # before all that waits for words
    following.routes,
    menu.routes,
    asking.routes,
    nps.routes,
    comments.routes,
    testimonials.routes,
    voices.routes,
    points.routes,
    ranks.routes,
    rank_perks.routes,
    expiring.routes,
    referral_login.routes,
    referral_review.routes,
    coupons.routes,
    birthdays.routes,
    member_card.routes,
    questions.routes,
    tickets.routes,
    promises.routes,
    transcripts.routes,
    unsent.routes,
    satisfaction.routes,
    purchases.routes,
    taken_back.routes,
    fallback.routes,
)


def register() -> None:
    """Put every handler in force."""
    routing.use(ROUTES)
