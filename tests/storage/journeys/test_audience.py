"""Smoke."""

from journeys.audience import selection
from journeys.audience.definition import Audience


def test_all() -> None:
    assert selection.count(Audience()) == 0
    full = Audience(
        ranks=("basic",),
        segments=("promoter",),
        silent=True,
        stages=("fan",),
        min_days_since_order=3,
        max_days_since_order=90,
        min_orders=1,
        max_orders=4,
        min_sales_yen=1,
        max_sales_yen=9,
        bought_products=("A", "b"),
        not_bought_products=("C",),
        tags=("x",),
        not_tags=("y",),
        clicked_within_days=3,
        not_clicked_within_days=4,
        joined_within_days=5,
        not_in_campaigns_within_days=6,
        inside_flow="abc",
        customer_ids=tuple(range(40000)),
    )
    assert selection.count(full) == 0
    assert selection.ids_after(full, 0, 10) == []
