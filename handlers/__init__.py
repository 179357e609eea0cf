"""Answers events: a message or tap on LINE, a due time, an order, a decision of staff; one module for each subject.

The only package that joins domains: a handler calls surveys, rewards, support and customers and makes
messages of what they return. Rules and storage are left to those. ROUTES lists all handlers; where two take
the same text, the earlier one in the list answers.
"""

from bot.backups.settings import BackupRules
from bot.config import shop
from bot.routing import routes
from customers.csv.settings import OrderColumns
from customers.privacy.settings import PrivacyContact
from customers.privacy.words import PrivacyWords
from customers.retention.settings import RetentionRules
from handlers import (
    after_event,
    birthdays,
    campaign_calls,
    campaign_messages,
    comments,
    contacts,
    coupon_named,
    coupons,
    fallback,
    flow_check_facts,
    flow_steps,
    flow_walk_input,
    following,
    link_clicked,
    links,
    member_card,
    menu,
    monthly_report,
    order_received,
    order_reversed,
    order_shipments,
    orders_asked,
    overdue_answers,
    points_and_rank,
    points_due,
    questions,
    rank_perks,
    ranks,
    recommendations_asked,
    referral,
    referral_login,
    referral_review,
    satisfaction,
    score_answered,
    staff_alerts,
    staff_passwords,
    support_account,
    survey_due,
    testimonial_publication,
    testimonials,
    text_received,
    tickets,
    transcripts,
    unsent,
)
from journeys.contacts.words import ContactWords
from journeys.flows import check_facts
from journeys.links.words import ShortLinkWords
from journeys.walk_through import simulation_input
from rewards.pages.home_words import FrontPageWords

ROUTES = (
    coupon_named.routes,  # before links, for which each code is a link code, and before the classifier
    links.routes,  # before referral: a link code written with blanks begins like a referral code
    referral.routes,  # before text_received, which would read a code as a sentence
    text_received.routes,  # before every module that waits for a text
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
    link_clicked.routes,
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
    contacts.routes,
    monthly_report.routes,
    staff_alerts.routes,
    staff_passwords.routes,
    flow_steps.routes,
    campaign_messages.routes,
    order_received.routes,
    order_reversed.routes,
    order_shipments.routes,
    orders_asked.routes,
    recommendations_asked.routes,
    after_event.routes,
    fallback.routes,
)


UNREAD_SECTIONS = (
    OrderColumns,
    ShortLinkWords,
    ContactWords,
    FrontPageWords,
    BackupRules,
    RetentionRules,
    PrivacyContact,
    PrivacyWords,
)
"""Sections of shop.toml that no handler reads. Every process checks the whole file, so each must be declared."""


def register() -> None:
    """Make every handler in ROUTES active, with what goes along with their answers, and declare every section
    of shop.toml. Called once by each process. What comes to the second LINE account goes to
    `support_account.py` alone."""
    routes.use(ROUTES, after_event.finish, support_account.routes)
    shop.assert_declared(UNREAD_SECTIONS)
    campaign_calls.listen()
    check_facts.collected_by(flow_check_facts.collect)
    simulation_input.collected_by(flow_walk_input.collect)
