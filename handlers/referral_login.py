"""Answers a sign-in by LINE Login from an invitation page: the rules are those of a typed code.

They apply once the customer is in the chat, whichever of the follow and the sign-in arrives first.
"""

from bot.queue import outbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from handlers import referral_code_entered, unasked
from journeys.sending.message_kinds import Kind
from rewards.referrals import logins

routes = Routes()


@routes.on_internal_event(event_kinds.REFERRAL_LOGIN_COMPLETED)
def joined_by_login(event: InternalEvent) -> Answer:
    """Store the code; redeem it now if the customer is in the chat and greeted, else when they are."""
    user_id = event.user_id or ""
    logins.remember(user_id, str(event.data["code"]))
    customer = customers.find_by_line_user(user_id)
    if customer is None or not customers.is_reachable(customer) or outbox.asks_who(event.conversation_id):
        return []
    said = referral_code_entered.redeem_login_code(customer)
    unasked.say(customer, said, kind=Kind.REFERRAL, cause=event.event_id)
    return []
