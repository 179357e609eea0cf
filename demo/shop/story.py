"""The events in the lives of the sample customers: when each happens, and the function that writes it.

Everything is written through the domains, at the time it would have happened, so that figures, ranks and the ledger
agree. Who buys what and when is planned in `plan/lives.py`; the survey is in `surveys.py`.
"""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial

from bot import conversations, localtime
from bot.config import settings, shop
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from customers.orders import intake, purchases, reversals
from customers.orders.order import Item, Order, address_hash
from customers.orders.purchases import Purchase
from customers.orders.reversals import CANCEL, REFUND, Reversal
from customers.people import customer as customers
from customers.people.customer import Customer
from customers.values import windows
from demo.line import gestures
from demo.phone.platform import Platform
from demo.shop import parcels, people, ranks
from demo.shop.plan.agenda import Agenda, Happen
from demo.shop.plan.lives import Person, PlannedOrder
from demo.shop.plan.products import BY_CODE, choose
from demo.shop.surveys import Surveys
from rewards.ledger import actions, due_points, ledger, order_points
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import average_ltv, customer_rank
from rewards.referrals import referrals, reversal

SAMPLE = Item(name="お試しサンプル", quantity=1, unit_yen=0)
NIGHT = time(3, 30)
ENDS_AFTER = {"cancelled": timedelta(hours=5), "refunded": timedelta(days=8), "partly": timedelta(days=6)}
AT_ONCE = 1_000


