"""Reads what the database remembers of a year, customer by customer: what was said unasked, when they wrote, and what
would have triggered flows. For `manage.py budget simulate`; writes nothing.

The rules by which it is replayed are in `journeys/sending/replay.py`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from bot import localtime
from bot.db.database import as_moment
from bot.queue.inbox import LINE, InboxEvent
from bot.routing import event_kinds
from customers.orders.purchases import PAID, Purchase, PurchaseItem, is_purchase
from customers.orders.tables import Product
from customers.people.active_days import CustomerDay, DayKind
from customers.people.customer import Customer
from journeys.enrolments import past_steps
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import On
from journeys.sending.message_kinds import KIND_RULES, Kind
from journeys.sending.replay import PastMessage
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, Reward
from rewards.ranks.tables import RankChange
from support.tickets.tickets import Ticket
from surveys.nps.invitations import ASKED_FOR, SurveyInvitation

CUSTOMERS_AT_ONCE = 500
_Moments = dict[int, list[datetime]]
"""By customer, in order, in the shop's zone."""


@dataclass(slots=True)
class PastYear:
    """One customer's year."""

    said: list[PastMessage] = field(default_factory=list)
    reply_count: int = 0
    """How often they wrote or tapped, and the shop answered."""
    replies_at: list[datetime] = field(default_factory=list)
    """Those of them that something may have gone along with: not in a ticket."""


def by_customer(since: datetime, until: datetime, flows: Sequence[FlowDefinition] = ()) -> Iterator[PastYear]:
    """The year of every customer on LINE, with the messages of these flows; a few hundred customers are read at
    once."""
    last_id = 0
    while True:
        block: Any = (
            Customer.select(Customer.id, Customer.followed_at)
            .where(Customer.id > last_id, Customer.conversation.is_null(False))
            .order_by(Customer.id)
            .limit(CUSTOMERS_AT_ONCE)
        )
        people = {each.id: each.followed_at for each in block}
        if not people:
            return
        yield from _Block(min(people), max(people), since, until).years(people, flows)
        last_id = max(people)


