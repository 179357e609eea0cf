"""The owner's pages of figures: the shop's summary, and referrals."""

from flask import Blueprint, render_template, request

from bot.config import shop
from console.figures import summary
from rewards.ranks.rules import Rank
from rewards.referrals import referrals as referral_store
from surveys.nps.settings import SurveyRules

SUPPORTERS_GOAL = 100
"""The number of supporters that the method aims for, in customers."""
SECOND_PURCHASE_GOAL = (20, 30)
LTV_GOAL_YEN = 18_000
FEWEST_BUYERS = 30
PAGE_LENGTH = 50


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/figures")(figures)
    console.get("/referrals")(referrals)


def figures() -> str:
    """NPS, supporters, ranks, sales and referrals on one page."""
    return render_template(
        "console/figures.html",
        shop_now=summary.of_shop(),
        fewest_answers=shop.get(SurveyRules).too_few_answers,
        fewest_buyers=FEWEST_BUYERS,
        tribe=SUPPORTERS_GOAL,
        second_purchase_goal=SECOND_PURCHASE_GOAL,
        ltv_goal_yen=LTV_GOAL_YEN,
        ranks=list(Rank),
    )


def referrals() -> str:
    """Referrals: invitations shown, friends joined, friends who bought; and by which referrer."""
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    rows = referral_store.by_customer(limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH)
    return render_template(
        "console/referrals.html",
        totals=summary.referral_totals(),
        rows=rows[:PAGE_LENGTH],
        first_place=(page - 1) * PAGE_LENGTH + 1,
        page=page,
        more=len(rows) > PAGE_LENGTH,
    )
