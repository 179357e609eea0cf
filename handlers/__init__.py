"""What can happen on LINE, by the clock, in a shop's system or the console, and which module answers it.

The only place that joins domains. A handler that is not in the list below does not exist. Where two recognise the same
text, the one that is listed first gets it.
"""

from bot.config import shop
from bot.routing import routes
from customers.csv.settings import OrderColumns
from handlers import (
    birthdays,
    comments,
    coupons,
    fallback,
    following,
    links,
    member_card,
    menu,
    order_received,
    order_reversed,
    overdue_answers,
    points_and_rank,
    points_due,
    questions,
    rank_perks,
    ranks,
    referral,
    referral_login,
    referral_review,
    satisfaction,
    score_answered,
    survey_due,
    testimonial_publication,
    testimonials,
    text_received,
    tickets,
    transcripts,
    unsent,
)

ROUTES = (
    links.routes,  # before referral: a link's code, written with blanks, begins like a referral's
    referral.routes,  # before what is heard: a code is no word
    text_received.routes,  # before all that waits for words
    following.routes,
    menu.routes,
    survey_due.routes,
    score_answered.routes,
    comments.routes,
    testimonials.routes,
    testimonial_publication.routes,
    points_and_rank.routes,
    ranks.routes,
    rank_perks.routes,
    points_due.routes,
    referral_login.routes,
    referral_review.routes,
    coupons.routes,
    birthdays.routes,
    member_card.routes,
    questions.routes,
    tickets.routes,
    overdue_answers.routes,
    transcripts.routes,
    unsent.routes,
    satisfaction.routes,
    order_received.routes,
    order_reversed.routes,
    fallback.routes,
)


UNREAD_SECTIONS = (OrderColumns,)
"""Parts of shop.toml that no handler reads. Every process checks the whole file, so it must know them."""


def register() -> None:
    """Put every handler in force, and know every part of shop.toml."""
    routes.use(ROUTES)
    shop.assert_declared(UNREAD_SECTIONS)
