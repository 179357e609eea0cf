"""What is wrong with a draft before it is scheduled, in the reader's language, by the field of the form it is shown at.

What is checked is in `journeys/campaigns/check.py`; what cannot even be read
from the form is `campaign_form.py`'s.
"""

from collections.abc import Sequence
from datetime import datetime

from console.campaigns.campaign_fields import BY_PATH
from console.shell.translation import reads_english
from journeys.campaigns import check
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.forecast import Forecast
from journeys.flows import check_facts
from journeys.flows.fault import Fault, Severity

WHEN = "at"
"""The field of the time."""
_SHOWN_AT = {
    "scheduled_at": WHEN,
    "audience": "audience.ranks",
    "link": "link.url",
    "video": "video.url",
    "card": "card.text",
    "buttons": "buttons.0.label",
}
"""Fields that the check names as a whole."""


def errors(definition: CampaignDefinition, at: datetime | None) -> dict[str, str]:
    """What keeps it from being scheduled; the first error of each field."""
    found = check.faults(definition, check_facts.current(), at)
    return {
        _field(each.field): _sentence(each) for each in reversed(found) if each.severity is Severity.ERROR
    }


def warnings(definition: CampaignDefinition, at: datetime | None, forecast: Forecast) -> list[str]:
    """What the owner should know before scheduling it."""
    found = check.faults(definition, check_facts.current(), at, forecast)
    return [_sentence(each) for each in found if each.severity is Severity.WARNING]


def sentences(faults: Sequence[Fault]) -> str:
    """These faults in the reader's language."""
    return " ".join(map(_sentence, faults))


def _sentence(fault: Fault) -> str:
    return fault.sentence_en if reads_english() else fault.sentence_ja


def _field(name: str) -> str:
    for path in (name, f"audience.{name}", f"audience.max_{name}"):
        if path in BY_PATH:
            return path
    return _SHOWN_AT.get(name, "text")
