"""Somebody joined by LINE Login from an invitation's page: the same rules as for a code that is typed, once they are
met in the chat, whichever of LINE's follow and the sign-in is told first."""

from bot import outbox
from bot.events import Happening
from bot.line_messages import Message
from bot.routing import Answer, on_happening
from customers import customer as customers
from customers.customer import Customer
from handlers import messages as talk
from handlers.referral import answer_to_code
from rewards import referral_logins, referrals


@on_happening("referral.joined-by-login")
def joined_by_login(event: Happening) -> Answer:
    """Remember the code; it counts now if they are in the chat and greeted, else when they are."""
    user_id = event.user_id or ""
    referral_logins.remember(user_id, str(event.data["code"]))
    customer = customers.find_by_line_user(user_id)
    if customer is None or not customers.is_reachable(customer) or outbox.asks_who(event.conversation_id):
        return []
    said = what_came_of_it(customer)
    return talk.lead_on(said) if customers.can_be_pushed(customer) else []


def what_came_of_it(customer: Customer) -> list[Message]:
    """The code that waited for this customer, if one did, and what there is to say to it. Nothing to a code that
    they have sent themselves meanwhile."""
    code = referral_logins.take(customer.line_user_id or "")
    if code is None:
        return []
    before = referrals.of_referee(customer.id)
    said = answer_to_code(customer, code)
    return [] if before is not None and before.code == code else [said]
