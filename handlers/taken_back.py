"""An order was cancelled or partly refunded: what it had brought is taken back, and said kindly when points changed."""

from bot import shop
from bot.events import Happening
from bot.line_messages import Message
from bot.routing import Answer, on_happening
from customers import purchases, reversals
from customers.customer import Customer
from customers.purchases import Purchase
from customers.reversals import CANCEL, Reversal, TakenBack
from customers.rules import OrderRules
from handlers import messages as talk
from handlers.people import tell
from rewards import ledger, referrals, standing, take_back


@on_happening("order.cancelled")
@on_happening("order.refunded")
def purchase_taken_back(event: Happening) -> Answer:
    """Once each, in whatever order cancellation, refunds and the order itself come."""
    told = Reversal.model_validate(event.data)
    done = reversals.apply(told)
    if done is None or done.purchase.customer is None:
        return []
    return _settle(done.purchase.customer, done, told, event)


def _settle(customer: Customer, done: TakenBack, told: Reversal, event: Happening) -> list[Message]:
    purchase = done.purchase
    lost = take_back.purchase(
        purchase.order_number,
        whole_yen=purchase.total_yen,
        before_yen=done.before_yen,
        after_yen=done.after_yen,
        cause=told.cause,
        note=told.kind,
    )
    if done.after_yen == 0:
        lost += _referral_taken_back(customer, purchase, told)
    standing.after_refund(customer.id)
    if not lost or not shop.get(OrderRules).tell_points_taken_back:
        return []
    sentence = talk.words().order_cancelled if told.kind == CANCEL else talk.words().order_refunded
    said = talk.with_ways_on(
        sentence.format(
            order=purchase.order_number, points=f"{lost:,}", balance=f"{ledger.balance(customer.id):,}"
        )
    )
    return tell(customer, said, cause=event.event_id, conversation_id=event.conversation_id)


def _referral_taken_back(customer: Customer, purchase: Purchase, told: Reversal) -> int:
    """The friend's reward goes with this order's points; the referrer is told in their own chat. Another purchase of
    the friend's that stands completes the referral after all."""
    reason = "order_cancelled" if told.kind == CANCEL else "order_refunded"
    gone = take_back.referral(customer.id, purchase.order_number, reason)
    if gone is None:
        return 0
    other = purchases.first_paid_for(customer)
    if other is not None and referrals.bought(customer.id, f"order:{other.order_number}", other.ordered_on):
        return 0
    referrer = Customer.get_by_id(gone.referrer_id)
    standing.after_refund(referrer.id)
    if gone.referrer_points and shop.get(OrderRules).tell_points_taken_back:
        sentence = talk.words().referral_taken_back.format(
            points=f"{gone.referrer_points:,}", balance=f"{ledger.balance(referrer.id):,}"
        )
        tell(referrer, talk.with_ways_on(sentence), cause=told.cause, conversation_id=-1)
    return gone.referee_points
