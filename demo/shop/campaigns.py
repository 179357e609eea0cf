"""The sample shop's campaign: a draft that the owner is about to finish."""

from bot.db.database import require_transaction
from journeys.campaigns import campaigns
from journeys.campaigns.definition import CampaignDefinition

_DRAFT = {
    "name": "春のゆずの化粧水のご案内",
    "class": "selling",
    "message": {
        "text": "{shop}です。春のゆずの化粧水ができました。ゆずの皮をていねいに絞った、この季節だけの香りです。",
        "buttons": [{"label": "気になる", "tag": "ゆず"}],
    },
    "audience": {"stages": ["repeat", "higher-value", "fan"], "max_days_since_order": 120},
    "early_access_hours": 24,
}


def write_draft(staff_id: int) -> None:
    """Store it as the owner would in the console."""
    require_transaction()
    campaigns.create(CampaignDefinition.model_validate(_DRAFT), staff_id)
