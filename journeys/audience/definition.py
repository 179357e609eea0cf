"""Which customers a campaign is for, as the owner chooses them. All that is given must hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from journeys.flows.field_types import Key, RankName, Segment, StageName, Table, Tag

MOST_YEN = 1_000_000_000_000
HIGHEST_ID = 2**31 - 1
"""The highest row number that every database takes."""


class Audience(Table):
    """A filter over customers; an empty one is all customers who can be written to."""

    ranks: tuple[RankName, ...] = ()
    segments: tuple[Segment, ...] = ()
    silent: bool = False
    """Also those who never answered the question; with `segments` empty, only those."""
    stages: tuple[StageName, ...] = ()
    min_days_since_order: int | None = Field(None, ge=0, le=3650, strict=True)
    max_days_since_order: int | None = Field(None, ge=0, le=3650, strict=True)
    min_orders: int | None = Field(None, ge=0, le=10_000, strict=True)
    max_orders: int | None = Field(None, ge=0, le=10_000, strict=True)
    min_sales_yen: int | None = Field(None, ge=0, le=MOST_YEN, strict=True)
    max_sales_yen: int | None = Field(None, ge=0, le=MOST_YEN, strict=True)
    bought_products: tuple[str, ...] = ()
    """Bought any of these product codes, refunds and cancellations left out."""
    not_bought_products: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    """Has any of these."""
    not_tags: tuple[Tag, ...] = ()
    clicked_within_days: int | None = Field(None, ge=1, le=3650, strict=True)
    not_clicked_within_days: int | None = Field(None, ge=1, le=3650, strict=True)
    joined_within_days: int | None = Field(None, ge=1, le=3650, strict=True)
    not_in_campaigns_within_days: int | None = Field(None, ge=1, le=365, strict=True)
    """Got no campaign in the last so many days."""
    inside_flow: Key | None = None
    customer_ids: tuple[Annotated[int, Field(ge=1, le=HIGHEST_ID)], ...] = ()
    """Only these, such as a saved list."""
