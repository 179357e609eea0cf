"""Counts what recommendations in messages bring: who bought the recommended product within 30 days, and who bought
anything, among those who saw it and those who were held out.
"""

from typing import Any

from bot.db.database import write_transaction
from journeys.proof import periods, results
from journeys.proof.results import Result
from journeys.recommendations.settings import configured_percent
from journeys.recommendations.shown import ASKED, SUBJECT
from journeys.recommendations.tables import RecommendationShown

OUTCOME_DAYS = 30


def of_product() -> Result | None:
    """Orders with the product that was recommended; None while nobody is held out."""
    return _count(of_product=True)


def of_anything() -> Result | None:
    """All orders."""
    return _count(of_product=False)


def decide() -> int:
    """End the hold-out's first, larger share once the effect is certain; 1 when it ended. Counted outside of a
    transaction."""
    if configured_percent() is not None or periods.is_decided(periods.history(SUBJECT)):
        return 0
    result = of_product()
    if result is None or not result.comparison.is_certain:
        return 0
    with write_transaction():
        return int(periods.close(SUBJECT, periods.DECIDED))


def _count(*, of_product: bool) -> Result | None:
    period = periods.current(SUBJECT)
    if period is None or period.percent == 0:
        return None
    columns: list[Any] = [
        RecommendationShown.customer.alias("customer_id"),
        RecommendationShown.shown_at.alias("assigned_at"),
        RecommendationShown.is_held_out.alias("is_held_out"),
        *([RecommendationShown.product.alias("product_id")] if of_product else []),
    ]
    assigned = RecommendationShown.select(*columns).where(
        RecommendationShown.source != ASKED,
        ~RecommendationShown.by_shop,
        RecommendationShown.shown_at >= period.started_at,
    )
    return results.count(assigned, period.percent, period.started_at, OUTCOME_DAYS, of_product=of_product)
