"""What may be recommended to a customer now: by their history, or the premium product when they are ready for it.

The choice is `choosing.py`'s; whether the customer is held out is asked in `shown.py`.
"""

from enum import StrEnum

from bot import localtime
from bot.config import shop
from journeys.audience.tables import CustomerProfile
from journeys.enrolments.stages import Stage
from journeys.recommendations import choosing, counting, history
from journeys.recommendations.choosing import Bought, Recommendation
from journeys.recommendations.settings import RecommendationRules

PREMIUM_RANK = 3
READY_STAGES = (Stage.FAN, Stage.WORD_OF_MOUTH)


class Source(StrEnum):
    """What a recommendation is chosen by, as `recommend` of a message says."""

    HISTORY = "history"
    PREMIUM = "premium"


def find(customer_id: int, source: Source) -> Recommendation | None:
    """The best recommendation of that kind; None when there is none."""
    if source is Source.PREMIUM:
        return _premium(customer_id)
    return next(iter(by_history(customer_id)), None)


def by_history(customer_id: int) -> list[Recommendation]:
    """All that the customer's history says, the best first."""
    bought = history.of_customer(customer_id)
    pairs = counting.pairs_of({each.product_id for each in bought})
    products = history.products(_ids(bought) | {pair.other_id for pair in pairs})
    return choosing.ranked(bought, pairs, products, localtime.today(), shop.get(RecommendationRules).rules())


def is_ready_for_premium(customer_id: int) -> bool:
    """Whether the customer's stage or rank is one in which the premium product is offered."""
    profile = CustomerProfile.get_or_none(CustomerProfile.customer == customer_id)
    if profile is None or profile.stage == Stage.PREMIUM_PRODUCT:
        return False
    return profile.stage in READY_STAGES or profile.rank >= PREMIUM_RANK


def _premium(customer_id: int) -> Recommendation | None:
    if not is_ready_for_premium(customer_id):
        return None
    premium = history.premium_products()
    if not premium:
        return None
    bought = history.of_customer(customer_id)
    return choosing.choose_premium(
        bought,
        counting.pairs_of(_ids(bought)),
        premium | history.products(_ids(bought)),
        counting.buyer_counts(list(premium)),
        localtime.today(),
        shop.get(RecommendationRules).rules(),
    )


def _ids(bought: list[Bought]) -> set[int]:
    return {each.product_id for each in bought}
