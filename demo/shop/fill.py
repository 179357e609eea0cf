"""Fills the demo with a sample shop: a few hundred customers and a year of orders, answers, referrals, tickets.

Everything is written through the domains, at the time it would have happened, so that figures, ranks and the
ledger agree. The same seed gives the same shop.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from bot import conversations, localtime
from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from customers.orders import purchases, shipments
from customers.orders.order import Item, Order
from customers.orders.shipments import ShipmentReport
from customers.people import active_days
from customers.people import customer as customers
from customers.people.customer import Customer
from demo.line import gestures
from demo.phone.controls import Product
from demo.phone.platform import Platform
from demo.shop import campaigns, flows, people, questions, ranks
from demo.shop import products as sample_products
from demo.shop import testimonials as sample_testimonials
from demo.shop.campaigns import SentCampaign
from demo.shop.cases import play_case
from demo.shop.chats import CHATS, COMMENTS, Chat, keep_canned, open_chat
from demo.shop.contacts import SUPPORT_FRIENDS, StaffContacts
from demo.shop.people import Person
from demo.shop.shop_system import CARRIER, DELIVERED_AFTER, DISPATCHED_AFTER, tracking_number
from demo.shop.weeks import Event, Happen, Machinery, Weeks
from rewards.ledger import actions, ledger
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import customer_rank, shown_testimonials
from rewards.referrals import referrals
from support.tickets.tickets import DETRACTOR, Ticket
from surveys.nps import answers, invitations
from surveys.nps.answers import SurveyAnswer
from surveys.nps.segments import Segment, segment_of
from surveys.testimonials import moderation
from surveys.testimonials import testimonials as surveys_testimonials
from surveys.testimonials.published import cause_of
from surveys.testimonials.tables import Consent

SHOP_NAME = "ひだまり堂"
PRODUCTS = (
    Product("HD-101", "はちみつ石けん", 1_680),
    Product("HD-102", "ゆずの化粧水", 3_480),
    Product("HD-103", "米ぬかクリーム", 4_280),
    Product("HD-201", "はじめてセット", 2_980),
    Product("HD-301", "季節のギフト箱", 8_800),
)
LIKED_NEXT = {"HD-201": (2, 7, 2, 1, 1), "HD-101": (4, 2, 7, 1, 1), "HD-103": (3, 4, 4, 1, 4)}
"""After one of these, others are liked more than in general: recommendations have something to find."""
ASKED_AFTER = timedelta(days=14)
MOST_ACTIVE_REFERRERS = 12
"""The number of referrers who bring most of the friends, as in any shop."""
UNREAD_ONE_IN = 6
"""One in so many testimonials still waits for staff."""
PARCELS_SINCE = timedelta(days=8)
"""Of older orders no parcel was reported: the shop began with it then."""
OWNER, STAFF = 1, (2, "中村")
"""Ids of the staff who are created in an empty database, and what the second one signs with."""


class Year:
    """The sample shop's year: what was before the flows were switched on is written, the rest is played."""

    def __init__(self, count: int, platform: Platform) -> None:
        self._chance, self._now = random.Random(20), localtime.now()  # noqa: S311 - the same sample each time
        self._flows_began_at = self._now - flows.SWITCHED_ON_AGO
        self._story = _Story(list(people.all_of_them(count, self._now, self._chance)), self._chance, platform)
        self._events = sorted(self._story.events(), key=lambda event: event[0])
        self._platform = platform

    def write_past(self) -> None:
        """Write the part without flows, in order of time."""
        with write_transaction():
            for moment, happen in self._events:
                if moment < self._flows_began_at:
                    with localtime.fixed(moment):
                        happen()
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
        rest = [(at, partial(_in_one_transaction, happen)) for at, happen in self._events if at >= begins]
        with Weeks(self._platform, machinery) as weeks:
            weeks.play(
                [
                    *rest,
                    *habits.events(begins, ends),
                    *sent.events(ends),
                    *staff.events(begins, ends),
                    *staff.add_friends(self._story.regulars(SUPPORT_FRIENDS), ends),
                ],
                begins,
                ends,
            )

    def write_present(self) -> None:
        """Write the ranks, chats and questions of today."""
        with write_transaction():
            ranks.review_all()
            keep_canned()
            sample_products.describe(PRODUCTS)
            campaigns.write_draft(OWNER)
            sample_testimonials.add_picture_to_newest()
            for chat in CHATS:
                writers = _who_would_write(chat)
                if writers:
                    open_chat(self._chance.choice(writers), chat)
            conversation_ids = [
                each.id for each in Conversation.select(Conversation.id).order_by(Conversation.id)
            ]
            questions.ask(conversation_ids, localtime.now())
            gone = Customer.line_user_id.in_(self._story.gone)
            Customer.update(blocked_at=localtime.now()).where(gone).execute()


