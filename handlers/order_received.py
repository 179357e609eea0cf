"""Answers a received order, from the API, Shopify or an import: points, the referral it completes, the rank, and
the card that says it was received, with thanks.

Cancellations and refunds are in `order_reversed.py`, parcels in `order_shipments.py`; how an order is stored is in
`customers/orders/`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import localtime
from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Component, Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.orders import buyers, purchases, reversals
from customers.orders.order import Order
from customers.orders.purchases import Purchase, RecordedPurchase
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import coupons, flow_triggers, order_cards, order_shipments, replies, unasked
from handlers.order_cards import ShownOrder
from handlers.order_settings import OrderMessages, is_recent
from handlers.progress import possible_steps, rank_messages
from handlers.referral_review import notify_both
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage
from rewards.ledger import actions, due_points, earning_limits, ledger, order_points
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import customer_rank
from rewards.ranks import messages as rank_cards
from rewards.referrals import referrals
from support.bad_moments import quiet_period

routes = Routes()


@routes.on_internal_event(event_kinds.ORDER_RECEIVED)
def purchase_recorded(event: InternalEvent) -> Answer:
    """Record the purchase and credit it, with any that were pending for this customer, once each. A purchase
    that was cancelled before it arrived earns nothing and sends nothing."""
    received = Order.model_validate(event.data)
    reversals.lock_order(received.order_number)
    referrals.lock_with_referrer(buyers.customer_id_of(received))
    recorded = purchases.record(received)
    reversals.apply_pending(recorded.purchase)
    if recorded.new and received.coupon_code and recorded.purchase.state == purchases.PAID:
        coupons.redeem_for_order(received.coupon_code, received.source, received.order_number)
    if recorded.customer is not None and (recorded.new or recorded.credited):
        _credit_what_counts(recorded, recorded.customer)
    order_shipments.notify_of_all(recorded.purchase)
    return []


def _credit_what_counts(recorded: RecordedPurchase, customer: Customer) -> None:
    bought = recorded.credited or (recorded.purchase,)
    for gone in (each for each in bought if each.state != purchases.PAID):
        cause = f"order:{gone.order_number}"
        ledger.refuse(customer.id, Action.PURCHASE, cause, earning_limits.ORDER_REVERSED)
    credit(customer, tuple(each for each in bought if each.state == purchases.PAID))


def credit(customer: Customer, bought: tuple[Purchase, ...]) -> None:
    """Credit purchases that now belong to this customer, and plan the messages about the latest of them."""
    earned = earn(customer, bought)
    usable_on = due_points.outlook(customer.id).pending_from if earned.held else None
    thanks = replies.purchase_thanks(earned.points, ledger.balance(customer.id), earned.held, usable_on)
    news = {**earned.news, Kind.RANK_ROSE: rank_messages(customer.id)}
    recent = [each for each in bought if is_recent(each.ordered_on)]
    if recent:  # an import of old orders must not send a message to every customer
        _say_received(customer, max(recent, key=lambda each: (each.ordered_at, each.id)), thanks, news)


def _say_received(
    customer: Customer, purchase: Purchase, thanks: str, news: Mapping[Kind, list[Message]]
) -> None:
    """Plan the card and what came of the order besides, as one message. In a bad moment only the plain card, and
    to customers who declined news the card alone. Where the owner has switched the card off, the rest goes
    by itself."""
    cause = f"order-received:{purchase.order_number}"
    is_resting = quiet_period.is_resting(customer.id)
    more = news if customers.can_be_pushed(customer) and not is_resting else {}
    if not shop.get(OrderMessages).received:
        for kind, said in more.items():
            unasked.say(customer, said, kind=kind, cause=f"{cause}:{kind}", data=_data_of(kind, customer))
        return
    order = ShownOrder(purchase, purchases.items_of([purchase.id]).get(purchase.id, ()))
    plain = order_cards.received(order)
    said = [plain]
    if not is_resting:
        steps = _next_step(customer) if more else []
        said = [
            order_cards.received(order, thanks, steps),
            *(each for part in more.values() for each in part),
        ]
    # Within an hour of the order the customer is awake, whatever the hour; then it waits for the morning.
    unasked.say(
        customer,
        replies.without_quick_replies(said[: line.MOST_MESSAGES]),
        kind=Kind.ORDER_RECEIVED,
        cause=cause,
        data={"order_number": purchase.order_number, "plain": plain},
        earliest_at=min(purchase.ordered_at, localtime.now()),
    )


def card_now(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """What was planned, when it is sent: the plain card alone where a bad moment has come meanwhile; None for an
    order that was reversed."""
    planned: dict[str, Any] = json.loads(row.data)
    purchase = purchases.find(planned["order_number"])
    if purchase is None or purchase.state != purchases.PAID:
        return None
    return [planned["plain"]] if quiet_period.is_resting(customer.id) else list(json.loads(row.messages))


def _data_of(kind: Kind, customer: Customer) -> dict[str, Any] | None:
    """What the message of that kind needs to be checked when it is sent."""
    return {"rank": int(customer_rank.snapshot(customer.id).rank)} if kind is Kind.RANK_ROSE else None


def _next_step(customer: Customer) -> list[Component]:
    """The step to the next rank as the rank stands now."""
    rank = customer_rank.snapshot(customer.id).rank
    return rank_cards.next_step(customer_rank.offer(customer.id, rank, possible_steps(customer.id)))


@dataclass(frozen=True, slots=True)
class Earned:
    """What purchases earned: points usable now, points held until the return period is over, and messages to send."""

    points: int
    held: int
    news: dict[Kind, list[Message]]

    @property
    def said(self) -> list[Message]:
        """The messages of all kinds."""
        return [each for part in self.news.values() for each in part]


def earn(customer: Customer, bought: tuple[Purchase, ...]) -> Earned:
    """Credit the points of purchases, less what was refunded before they arrived, and issue the
    first-purchase coupons. An order of ¥0 is no purchase: no flow begins with it, and no coupon is issued."""
    customer_rank.register(customer.id)
    rules = shop.get(PointRules)
    pending = timedelta(days=rules.purchase_pending_days)
    given = held = 0
    news: dict[Kind, list[Message]] = {Kind.REFERRAL: [], Kind.COUPON_GIVEN: []}
    for purchase in bought:
        amount = actions.for_purchase(purchase.total_yen, rules)
        cause, held_until = f"order:{purchase.order_number}", purchase.ordered_on + pending
        entry = ledger.earn(customer.id, Action.PURCHASE, amount, cause, held_until=held_until)
        less = 0
        if entry and purchase.refunded_yen:
            less = order_points.take_back(
                purchase.order_number,
                whole_yen=purchase.total_yen,
                before_yen=purchase.total_yen,
                after_yen=reversals.worth_yen(purchase),
                cause=f"refunded-before:{purchase.order_number}",
            )
        if entry and entry.held:
            held += entry.held - less
        elif entry:
            given += entry.points - less
        news[Kind.REFERRAL] += referral_completed(customer, purchase)
    recent = [each for each in bought if is_recent(each.ordered_on) and reversals.worth_yen(each)]
    for purchase in recent:
        flow_triggers.note_order(customer.id, purchase)
    if recent:
        news[Kind.COUPON_GIVEN] += coupons.for_first_purchase(Customer.get_by_id(customer.id))
    return Earned(given, held, news)


def referral_completed(customer: Customer, purchase: Purchase) -> list[Message]:
    """Reward both sides of a referral for the friend's first purchase above 0 yen; the referrer is notified
    in their own chat."""
    if reversals.worth_yen(purchase) == 0:
        return []
    bought = referrals.reward_first_purchase(
        customer.id, f"order:{purchase.order_number}", purchase.ordered_on
    )
    return notify_both(customer, bought) if bought else []
