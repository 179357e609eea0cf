"""At which moments the demo's time travel stops for campaigns."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people import customer as customers
from demo import campaign_times
from handlers import campaign_jobs, register
from journeys.campaigns import campaigns
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import LATE, SENDING, Campaign

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
LATE_EVENING, MORNING = NOON + timedelta(hours=10), NOON + timedelta(hours=21)
"""22:00, within the quiet hours, and 9:00, their end."""


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    register()
    shop.use({})
    yield


def a_campaign(at: datetime, early_access_hours: int = 0) -> Campaign:
    with write_transaction():
        for number in range(3):
            user_id = f"U{number:032x}"
            customers.follow(user_id, conversations.ensure(user_id, user_id))
        values = {
            "name": "ご案内",
            "class": "care",
            "holdout_percent": 0,
            "message": {"text": "こんにちは"},
            "early_access_hours": early_access_hours,
        }
        made = campaigns.create(CampaignDefinition.model_validate(values), None)
        assert campaigns.schedule(made, at)
    return made


def test_it_stops_at_the_campaigns_time_and_before_for_early_access() -> None:
    with localtime.fixed(NOON):
        a_campaign(NOON + DAY, early_access_hours=3)
        early, at = NOON + DAY - timedelta(hours=3), NOON + DAY
        assert campaign_times.next_one(NOON, NOON + 2 * DAY) == early
        assert campaign_times.next_one(early, NOON + 2 * DAY) == at
        assert campaign_times.next_one(at, NOON + 2 * DAY) is None
        assert campaign_times.next_one(NOON, NOON + timedelta(hours=2)) is None
        assert not campaign_times.anything_due(NOON)
        assert campaign_times.anything_due(at)


def test_a_campaign_that_waits_for_the_morning_goes_on_then_and_is_not_late() -> None:
    with localtime.fixed(NOON):
        made = a_campaign(LATE_EVENING)
    with localtime.fixed(LATE_EVENING + timedelta(minutes=1)):
        campaign_jobs.run_campaigns()
        waits = Campaign.get_by_id(made.id)
        assert waits.state == SENDING
        assert not campaign_times.anything_due(localtime.now())
    stops = [LATE_EVENING + timedelta(minutes=1)]
    while (stop := campaign_times.next_one(stops[-1], NOON + DAY)) is not None:
        with localtime.fixed(stop):
            campaign_jobs.run_campaigns()
            stops.append(stop)
            assert Campaign.get_by_id(made.id).state != LATE, stops
    assert stops[-1] == MORNING
    with localtime.fixed(MORNING):
        assert campaign_times.anything_due(MORNING), "its call is on its way"
