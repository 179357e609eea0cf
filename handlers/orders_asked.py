"""Answers 「注文状況」: the customer's last orders with their state and the parcels' tracking."""

from datetime import timedelta

from bot import localtime
from bot.config import settings
from bot.line import messages as line
from bot.line.messages import Message
from bot.routing.events import PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.linking.words import words as link_words
from customers.orders import purchases, shipments
from customers.orders.purchases import Purchase
from customers.people.customer import Customer
from handlers import order_cards, replies
from handlers.event_customer import record_activity
from handlers.order_cards import ShownOrder
from handlers.order_words import words

routes = Routes()

MOST_ORDERS = 3
LATELY = timedelta(days=30)
"""An order of these days comes along with an answer about deliveries."""


@routes.on_text(
    *("注文状況", "注文", "注文の状況", "注文履歴", "注文確認", "ご注文状況", "ご注文", "注文内容"),
    *(
        "配送状況",
        "配送の状況",
        "配達状況",
        "配達の状況",
        "発送状況",
        "発送の状況",
        "お届け状況",
        "荷物",
        "お荷物",
    ),
    *("荷物の状況", "荷物の場所", "荷物を追跡", "荷物追跡", "追跡", "購入履歴"),
)
@routes.on_postback("orders")
def orders_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show the customer's own last orders; without any, how to link those of the shop."""
    customer = record_activity(event)
    found = _last(customer, MOST_ORDERS)
    if not found:
        return _how_to_link()
    return replies.lead_on([line.text(words().asked), order_cards.states(found)])


def state_of_latest(customer: Customer) -> Message | None:
    """The card of the customer's latest order, if it is one of the last days; for an answer about deliveries."""
    found = _last(customer, 1)
    if not found or found[0].purchase.ordered_on < localtime.today() - LATELY:
        return None
    return order_cards.states(found)


def _how_to_link() -> list[Message]:
    if settings.current().account_link_url is None:
        return replies.with_ways_on(f"{words().no_orders}\n\n{link_words().how_to_link}")
    begin = line.say(words().link_button, "連携")
    return [line.text(words().no_orders, [begin, *replies.ways_on()])]


def _last(customer: Customer, count: int) -> list[ShownOrder]:
    """The customer's latest orders, the latest first."""
    found: list[Purchase] = purchases.latest_of(customer, count)
    items = purchases.items_of([each.id for each in found])
    parcels = shipments.of_orders([each.order_number for each in found])
    return [ShownOrder(each, items.get(each.id, ()), parcels[each.order_number]) for each in found]
