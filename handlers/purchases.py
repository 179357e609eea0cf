"""An order came in, whichever door it took: points, the referral it completes, the rank, thanks."""

from datetime import timedelta

from bot import line_messages as line
from bot import localtime, outbox, shop
from bot.events import Happening
from bot.line_messages import Message
from bot.routing import Answer, on_happening
from customers import customer as customers
from customers import order, purchases
from customers.customer import Customer
from customers.purchases import Purchase
from handlers import coupons
from handlers import messages as talk
from handlers.progress import rank_messages
from handlers.referral_review import tell_both
from handlers.rules import TalkRules
from rewards import ledger, points, referrals, standing
from rewards.points import Action
from rewards.rules import PointRules


@on_happening("order.recorded")
def purchase_recorded(event: Happening) -> Answer:
    """Keep the purchase; credit it, and any that waited for this customer, once each."""
    recorded = purchases.record(order.of_data(event.data))
    if recorded.customer is None or not (recorded.new or recorded.credited):
        return []
    to_credit = recorded.credited or (recorded.purchase,)
    return credit(recorded.customer, to_credit, cause=event.event_id, conversation_id=event.conversation_id)


def credit(
    customer: Customer, bought: tuple[Purchase, ...], *, cause: str, conversation_id: int | None = None
) -> list[Message]:
    """What purchases that have become this customer's bring: points, the referrer's reward, a rank, thanks."""
    standing.register(customer.id)
    oldest_on = localtime.today() - timedelta(days=shop.get(TalkRules).thank_within_days)
    rules = shop.get(PointRules)
    earned = 0
    said: list[Message] = []
    for purchase in bought:
        amount = points.for_purchase(purchase.total_yen - purchase.refunded_yen, rules)
        entry = ledger.earn(customer.id, Action.PURCHASE, amount, f"order:{purchase.order_number}")
        earned += entry.points if entry else 0
        said += _referral_completed(customer, purchase)
    is_recent = any(purchase.ordered_on >= oldest_on for purchase in bought)
    if is_recent:
        said += coupons.for_first_purchase(Customer.get_by_id(customer.id))
    thanks = talk.purchase_thanks(earned, ledger.balance(customer.id))
    said = talk.lead_on([thanks, *said, *rank_messages(customer.id)][: line.MOST_MESSAGES])
    if not is_recent:
        return []  # a year of orders, imported at once, is no reason to write to everybody
    if conversation_id == customer.conversation_id or customer.conversation_id is None:
        return said if customers.can_be_pushed(customer) else []
    if customers.can_be_pushed(customer):
        outbox.push(customer.conversation_id, said, cause=cause)
    return []


def _referral_completed(customer: Customer, purchase: Purchase) -> list[Message]:
    """The friend's first purchase rewards both; the referrer hears of it in their own chat."""
    bought = referrals.bought(customer.id, f"order:{purchase.order_number}")
    return tell_both(customer, bought) if bought else []
