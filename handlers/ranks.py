"""A night found that a rank rose, or that one will fall: the customer is told, by day."""

from datetime import timedelta

from bot import event_kinds
from bot.events import Happening
from bot.routing import Answer, Routes
from customers import customer as customers
from customers.customer import Customer
from handlers import messages as talk
from handlers.people import get_or_create_customer
from handlers.progress import button_for, possible_steps, risen
from rewards import rank_cards, rank_news, standing
from rewards.ranks import Rank
from support import rest

routes = Routes()

A_DAY = timedelta(days=1)
"""After the rest: how it is now is asked first, and congratulations do not stand beside that question."""


@routes.on_happening(event_kinds.RANK_ROSE)
def rank_rose(event: Happening) -> Answer:
    """Congratulations and gifts, if the rank is still held; amid trouble, and in the days after, they wait. Who wants
    no messages finds the gifts when they look."""
    customer = get_or_create_customer(event)
    held = standing.of_customer(customer.id)
    rank = Rank(int(event.data["rank"]))
    if held is None or held.rank != rank:
        return []
    if _is_resting(customer):
        rank_news.put_rise_off(customer.id, rank)
        return []
    said = risen(customer.id, rank)
    return talk.lead_on(said) if customers.can_be_pushed(customer) else []


@routes.on_happening(event_kinds.RANK_FALL_WARNING_DUE)
def rank_fall_warned(event: Happening) -> Answer:
    """What would keep the rank, unless something has kept it since. Who is to be left in peace is warned later."""
    customer = get_or_create_customer(event)
    risk = standing.at_risk(customer.id, possible_steps(customer.id))
    if risk is None or not customers.can_be_pushed(customer):
        return []
    if _is_resting(customer):
        standing.put_fall_off(customer.id)
        return []
    return talk.lead_on([rank_cards.fall_warned(risk, button_for(risk.keeping_action))])


def _is_resting(customer: Customer) -> bool:
    return rest.is_resting(customer.id, longer=A_DAY)
