"""Answers a received order, from the API, Shopify or an import: points, the referral it completes, the rank, thanks.

Cancellations and refunds are in `order_reversed.py`; how an order is stored is in `customers/orders/`.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot import localtime
from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.orders import buyers, purchases, reversals
from customers.orders.order import Order
from customers.orders.purchases import Purchase
from customers.people.customer import Customer
from handlers import coupons, flow_triggers, replies
from handlers.chat_settings import ConversationRules
from handlers.event_customer import reply_or_push
from handlers.progress import rank_messages
from handlers.referral_review import notify_both
from rewards.ledger import actions, due_points, earning_limits, ledger, order_points
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import customer_rank
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
    if recorded.customer is None or not (recorded.new or recorded.credited):
        return []
    bought = recorded.credited or (recorded.purchase,)
    for gone in (each for each in bought if each.state != purchases.PAID):
        cause = f"order:{gone.order_number}"
        ledger.refuse(recorded.customer.id, Action.PURCHASE, cause, earning_limits.ORDER_REVERSED)
    to_credit = tuple(each for each in bought if each.state == purchases.PAID)
    return credit(recorded.customer, to_credit, cause=event.event_id, conversation_id=event.conversation_id)


def credit(
    customer: Customer, bought: tuple[Purchase, ...], *, cause: str, conversation_id: int | None = None
) -> list[Message]:
    """Credit purchases that now belong to this customer; the messages about points, the referral, the rank,
    and thanks."""
    earned = earn(customer, bought)
    usable_on = due_points.outlook(customer.id).pending_from if earned.held else None
    thanks = replies.purchase_thanks(earned.points, ledger.balance(customer.id), earned.held, usable_on)
    said = replies.lead_on([thanks, *earned.said, *rank_messages(customer.id)][: line.MOST_MESSAGES])
    if not _is_recent(bought):
        return []  # an import of old orders must not send a message to every customer
    if quiet_period.is_resting(customer.id):
        return []  # points and coupons are credited, but nothing cheerful is sent during a complaint
    return reply_or_push(customer, said, cause=cause, conversation_id=conversation_id)


@dataclass(frozen=True, slots=True)
class Earned:
    """What purchases earned: points usable now, points held until the return period is over, and messages to send."""

    points: int
    held: int
    said: list[Message]


def earn(customer: Customer, bought: tuple[Purchase, ...]) -> Earned:
    """Credit the points of purchases, less what was refunded before they arrived, and issue the
    first-purchase coupons."""
    customer_rank.register(customer.id)
    rules = shop.get(PointRules)
    pending = timedelta(days=rules.purchase_pending_days)
    given = held = 0
    said: list[Message] = []
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
        said += referral_completed(customer, purchase)
        if _is_recent((purchase,)):
            flow_triggers.note_order(customer.id, purchase)
    if _is_recent(bought):
        said += coupons.for_first_purchase(Customer.get_by_id(customer.id))
    return Earned(given, held, said)


def _is_recent(bought: tuple[Purchase, ...]) -> bool:
    """Whether any of the purchases is new enough for thanks (`thank_within_days`); older imported ones only
    earn points."""
    oldest_on = localtime.today() - timedelta(days=shop.get(ConversationRules).thank_within_days)
    return any(purchase.ordered_on >= oldest_on for purchase in bought)


def referral_completed(customer: Customer, purchase: Purchase) -> list[Message]:
    """Reward both sides of a referral for the friend's first purchase above 0 yen; the referrer is notified
    in their own chat."""
    if reversals.worth_yen(purchase) == 0:
        return []
    bought = referrals.reward_first_purchase(
        customer.id, f"order:{purchase.order_number}", purchase.ordered_on
    )
    return notify_both(customer, bought) if bought else []
