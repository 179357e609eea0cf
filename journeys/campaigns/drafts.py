"""What only a draft has: the time it is meant for, before it is scheduled."""

from datetime import datetime

from bot.db.database import require_transaction
from journeys.campaigns.tables import DRAFT, Campaign


def set_time(campaign_id: int, at: datetime | None) -> None:
    """Store when the draft is to be sent; None: at once. Nothing is sent before it is scheduled."""
    require_transaction()
    Campaign.update(scheduled_at=at).where(Campaign.id == campaign_id, Campaign.state == DRAFT).execute()
