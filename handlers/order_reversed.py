"""An order was cancelled or partly refunded: what it had brought is taken back, and said kindly."""

from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import Happening
from bot.routing.routes import Answer, Routes
from customers.orders import purchases, reversals
from customers.orders.purchases import Purchase
from customers.orders.reversals import CANCEL, Reversal, TakenBack
from customers.orders.settings import OrderRules
from customers.people.customer import Customer
from handlers import chat_words
from handlers import replies as talk
from handlers.coupons import first_purchase_of
from handlers.event_customer import tell
from handlers.progress import undone
from rewards.coupons import coupons, messages
from rewards.ledger import ledger, order_points
from rewards.referrals import referrals, reversal

routes = Routes()


@routes.on_happening(event_kinds.ORDER_CANCELLED)
@routes.on_happening(event_kinds.ORDER_REFUNDED)
def purchase_taken_back(event: Happening) -> Answer:
    """Once each, in whatever order cancellation, refunds and the order itself come."""
    told = Reversal.model_validate(event.data)
    reversals.queue_for(told.order_number)
    known = purchases.find(reversals.number_of(told.order_number))
    referrals.lock_with_referrer(known.customer_id if known else None)
    done = reversals.apply(told)
    if done is None or done.purchase.customer is None:
        return []
    return _settle(done.purchase.customer, done, told, event)


def _settle(customer: Customer, done: TakenBack, told: Reversal, event: Happening) -> list[Message]:
    purchase = done.purchase
    lost = order_points.take_back(
        purchase.order_number,
        whole_yen=purchase.total_yen,
        before_yen=done.before_yen,
        after_yen=done.after_yen,
        cause=told.cause,
        note=told.kind,
    )
    if done.after_yen == 0:
        lost += _referral_taken_back(customer, purchase, told)
    said = _gifts_taken_back(customer.id, purchase)
    if lost:
        sentence = (
            chat_words.words().order_cancelled if told.kind == CANCEL else chat_words.words().order_refunded
        )
        balance = f"{ledger.balance(customer.id):,}"
        filled = sentence.format(order=purchase.order_number, points=f"{lost:,}", balance=balance)
        said.insert(0, line.text(filled))
    return _tell(customer, said, cause=event.event_id, conversation_id=event.conversation_id)


def _referral_taken_back(customer: Customer, purchase: Purchase, told: Reversal) -> int:
    """The friend's reward goes with this order's points; the referrer is told in their own chat. Another purchase of
    the friend's that stands completes the referral after all."""
    reason = "order_cancelled" if told.kind == CANCEL else "order_refunded"
    gone = reversal.take_back(customer.id, purchase.order_number, reason)
    if gone is None:
        return 0
    other = purchases.first_paid_for(customer)
    if other is not None and referrals.bought(customer.id, f"order:{other.order_number}", other.ordered_on):
        return 0
    referrer = Customer.get_by_id(gone.referrer_id)
    said = _gifts_taken_back(referrer.id, purchase)
    if gone.referrer_points:
        balance, sentence = f"{ledger.balance(referrer.id):,}", chat_words.words().referral_taken_back
        said.insert(0, line.text(sentence.format(points=f"{gone.referrer_points:,}", balance=balance)))
    _tell(referrer, said, cause=told.cause, conversation_id=None)
    return gone.referee_points


def _gifts_taken_back(customer_id: int, purchase: Purchase) -> list[Message]:
    """Unused coupons for a rank that only this order had brought, and for the first purchase when none is left."""
    occasions = undone(customer_id)
    if Customer.get_by_id(customer_id).purchase_count == 0:
        occasions.append(first_purchase_of(customer_id))
    reason = f"注文 {purchase.order_number} の取り消し・返金"
    return messages.taken_back(coupons.take_back(customer_id, occasions, reason))


def _tell(
    customer: Customer, said: list[Message], *, cause: str, conversation_id: int | None
) -> list[Message]:
    if not shop.get(OrderRules).tell_points_taken_back:
        return []
    return tell(customer, talk.lead_on(said), cause=cause, conversation_id=conversation_id)
