"""What the pages of campaigns share: finding one, and how long a page of a list is."""

from flask import abort

from journeys.campaigns import campaigns as engine
from journeys.campaigns.tables import Campaign

PAGE = 25
"""Campaigns or people on one page of a list."""


def found(campaign_id: int) -> Campaign:
    """The campaign with that id; 404 when there is none."""
    return engine.find(campaign_id) or abort(404)
