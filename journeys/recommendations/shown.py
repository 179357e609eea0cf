"""Stores what is recommended to whom, and which customers are held out: they get the message without it, so that what
recommendations bring can be measured (`outcomes.py`). Whoever asks is always answered.
"""

from typing import Any

from peewee import fn

from bot import localtime
from bot.db.database import insert_once, require_transaction
from journeys.proof import assignment
from journeys.recommendations.choosing import Recommendation
from journeys.recommendations.settings import configured_percent
from journeys.recommendations.tables import RecommendationShown

SUBJECT = "recommendations"
ASKED = "asked"


def note(customer_id: int, found: Recommendation, source: str, cause: str) -> bool:
    """Store what the message of that cause recommends, once; whether the customer is held out from seeing it. Where
    another product is chosen for the same message later, it replaces the one before; the side stays."""
    require_transaction()
    before = RecommendationShown.get_or_none(RecommendationShown.cause == cause)
    if before is None:
        side = assignment.side(SUBJECT, customer_id, configured_percent())
        _insert(customer_id, found, source, cause, is_held_out=side.is_held_out, by_shop=side.by_shop)
        return side.is_held_out
    if before.product_id != found.product.id:
        mine = RecommendationShown.id == before.id
        RecommendationShown.update(product=found.product.id, source=source).where(mine).execute()
    return bool(before.is_held_out)


def note_asked(customer_id: int, found: Recommendation, event_id: str) -> str:
    """Store a product shown because the customer asked; the cause, of which its link is."""
    require_transaction()
    cause = f"recommendation:{event_id[:150]}:{found.product.id}"
    _insert(customer_id, found, ASKED, cause)
    return cause


def counts() -> dict[int, int]:
    """How often each product was shown, by its id."""
    rows: Any = (
        RecommendationShown.select(RecommendationShown.product, fn.COUNT(RecommendationShown.id))
        .where(~RecommendationShown.is_held_out)
        .group_by(RecommendationShown.product)
    )
    return {product: int(count) for product, count in rows.tuples()}


def _insert(
    customer_id: int,
    found: Recommendation,
    source: str,
    cause: str,
    *,
    is_held_out: bool = False,
    by_shop: bool = False,
) -> None:
    insert_once(
        RecommendationShown,
        customer=customer_id,
        product=found.product.id,
        source=source,
        cause=cause,
        is_held_out=is_held_out,
        by_shop=by_shop,
        shown_at=localtime.now(),
    )
