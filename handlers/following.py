"""Answers a follow, a block and an unblock, and LINE's answer about a customer's profile."""

from bot import conversations
from bot.config import shop
from bot.queue import outbox
from bot.routing import event_kinds
from bot.routing.events import Followed, InternalEvent, Unfollowed
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_triggers, referral_code_entered, replies
from handlers.event_customer import get_or_create_customer
from journeys.enrolments import goals_and_exits
from journeys.flows.occurrences import Occurrence, On
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import customer_rank

routes = Routes()

GREET, WELCOME_BACK = "greet", "welcome-back"
GREET_NEW = "greet-new"
"""The greeting of somebody the shop never had on LINE before: for them alone a follow begins flows."""


@routes.on_event(Followed)
def customer_followed(event: Followed) -> Answer:
    """Register the customer with the lowest rank and request their profile; the greeting follows when the
    name is known."""
    known = customers.find_by_line_user(event.user_id or "")
    if known and known.blocked_at and event.occurred_at < known.blocked_at:
        return []  # the event arrived late: they have blocked us since
    was_here = known is not None and known.followed_at is not None
    is_new = known is None or not (was_here or known.last_seen_at)
    customer = customers.follow(event.user_id or "", event.conversation_id, event.occurred_at)
    conversations.unblock(event.conversation_id)
    customer_rank.register(customer.id)
    greeting = WELCOME_BACK if was_here else GREET_NEW if is_new else GREET
    outbox.request_profile(event, f"{greeting}:{event.event_id}")
    return []


@routes.on_event(Unfollowed)
def customer_unfollowed(event: Unfollowed) -> Answer:
    """Record the block: nothing is pushed any more, and any open exchange ends."""
    customer = get_or_create_customer(event)
    if customer.followed_at and event.occurred_at < customer.followed_at:
        return []  # the event arrived late: they have followed us again since
    customers.block(customer, event.occurred_at)
    flow_triggers.leave(customer, goals_and_exits.BLOCKED)
    conversations.block(event.conversation_id)
    conversations.stop_waiting(event.conversation_id)
    return []


@routes.on_internal_event(event_kinds.PROFILE_ANSWER_RECEIVED)
def profile_learned(event: InternalEvent) -> Answer:
    """Store the profile, which may be empty; greet a customer who was waiting for it, and answer the referral
    code they joined with."""
    customer = get_or_create_customer(event)
    profile = event.data.get("profile") or {}
    name = str(profile.get("displayName") or "")
    if name:
        picture, language = profile.get("pictureUrl"), profile.get("language")
        customers.learn_profile(customer, name, picture, language)
    cause = str(event.data.get("cause")).partition(":")[0]
    greets = cause in {GREET, GREET_NEW}
    if greets:
        said = _greet(customer, name)
    else:
        said = replies.welcome_back(name or customer.display_name) if cause == WELCOME_BACK else []
    if cause == GREET_NEW:
        flow_triggers.note(customer, Occurrence(On.FOLLOW, f"follow:{customer.id}"))
    joined = referral_code_entered.redeem_login_code(customer)
    if greets:
        return [*said[:-1], *joined, *said[-1:]]  # the card of choices stays the last
    return replies.lead_on([*said, *joined]) if joined else said


def _greet(customer: Customer, name: str) -> Answer:
    points = shop.get(PointRules).registration
    entry = (
        ledger.earn(customer.id, Action.REGISTRATION, points, f"registration:{customer.id}")
        if points
        else None
    )
    return replies.greeting(name, customer_rank.snapshot(customer.id).rank.ja, entry.points if entry else 0)