def _in_one_transaction(happen: Happen) -> None:
    with write_transaction():
        happen()


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


class _Story:
    """The events in the lives of the sample customers: when each happens, and the function that writes it."""

    def __init__(self, everyone: Sequence[Person], chance: random.Random, platform: Platform) -> None:
        self._people, self._chance, self._platform = everyone, chance, platform
        self.is_played = False
        """Whether customers and the shop's system act through the product, not only in its tables."""
        self._bought: dict[str, list[str]] = defaultdict(list)
        self._last_bought: dict[str, str] = {}
        """The code of what each person bought last."""
        self._order_count = 0
        self._points = shop.get(PointRules)
        self._present = localtime.now()
        self.gone = [person.user_id for person in everyone[people.ON_THE_PHONE :] if chance.random() < 0.06]

    def events(self) -> Iterator[Event]:
        """Every customer's year, one customer after the other."""
        now = localtime.now()
        referrers = [person for person in self._people if person.liking >= 9]
        for person in self._people:
            yield person.joined_at, partial(self._join, person)
            earlier = [each for each in referrers if each.joined_at < person.joined_at - timedelta(days=20)]
            if earlier and self._chance.random() < 0.16:
                friend = self._chance.choice(earlier[:MOST_ACTIVE_REFERRERS])
                yield person.joined_at + timedelta(minutes=3), partial(self._come_by, person, friend)
            for number, moment in enumerate(person.bought_at):
                yield moment, partial(self._buy, person)
                if moment > now - PARCELS_SINCE:
                    yield moment + DISPATCHED_AFTER, partial(self._report_parcel, person, number)
                    yield moment + DELIVERED_AFTER, partial(self._report_parcel, person, number)
                asked_at = moment + ASKED_AFTER
                if number in (0, 3) and asked_at < now - timedelta(days=2):
                    yield asked_at, partial(self._ask, person, number)

    def _join(self, person: Person) -> None:
        if self.is_played:
            known = self._platform.channel.people.get(person.user_id)
            phone = known or self._platform.handset(person.name, person.user_id, on_phone=False).person
            gestures.follow(self._platform.channel, phone)
            return
        conversation = conversations.ensure(person.user_id, person.user_id)
        customer = customers.follow(person.user_id, conversation)
        customers.learn_profile(customer, person.name, language="ja")
        customer_rank.register(customer.id)
        points_given = self._points.registration
        ledger.earn(customer.id, Action.REGISTRATION, points_given, f"registration:{customer.id}")

    def _come_by(self, person: Person, friend: Person) -> None:
        code = referrals.invite(people.id_of(friend))
        referrals.join(code, people.id_of(person), is_new=True)

    def regulars(self, count: int) -> list[str]:
        """Those who bought most often, by their LINE user ids; the first on the phone page among them."""
        rest = sorted(self._people[people.ON_THE_PHONE :], key=lambda each: -len(each.bought_at))
        return [self._people[0].user_id, *(each.user_id for each in rest[: count - 1])]

    def order(self, line_user_id: str) -> None:
        """Somebody buys besides what is foreseen, in the weeks that are played."""
        order = self._new_order(line_user_id)
        with write_transaction():
            inbox.put(
                event_kinds.ORDER_RECEIVED,
                order.event_id,
                line_user_id,
                order.as_data(),
                line_user_id=line_user_id,
            )

    def _new_order(self, line_user_id: str) -> Order:
        self._order_count += 1
        before = self._last_bought.get(line_user_id, "")
        weights = LIKED_NEXT.get(before, (5, 4, 3, 5 if self._order_count < 200 else 2, 1))
        product = self._chance.choices(PRODUCTS, weights=weights)[0]
        self._last_bought[line_user_id] = product.code
        quantity = self._chance.choice((1, 1, 1, 2))
        now = localtime.now()
        return Order(
            source="csv",
            order_number=f"HD{now:%y%m}-{self._order_count:05}",
            ordered_at=now,
            ordered_on=localtime.local_date(now),
            total_yen=product.price_yen * quantity,
            line_user_id=line_user_id,
            items=(Item(sku=product.code, name=product.name, quantity=quantity, unit_yen=product.price_yen),),
        )

    def _buy(self, person: Person) -> None:
        order = self._new_order(person.user_id)
        self._bought[person.user_id].append(order.order_number)
        if self.is_played:
            user_id, data = person.user_id, order.as_data()
            inbox.put(event_kinds.ORDER_RECEIVED, order.event_id, user_id, data, line_user_id=user_id)
            return
        recorded = purchases.record(order)
        customer_id = people.id_of(person)
        earned = actions.for_purchase(order.total_yen, self._points)
        ledger.earn(customer_id, Action.PURCHASE, earned, f"order:{order.order_number}")
        bought = referrals.reward_first_purchase(customer_id, f"order:{recorded.purchase.order_number}")
        customer_rank.review(customer_id)
        if bought is not None:
            customer_rank.review(bought.referrer_id)

    def _report_parcel(self, person: Person, number: int) -> None:
        """The shop's system reports the parcel: dispatched, the second time delivered."""
        order_number, now = self._bought[person.user_id][number], localtime.now()
        known = shipments.of_order(order_number)
        shipments.take(
            ShipmentReport(
                order_number,
                "api",
                CARRIER,
                tracking_number(order_number),
                dispatched_at=known[0].dispatched_at if known else now,
                delivered_at=now if known else None,
            )
        )

    def _ask(self, person: Person, number: int) -> None:
        customer_id = people.id_of(person)
        bought = purchases.find(self._bought[person.user_id][number])
        if bought is None:
            return
        invitation = invitations.invite(customer_id, f"purchase:{bought.id}")
        if self._chance.random() > 0.3 + 0.03 * person.liking:
            return
        score = min(10, max(0, person.liking + self._chance.choice((-1, 0, 0, 0, 1))))
        recorded = answers.record_score(customer_id, invitation, score)
        if recorded is None:
            return
        active_days.note(customer_id, active_days.DayKind.WROTE, localtime.today())
        ledger.earn(
            customer_id,
            Action.SURVEY_ANSWER,
            self._points.survey_answer,
            f"survey-answer:{recorded.answer_id}",
        )
        if self._chance.random() < 0.4:
            answers.add_comment(
                customer_id, recorded.answer_id, self._chance.choice(COMMENTS[segment_of(score)])
            )
        if recorded.segment is Segment.DETRACTOR:
            play_case(customer_id, recorded.answer_id, score, self._present)
        if recorded.segment is Segment.PROMOTER:
            referrals.invite(customer_id)
            if self._chance.random() < 0.4:
                self._testify(customer_id)
        customer_rank.review(customer_id)

    def _testify(self, customer_id: int) -> None:
        written = surveys_testimonials.write(customer_id, self._chance.choice(sample_testimonials.WORDS))
        consent = self._chance.choice((Consent.NAMED, Consent.ANONYMOUS))
        name = Customer.get_by_id(customer_id).display_name if consent is Consent.NAMED else ""
        surveys_testimonials.decide(customer_id, written, consent, name)
        ledger.earn(customer_id, Action.TESTIMONIAL, self._points.testimonial, cause_of(written))
        found = moderation.find(written)
        if found is not None and written % UNREAD_ONE_IN:
            moderation.publish(found, OWNER)
            shown_testimonials.add(customer_id, cause_of(written))
