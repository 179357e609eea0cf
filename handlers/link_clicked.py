"""Records clicks on short links: the day as active, and what flows await.

A link belongs to the customer whose message carried it. Somebody else who opens it after it was passed on
cannot be told apart from them and counts for the owner of the link, once a day at most where ranks count days.
"""

from bot import localtime
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import flow_triggers, rank_perks
from journeys.flows.occurrences import Occurrence, On
from journeys.links import clicks

routes = Routes()


@routes.on_internal_event(event_kinds.LINK_CLICKED)
def link_clicked(event: InternalEvent) -> Answer:
    """Store the click, and plan the messages about a rise that results from it."""
    link = clicks.record(event.data["link"], event.occurred_at)
    if link is None:
        return []
    customer = Customer.get_by_id(link.customer_id)
    rank_perks.record_opened_day(customer, localtime.local_date(event.occurred_at), event.event_id)
    flow_triggers.note(
        customer, Occurrence(On.CLICK, f"click:{link.id}", flow=link.flow_key, step=link.step_key)
    )
    return []