class Story:
    """Puts everybody's life on the agenda; writes each event when it happens."""

    def __init__(
        self,
        everyone: Sequence[Person],
        elsewhere: Sequence[Sequence[PlannedOrder]],
        chance: random.Random,
        platform: Platform,
    ) -> None:
        self._people, self._elsewhere = everyone, elsewhere
        self._chance, self._platform = chance, platform
        self.agenda = Agenda()
        self.is_played = False
        """Whether customers and the shop's system act through the product, not only in its tables."""
        self._ids: dict[str, int] = {}
        self._last_bought: dict[str, str] = {}
        """The code of what each person bought last."""
        self._order_count = 0
        self._points = shop.get(PointRules)
        self._present = localtime.now()
        self._surveys = Surveys(self._add, self.id_of, chance, self._present)
        self._plan()

    def _add(self, at: datetime, happen: Happen) -> None:
        self.agenda.add(at, partial(self._happen, happen))

    def _happen(self, happen: Happen) -> None:
        """The past is written in one transaction, what is played in one for each event."""
        if self.is_played:
            with write_transaction():
                happen()
        else:
            happen()

    def id_of(self, user_id: str) -> int:
        """The customer's id. Raises LookupError before they have joined."""
        if user_id not in self._ids:
            found = customers.find_by_line_user(user_id)
            if found is None:
                raise LookupError(f"{user_id} is no customer yet")
            self._ids[user_id] = found.id
        return self._ids[user_id]

    def _plan(self) -> None:
        begins_at = min(each.joined_at for each in self._people)
        self._plan_night_jobs(begins_at)
        for person in self._people:
            self._add(person.joined_at, partial(self._join, person))
            if person.friend_of:
                self._add(person.joined_at + timedelta(minutes=3), partial(self._come_by, person))
            for planned in person.orders:
                self._add(planned.at, partial(self._buy, person, planned))
            if person.leaves_at is not None:
                self._add(person.leaves_at, partial(self._leave, person))
        for number, orders in enumerate(self._elsewhere, 1):
            for planned in orders:
                self._add(planned.at, partial(self._buy_elsewhere, number, planned))

    def _plan_night_jobs(self, begins_at: datetime) -> None:
        """What the clock does at night: points expire every day, ranks are reviewed on the first of each month."""
        warned_from = begins_at + timedelta(days=self._points.expire_after_days * 0.9)
        night = localtime.local(begins_at).replace(hour=NIGHT.hour, minute=NIGHT.minute)
        while (night := night + timedelta(days=1)) < self._present:
            if night.day == windows.first_of_month(night.date()).day:
                self._add(night, self._review_ranks)
            if night > warned_from:
                self._add(night, self._expire_points)

    def _review_ranks(self) -> None:
        average_ltv.refresh()
        ranks.review_all()

    def _expire_points(self) -> None:
        """Points expire. Before the weeks that are played, warnings are only noted, as no message of then is there."""
        for customer_id in due_points.to_expire(0, AT_ONCE):
            due_points.expire(customer_id)
        if not self.is_played:
            for warning in due_points.to_warn(0, AT_ONCE):
                due_points.record_warning(warning)

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

    def _leave(self, person: Person) -> None:
        phone = self._platform.channel.people.get(person.user_id)
        if self.is_played and phone is not None:
            gestures.block(self._platform.channel, phone)
            return
        customer = Customer.get_by_id(self.id_of(person.user_id))
        customers.block(customer)
        conversations.block(customer.conversation_id or 0)

    def _come_by(self, person: Person) -> None:
        code = referrals.invite(self.id_of(person.friend_of))
        referrals.join(code, self.id_of(person.user_id), is_new=True)

    def regulars(self, count: int) -> list[str]:
        """Those who bought most often, by their LINE user ids; the first on the phone page among them."""
        rest = sorted(self._people[people.ON_THE_PHONE :], key=lambda each: -len(each.orders))
        return [self._people[0].user_id, *(each.user_id for each in rest[: count - 1])]

    def order(self, line_user_id: str) -> None:
        """Somebody buys besides what is planned, in the weeks that are played."""
        now = localtime.now()
        before, month = self._last_bought.get(line_user_id, ""), localtime.local(now).month
        code = choose(before, month, self._chance)
        order = self._order(PlannedOrder(now, ((code, 1),)), line_user_id=line_user_id)
        with write_transaction():
            self._receive(order)

    def _order(self, planned: PlannedOrder, *, line_user_id: str | None = None, web_number: int = 0) -> Order:
        """The order as the shop's system reports it: of a LINE user, or of a customer of the web shop alone."""
        self._order_count += 1
        now = localtime.now()
        if planned.bought and line_user_id is not None:
            self._last_bought[line_user_id] = planned.codes[0]
        items = [
            Item(sku=code, name=BY_CODE[code].name, quantity=quantity, unit_yen=BY_CODE[code].price_yen)
            for code, quantity in planned.bought
        ]
        order = Order(
            source="csv",
            order_number=f"HD{now:%y%m}-{self._order_count:05}",
            ordered_at=now,
            ordered_on=localtime.local_date(now),
            total_yen=planned.yen,
            items=tuple(items or [SAMPLE]),
            line_user_id=line_user_id,
            customer_number=f"W-{web_number:05}" if web_number else None,
            email_hash=_email_hash(web_number) if web_number else None,
        )
        if now > self._present - parcels.REPORTED_SINCE:
            for moment in parcels.reported_at(order.order_number, now, self._present):
                if moment < self._present:
                    self._add(moment, partial(parcels.report, order.order_number))
        return order

    def _receive(self, order: Order) -> None:
        """The shop's system reports the order, and the product takes it in."""
        intake.take_orders([order])

    def _buy(self, person: Person, planned: PlannedOrder) -> None:
        order = self._order(planned, line_user_id=person.user_id)
        self._surveys.plan(person, planned, order.order_number)
        self._plan_ending(planned, order)
        if self.is_played:
            self._receive(order)
            return
        recorded = purchases.record(order)
        customer_id = self.id_of(person.user_id)
        earned = actions.for_purchase(order.total_yen, self._points)
        ledger.earn(customer_id, Action.PURCHASE, earned, f"order:{order.order_number}")
        if not order.total_yen:
            return
        bought = referrals.reward_first_purchase(customer_id, f"order:{recorded.purchase.order_number}")
        customer_rank.review(customer_id)
        if bought is not None:
            customer_rank.review(bought.referrer_id)

    def _buy_elsewhere(self, number: int, planned: PlannedOrder) -> None:
        """Somebody who is not on LINE buys by telephone or in the web shop."""
        order = self._order(planned, web_number=number)
        self._plan_ending(planned, order)
        if self.is_played:
            self._receive(order)
        else:
            purchases.record(order)

    def _plan_ending(self, planned: PlannedOrder, order: Order) -> None:
        """It is cancelled or refunded some days later."""
        if planned.ending:
            at = planned.at + ENDS_AFTER[planned.ending]
            if at < self._present:
                self._add(at, partial(self._reverse, order, planned.ending))

    def _reverse(self, order: Order, ending: str) -> None:
        number = order.order_number
        if ending == "cancelled":
            taken = Reversal(order_number=number, kind=CANCEL, source="csv")
        else:
            one_item = (order.items[0].unit_yen or 0) if len(order.items) > 1 else order.total_yen // 2
            yen = one_item if ending == "partly" else order.total_yen
            taken = Reversal(order_number=number, kind=REFUND, source="csv", refund_id="1", amount_yen=yen)
        if self.is_played:
            key = order.line_user_id or f"buyer:number:{order.customer_number}"
            is_cancelled = taken.kind == CANCEL
            event = event_kinds.ORDER_CANCELLED if is_cancelled else event_kinds.ORDER_REFUNDED
            inbox.put(event, taken.cause, key, taken.as_data(), line_user_id=order.line_user_id)
            return
        done = reversals.apply(taken)
        if done is not None and done.purchase.customer_id is not None:
            self._settle_reversal(
                done.purchase.customer_id, done.purchase, taken, (done.before_yen, done.after_yen)
            )

    def _settle_reversal(
        self, customer_id: int, purchase: Purchase, taken: Reversal, worth_yen: tuple[int, int]
    ) -> None:
        """Points, referral and rank follow, as when the product takes it in (`handlers/order_reversed.py`)."""
        before_yen, after_yen = worth_yen
        order_points.take_back(
            purchase.order_number,
            whole_yen=purchase.total_yen,
            before_yen=before_yen,
            after_yen=after_yen,
            cause=taken.cause,
            note=taken.kind,
        )
        if after_yen == 0:
            reason = "order_cancelled" if taken.kind == CANCEL else "order_refunded"
            gone = reversal.take_back(customer_id, purchase.order_number, reason)
            other = purchases.first_paid_for(Customer.get_by_id(customer_id)) if gone is not None else None
            if other is not None:
                referrals.reward_first_purchase(customer_id, f"order:{other.order_number}", other.ordered_on)
            if gone is not None:
                customer_rank.review_after_refund(gone.referrer_id)
        customer_rank.review_after_refund(customer_id)


def _email_hash(web_number: int) -> str:
    return address_hash("email", f"kokyaku{web_number}@example.jp", settings.current().hash_key)
