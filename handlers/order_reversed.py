"""Answers a cancelled or partly refunded order: reverses its points, referral, rank and coupons, and notifies
the customer."""

from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.orders import purchases, reversals
from customers.orders.purchases import Purchase
from customers.orders.reversals import CANCEL, IMPORT_UNDONE, Reversal, ReversedPurchase
from customers.orders.settings import OrderRules
from customers.people.customer import Customer
from handlers import chat_words, unasked
from handlers.coupons import first_purchase_cause
from handlers.progress import undo_rise
from journeys.sending.message_kinds import Kind
from rewards.coupons import coupons, messages
from rewards.ledger import ledger, order_points
from rewards.referrals import referrals, reversal

routes = Routes()


@routes.on_internal_event(event_kinds.ORDER_CANCELLED)
@routes.on_internal_event(event_kinds.ORDER_REFUNDED)
def purchase_reversed(event: InternalEvent) -> Answer:
    """Reverse each cancellation or refund once, in whatever order they and the order itself arrive."""
    received = Reversal.model_validate(event.data)
    reversals.lock_order(received.order_number)
    known = purchases.find(reversals.number_of(received.order_number))
    referrals.lock_with_referrer(known.customer_id if known else None)
    done = reversals.apply(received)
    if done is None or done.purchase.customer is None:
        return []
    return _settle(done.purchase.customer, done, received, event)


def _settle(
    customer: Customer, done: ReversedPurchase, received: Reversal, event: InternalEvent
) -> list[Message]:
    purchase = done.purchase
    lost = order_points.take_back(
        purchase.order_number,
        whole_yen=purchase.total_yen,
        before_yen=done.before_yen,
        after_yen=done.after_yen,
        cause=received.cause,
        note=received.kind,
    )
    if done.after_yen == 0:
        lost += _reverse_referral(customer, purchase, received)
    said = _revoke_gifts(customer.id, purchase)
    if lost:
        sentence = (
            chat_words.words().order_cancelled
            if received.kind == CANCEL
            else chat_words.words().order_refunded
        )
        balance = f"{ledger.balance(customer.id):,}"
        filled = sentence.format(order=purchase.order_number, points=f"{lost:,}", balance=balance)
        said.insert(0, line.text(filled))
    if received.reason != IMPORT_UNDONE:
        _notify(customer, said, cause=event.event_id)
    return []


def _reverse_referral(customer: Customer, purchase: Purchase, received: Reversal) -> int:
    """Reverse the referral reward that came with this order and notify the referrer; the referee's lost
    points. Another paid purchase of the referee completes the referral again."""
    reason = "order_cancelled" if received.kind == CANCEL else "order_refunded"
    gone = reversal.take_back(customer.id, purchase.order_number, reason)
    if gone is None:
        return 0
    other = purchases.first_paid_for(customer)
    if other is not None and referrals.reward_first_purchase(
        customer.id, f"order:{other.order_number}", other.ordered_on
    ):
        return 0
    referrer = Customer.get_by_id(gone.referrer_id)
    said = _revoke_gifts(referrer.id, purchase)
    if gone.referrer_points:
        balance, sentence = f"{ledger.balance(referrer.id):,}", chat_words.words().referral_taken_back
        said.insert(0, line.text(sentence.format(points=f"{gone.referrer_points:,}", balance=balance)))
    _notify(referrer, said, cause=f"referral-reversed:{received.cause}")
    return gone.referee_points


def _revoke_gifts(customer_id: int, purchase: Purchase) -> list[Message]:
    """Revoke unused coupons for a rank that only this order had earned, and for the first purchase when none
    is left."""
    occasions = undo_rise(customer_id)
    if Customer.get_by_id(customer_id).purchase_count == 0:
        occasions.append(first_purchase_cause(customer_id))
    reason = f"注文 {purchase.order_number} の取り消し・返金"
    return messages.revoked(coupons.revoke(customer_id, occasions, reason))


def _notify(customer: Customer, said: list[Message], *, cause: str) -> None:
    if shop.get(OrderRules).tell_points_taken_back:
        unasked.say(customer, said, kind=Kind.ORDER_REVERSED, cause=cause)
