"""Answers 「特典」: what the rank brings and the link to its members' page; records that the page was opened."""

from datetime import date

from bot.routing import event_kinds
from bot.routing.events import InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people import active_days
from customers.people.customer import Customer
from handlers import ranks, replies
from handlers.event_customer import get_or_create_customer, record_activity
from handlers.progress import possible_steps, rank_messages
from rewards.ranks import customer_rank, messages

routes = Routes()


@routes.on_text("特典", "とくてん", "会員特典", "perks")
@routes.on_postback("perks")
def perks_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show what the current rank brings, with a link personal to the customer."""
    customer = record_activity(event)
    risen = rank_messages(customer.id)
    snapshot = customer_rank.snapshot(customer.id)
    offer = customer_rank.offer(customer.id, snapshot.rank, possible_steps(customer.id))
    return replies.lead_on([*risen, messages.perks(customer.id, snapshot, offer)])


@routes.on_internal_event(event_kinds.LINK_OPENED)
def link_opened(event: InternalEvent) -> Answer:
    """Record the day as active, and plan the messages about a rise that results from it."""
    record_opened_day(get_or_create_customer(event), date.fromisoformat(event.data["day"]), event.event_id)
    return []


def record_opened_day(customer: Customer, day: date, cause: str) -> None:
    """Record that the customer opened one of their links on that day, once a day, and plan the messages about a
    rise that results from it; `cause` is the event's id."""
    if active_days.note(customer.id, active_days.DayKind.OPENED, day):
        ranks.say_rise(customer, rank_messages(customer.id), cause)
