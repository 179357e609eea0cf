"""What the pages of campaigns share: finding one, reading its definition, its faults by field."""

import json
from collections.abc import Sequence

from flask import abort

from console.journeys.campaign_fields import BY_PATH
from console.shell.translation import reads_english
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import Campaign
from journeys.flows.fault import Fault, Severity

PAGE = 25
"""People on one page of a list."""


def found(campaign_id: int) -> Campaign:
    """The campaign with that id; 404 when there is none."""
    return Campaign.get_or_none(Campaign.id == campaign_id) or abort(404)


def definition_of(campaign: Campaign) -> CampaignDefinition:
    """The stored definition."""
    return CampaignDefinition.model_validate(json.loads(campaign.definition))


def by_field(faults: Sequence[Fault]) -> dict[str, str]:
    """The errors among what the check finds, in the reader's language, by the field of the form they are shown at."""
    english = reads_english()
    return {
        _field(each.field): each.sentence_en if english else each.sentence_ja
        for each in reversed(faults)
        if each.severity is Severity.ERROR
    }


def warnings(faults: Sequence[Fault]) -> list[str]:
    """What the check warns of."""
    english = reads_english()
    return [
        each.sentence_en if english else each.sentence_ja
        for each in faults
        if each.severity is Severity.WARNING
    ]


def _field(name: str) -> str:
    """The path in the form of a field as the check names it: `text`, `message.text`, `scheduled_at`."""
    plain = name.removeprefix("message.")
    if plain in BY_PATH:
        return plain
    if plain in ("scheduled_at", "at"):
        return "at"
    inside = f"audience.{plain}"
    if inside in BY_PATH:
        return inside
    return {"audience": "audience.ranks", "message": "text", "link": "link.url", "card": "card.text"}.get(
        plain, "text"
    )
