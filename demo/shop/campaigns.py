"""The sample shop's campaigns: one that was sent some weeks ago, with what customers did about it, and a draft that the
owner is about to finish.

The first is scheduled as in the console and sent by the product itself (`weeks.py`).
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from bot import localtime
from bot.config import settings
from bot.db.database import require_transaction, write_transaction
from customers.people.customer import Customer
from demo.phone.client import Handset
from demo.phone.platform import Platform
from demo.shop.plan.agenda import Event
from journeys.campaigns import campaigns
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import SENT, Campaign, CampaignRecipient
from journeys.links import shared_links
from journeys.links.tables import SharedLink

SENT_AGO = timedelta(days=24)
LINK, TAG = "くわしく見る", "ギフト箱"
_SENT = {
    "name": "季節のギフト箱のご案内",
    "class": "selling",
    "message": {
        "text": "{shop}です。季節のギフト箱ができました。石けんと化粧水に、小さなタオルを添えています。"
        "ご自分へのごほうびにも、贈りものにもどうぞ。",
        "buttons": [{"label": "気になる", "tag": TAG}],
    },
    "audience": {"ranks": ["active", "premium", "ambassador"], "max_days_since_order": 180},
    "outcome_days": 14,
}
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
DAYS_OF_BUYING = 9
BUY_IN_ALL = 0.16
"""The share of those who got it who buy because of it, on one of so many days."""


def write_draft(staff_id: int) -> None:
    """Store it as the owner would in the console."""
    require_transaction()
    campaigns.create(CampaignDefinition.model_validate(_DRAFT), staff_id)


class SentCampaign:
    """The campaign of some weeks ago: the owner schedules it the day before, and customers open its link, tap its
    button, and buy. Customers on the phone page do nothing by themselves."""

    def __init__(
        self,
        platform: Platform,
        on_the_phone: set[str],
        buy: Callable[[str], None],
        keep_profiles: Callable[[], int],
        staff_id: int,
    ) -> None:
        self._platform, self._on_the_phone = platform, on_the_phone
        self._buy, self._keep_profiles, self._staff_id = buy, keep_profiles, staff_id
        self._chance = random.Random(12)  # noqa: S311 - a sample, and the same one each time
        self._buyers: list[str] = []

    def events(self, ends: datetime) -> Iterator[Event]:
        """What happens about it, up to the present."""
        day = localtime.local(ends - SENT_AGO).replace(hour=12, minute=0, second=0, microsecond=0)
        yield day - timedelta(hours=21), lambda: self._schedule(day)
        yield day + timedelta(hours=1, minutes=10), self._some_open
        yield day + timedelta(hours=6), self._some_open
        for number in range(DAYS_OF_BUYING):
            yield day + timedelta(days=number, hours=7, minutes=20), self._somebody_buys

    def _schedule(self, at: datetime) -> None:
        self._keep_profiles()
        definition = CampaignDefinition.model_validate(_SENT)
        link = {"label": LINK, "url": f"{settings.current().public_url}/voices"}
        message = definition.message.model_validate(
            {**definition.message.model_dump(exclude_defaults=True), "link": link}
        )
        with write_transaction():
            made = campaigns.create(definition.model_copy(update={"message": message}), self._staff_id)
            campaigns.schedule(made, at)

    def _recipients(self) -> list[str]:
        """The LINE users whom it reached, in their order."""
        newest = Campaign.select().order_by(Campaign.id.desc()).first()
        rows = CampaignRecipient.select(CampaignRecipient, Customer).join(Customer)
        rows = rows.where(CampaignRecipient.campaign == newest, CampaignRecipient.state == SENT)
        found = [row.customer.line_user_id or "" for row in rows.order_by(CampaignRecipient.id)]
        return [each for each in found if each not in self._on_the_phone]

    def _some_open(self) -> None:
        """Every sixth opens the link, and half of those tap the button, too."""
        links = {f"{settings.current().public_url}/l/{each.code}": each for each in SharedLink.select()}
        for user_id in self._recipients():
            person = self._platform.channel.people.get(user_id)
            if person is None or self._chance.random() > 1 / 6:
                continue
            phone = Handset(self._platform.channel, person)
            buttons = phone.buttons()
            address = phone.tap(LINK) if LINK in buttons else None
            if address in links:
                with write_transaction():
                    shared_links.record(links[address])
            if "気になる" in buttons and self._chance.random() < 0.5:
                phone.tap("気になる")

    def _somebody_buys(self) -> None:
        reached = self._recipients()
        for _ in range(max(1, round(len(reached) * BUY_IN_ALL / DAYS_OF_BUYING))):
            left = [each for each in reached if each not in self._buyers]
            if left:
                self._buyers.append(self._chance.choice(left))
                self._buy(self._buyers[-1])
