"""Fills the demo with a sample shop: a few hundred customers and more than a year of orders, answers, referrals,
tickets.

The lives are planned in `plan/lives.py` and written by `story.py`; the last weeks are played by the product itself
(`weeks.py`).
"""

import random
from itertools import groupby

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import write_transaction
from customers.people.customer import Customer
from demo.phone.platform import Platform
from demo.shop import campaigns, flows, parcels, people, questions, ranks, testimonials
from demo.shop.campaigns import SentCampaign
from demo.shop.chats import CHATS, Chat, keep_canned, open_chat
from demo.shop.contacts import SUPPORT_FRIENDS, StaffContacts
from demo.shop.plan import products
from demo.shop.plan.lives import HISTORY, Lives
from demo.shop.plan.products import PRODUCTS
from demo.shop.story import Story
from demo.shop.weeks import Machinery, Weeks
from support.tickets.tickets import DETRACTOR, Ticket
from surveys.nps.answers import SurveyAnswer

SHOP_NAME = "ひだまり堂"
OWNER, STAFF = 1, (2, "中村")
"""Ids of the staff who are created in an empty database, and what the second one signs with."""
ELSEWHERE = 0.38
"""So many buyers who are not on LINE for each customer who is."""


class Year:
    """The sample shop's history: what was before the flows were switched on is written, the rest is played."""

    def __init__(self, count: int, platform: Platform) -> None:
        self._chance, self._now = random.Random(20), localtime.now()  # noqa: S311 - the same sample each time
        self._flows_began_at = self._now - flows.SWITCHED_ON_AGO
        everyone = people.all_of_them(count, self._now, self._chance)
        elsewhere = Lives(self._now, self._chance).elsewhere(round(count * ELSEWHERE))
        self._story = Story(everyone, elsewhere, self._chance, platform)
        self._platform = platform

    def write_past(self, machinery: Machinery) -> None:
        """Write the part without flows, in order of time, and compute the stages at the end of each day."""
        events = self._story.agenda.until(self._flows_began_at)
        with write_transaction():
            with localtime.fixed(self._now - HISTORY):
                products.describe(PRODUCTS)
                machinery.keep_changed_profiles()
            for _, of_day in groupby(events, lambda each: localtime.local_date(each[0])):
                for moment, happen in of_day:
                    with localtime.fixed(moment):
                        happen()
                with localtime.fixed(moment):
                    machinery.keep_changed_profiles()
        for number, (name, *_) in enumerate(people.ON_THE_PHONE_PAGE):
            self._platform.handset(name, people.line_user_id_of(number))
        people.introduce(self._platform)

    def play_weeks(self, machinery: Machinery) -> None:
        """Play the rest with the flows on."""
        begins, ends = self._flows_began_at, self._now
        with localtime.fixed(begins):
            flows.switch_on()
        self._story.is_played = True
        on_the_phone = {people.line_user_id_of(number) for number in range(people.ON_THE_PHONE)}
        habits = flows.Habits(self._platform, on_the_phone)
        sent = SentCampaign(self._platform, on_the_phone, self._story.order, machinery.keep_profiles, OWNER)
        staff = StaffContacts(self._platform, on_the_phone, self._story.order, STAFF)
        agenda = self._story.agenda
        for moment, happen in (
            *habits.events(begins, ends),
            *sent.events(ends),
            *staff.events(begins, ends),
            *staff.add_friends(self._story.regulars(SUPPORT_FRIENDS), ends),
        ):
            if begins <= moment:
                agenda.add(moment, happen)
        with Weeks(self._platform, machinery) as weeks:
            weeks.play(agenda, begins, ends)

    def write_present(self) -> None:
        """Write the ranks, chats and questions of today."""
        with write_transaction():
            ranks.review_all()
            parcels.write_older(self._now)
            keep_canned()
            campaigns.write_draft(OWNER)
            testimonials.add_picture_to_newest()
            for chat in CHATS:
                writers = _who_would_write(chat)
                if writers:
                    open_chat(self._chance.choice(writers), chat)
            conversation_ids = [
                each.id for each in Conversation.select(Conversation.id).order_by(Conversation.id)
            ]
            questions.ask(conversation_ids, localtime.now())


def _who_would_write(chat: Chat) -> list[Customer]:
    """Customers not on the phone page and without an open ticket; for a detractor's chat, those with a low score."""
    busy = Ticket.select(Ticket.customer)
    shown = [people.line_user_id_of(number) for number in range(people.ON_THE_PHONE)]
    free = Customer.select().where(Customer.line_user_id.not_in(shown), Customer.id.not_in(busy))
    if chat.cause == DETRACTOR:
        free = free.where(
            Customer.id.in_(SurveyAnswer.select(SurveyAnswer.customer).where(SurveyAnswer.score < 5))
        )
    return list(free.order_by(Customer.last_purchased_on.desc(nulls="LAST"), Customer.id).limit(12))