@dataclass(slots=True)
class _Block:
    """A range of customers, and the queries about them."""

    first_id: int
    last_id: int
    since: datetime
    until: datetime

    def years(
        self, people: Mapping[int, datetime | None], flows: Sequence[FlowDefinition]
    ) -> Iterator[PastYear]:
        """Each customer's year."""
        said = {kind: self._moments(*source) for kind, source in self._sources().items()}
        chats, tickets, days = self._line_events(), self._tickets(), self._days()
        facts = self._triggers(people) if flows else {}
        has_repurchase = any(step.wait.repurchase for flow in flows for step in flow.step)
        bought = self._bought() if has_repurchase else {}
        for customer_id in people:
            year = PastYear([_message(kind, at) for kind in said for at in said[kind].get(customer_id, ())])
            for flow in flows:
                year.said += self._steps(flow, facts, customer_id, bought.get(customer_id, ()))
            wrote_at = _with_days(chats.get(customer_id, []), days.get(customer_id, []))
            year.reply_count = len(wrote_at)
            busy = tickets.get(customer_id, [])
            year.replies_at = [at for at in wrote_at if not any(begin <= at < end for begin, end in busy)]
            yield year

    def _sources(self) -> dict[Kind, tuple[Any, ...]]:
        """The rows behind each kind: customer, moment, what else must hold."""
        invitation = SurveyInvitation
        staff_gave = Coupon.reward.in_(
            Reward.select(Reward.id).where(Reward.kind.in_((RewardKind.THANK_YOU, RewardKind.FIRST_PURCHASE)))
        )
        rose = (RankChange.before < RankChange.after) & (RankChange.cause != "joined")
        return {
            Kind.ORDER_RECEIVED: (Purchase.customer, Purchase.ordered_at, Purchase.state == PAID),
            Kind.SURVEY: (invitation.customer, invitation.asked_at, ~invitation.cause.startswith(ASKED_FOR)),
            Kind.SURVEY_REMINDER: (invitation.customer, invitation.reminded_at),
            Kind.RANK_ROSE: (RankChange.customer, RankChange.changed_at, rose),
            Kind.COUPON_GIVEN: (Coupon.customer, Coupon.issued_at, staff_gave),
            Kind.RANK_FALL: self._events(event_kinds.RANK_FALL_WARNING_DUE),
            Kind.POINTS_EXPIRING: self._events(event_kinds.POINTS_EXPIRING),
            Kind.BIRTHDAY: self._events(event_kinds.BIRTHDAY_CAME),
        }

    def _events(self, kind: str) -> tuple[Any, ...]:
        return Customer.id, InboxEvent.received_at, InboxEvent.source.in_(event_kinds.stored_as(kind))

    def _line_events(self) -> _Moments:
        """When they wrote or tapped: LINE's events that could be answered."""
        answerable = InboxEvent.body.contains('"replyToken"')
        return self._moments(Customer.id, InboxEvent.received_at, InboxEvent.source == LINE, answerable)

    def _moments(
        self, customer_id: Any, moment: Any, *conditions: Any, since: datetime | None = None
    ) -> _Moments:
        """The rows' moments by customer."""
        query: Any = moment.model.select(customer_id, moment)
        if moment.model is InboxEvent:
            query = query.join(Customer, on=Customer.conversation == InboxEvent.conversation)
        query = query.where(
            customer_id.between(self.first_id, self.last_id),
            moment >= (since or self.since),
            moment < self.until,
            *conditions,
        )
        found: _Moments = defaultdict(list)
        for whose, at in query.order_by(moment).tuples():
            found[int(whose)].append(_local(at))
        return found

    def _tickets(self) -> dict[int, list[tuple[datetime, datetime]]]:
        """When staff had a request of theirs, by customer."""
        rows: Any = Ticket.select(Ticket.customer, Ticket.opened_at, Ticket.resolved_at).where(
            Ticket.customer.between(self.first_id, self.last_id)
        )
        found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        for whose, opened_at, resolved_at in rows.tuples():
            end = _local(resolved_at) if resolved_at is not None else localtime.local(self.until)
            found[int(whose)].append((_local(opened_at), end))
        return found

    def _days(self) -> dict[int, list[date]]:
        """The days on which they wrote, which stay when old events are deleted."""
        rows: Any = CustomerDay.select(CustomerDay.customer, CustomerDay.day).where(
            CustomerDay.customer.between(self.first_id, self.last_id),
            CustomerDay.kind == DayKind.WROTE,
            CustomerDay.day >= localtime.local_date(self.since),
            CustomerDay.day < localtime.local_date(self.until),
        )
        found: dict[int, list[date]] = defaultdict(list)
        for whose, day in rows.tuples():
            found[int(whose)].append(date.fromisoformat(str(day)))
        return found

    def _triggers(self, people: Mapping[int, datetime | None]) -> dict[On, _Moments]:
        """When flows could have been triggered, from the beginning on."""
        begin = datetime.min.replace(tzinfo=self.since.tzinfo, year=2000)
        followed = {whose: [_local(at)] for whose, at in people.items() if at is not None}
        rose = RankChange.before < RankChange.after
        return {
            On.FOLLOW: followed,
            On.ORDER: self._moments(Purchase.customer, Purchase.ordered_at, is_purchase(), since=begin),
            On.RANK: self._moments(RankChange.customer, RankChange.changed_at, rose, since=begin),
            On.COUPON: self._moments(Coupon.customer, Coupon.issued_at, since=begin),
        }

    def _steps(
        self,
        flow: FlowDefinition,
        facts: Mapping[On, _Moments],
        customer_id: int,
        bought: Sequence[past_steps.Bought],
    ) -> Iterator[PastMessage]:
        triggered_at = facts.get(flow.trigger.on, {}).get(customer_id, [])
        if flow.trigger.on is On.ORDER:
            if flow.trigger.nth is not None:
                triggered_at = triggered_at[flow.trigger.nth - 1 : flow.trigger.nth]
            if flow.trigger.products:
                bought_at = _bought_at(customer_id, flow.trigger.products)
                triggered_at = [at for at in triggered_at if at in bought_at]
        ended_at = facts.get(flow.goal.on, {}).get(customer_id, []) if flow.goal else []
        since, until = localtime.local(self.since), localtime.local(self.until)
        return past_steps.messages(flow, triggered_at, ended_at, since, until, bought)

    def _bought(self) -> dict[int, list[past_steps.Bought]]:
        """The orders of each customer, with the fewest repurchase days of their products."""
        rows: Any = (
            Purchase.select(Purchase.customer, Purchase.ordered_at, fn.MIN(Product.repurchase_days))
            .join(PurchaseItem, JOIN.LEFT_OUTER, on=PurchaseItem.purchase == Purchase.id)
            .join(Product, JOIN.LEFT_OUTER, on=Product.sku == PurchaseItem.sku)
            .where(Purchase.customer.between(self.first_id, self.last_id), is_purchase())
            .group_by(Purchase.customer, Purchase.id, Purchase.ordered_at)
            .order_by(Purchase.ordered_at, Purchase.id)
        )
        found: dict[int, list[past_steps.Bought]] = defaultdict(list)
        for whose, at, days in rows.tuples():
            found[int(whose)].append((_local(at), days))
        return found


def _bought_at(customer_id: int, products: Sequence[str]) -> set[datetime]:
    """When the customer ordered one of these products."""
    rows: Any = (
        Purchase.select(Purchase.ordered_at)
        .join(PurchaseItem, on=PurchaseItem.purchase == Purchase.id)
        .where(Purchase.customer == customer_id, PurchaseItem.sku.in_(products))
        .tuples()
    )
    return {_local(at) for (at,) in rows}


def _message(kind: Kind, at: datetime) -> PastMessage:
    rules = KIND_RULES[kind]
    return PastMessage(kind, rules.message_class, rules.priority, at, at + rules.waits)


def _with_days(wrote_at: list[datetime], days: list[date]) -> list[datetime]:
    """The moments at which a customer wrote, with noon of each day of which only the day is known."""
    known = {at.date() for at in wrote_at}
    noons = [
        localtime.local(localtime.start_of(day)) + timedelta(hours=12) for day in days if day not in known
    ]
    return sorted([*wrote_at, *noons])


def _local(value: Any) -> datetime:
    moment = as_moment(value)
    if moment is None:
        raise TypeError("a row without its moment: the queries leave those out")
    return localtime.local(moment)
