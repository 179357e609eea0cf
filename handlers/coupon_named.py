"""Answers the code or the name of a coupon with its card. Before the classifier of texts, which takes the word for a
wish to see the list; what is more than a name (a complaint, a question) is left to it."""

from bot.routing.events import TextReceived
from bot.routing.routes import Answer, Routes
from handlers import replies
from handlers.event_customer import record_activity
from rewards.coupons import asked_by_name, coupons, messages
from support.tickets import tickets

routes = Routes()


@routes.on_text_that(asked_by_name.may_ask)
def coupon_named(event: TextReceived) -> Answer | None:
    """Show the card of the customer's own coupon whose code or name they wrote; any other text goes on. While staff
    have the chat, it is theirs."""
    customer = record_activity(event)
    if tickets.handed_over_ticket_of(customer.id) is not None:
        return None
    if (code := asked_by_name.code_alone(event.text)) is not None:
        mine = coupons.find(code)
        return replies.lead_on([messages.coupon(mine)]) if mine and mine.customer_id == customer.id else None
    held = {each.id: each for each in coupons.held_by(customer.id)}
    found = asked_by_name.named(event.text, {each.id: each.name for each in held.values()})
    return replies.lead_on([messages.coupon(held[found])]) if found is not None else None
