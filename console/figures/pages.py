"""The owner's page of figures: the shop's summary."""

from flask import Blueprint, render_template

from bot.config import shop
from console.figures import summary
from rewards.ranks.rules import Rank
from surveys.nps.settings import SurveyRules

SUPPORTERS_GOAL = 100
"""The number of supporters that the method aims for, in customers."""
SECOND_PURCHASE_GOAL = (20, 30)
LTV_GOAL_YEN = 18_000
FEWEST_BUYERS = 30


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/figures")(figures)


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
