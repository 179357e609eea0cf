"""A night found that a rank rose, or that one will fall: the customer is told, by day."""

from bot.events import Happening
from bot.routing import Answer, on_happening
from customers import customer as customers
from customers.customer import Customer
from handlers import messages as talk
from handlers.people import customer_of
from handlers.progress import button_for, possible_steps, risen
from rewards import rank_cards, rank_news, standing
from rewards.ranks import Rank
from support import tickets


@on_happening("rank.rose")
def rank_rose(event: Happening) -> Answer:
    """Congratulations and gifts, if the rank is still held; while a matter is open they wait. Who wants no messages
    finds the gifts when they look."""
    customer = customer_of(event)
    held = standing.of_customer(customer.id)
    rank = Rank(int(event.data["rank"]))
    if held is None or held.rank != rank:
        return []
    if _is_with_staff(customer):
        rank_news.put_rise_off(customer.id, rank)
        return []
    said = risen(customer.id, rank)
    return talk.lead_on(said) if customers.can_be_pushed(customer) else []


@on_happening("rank.fall_warned")
def rank_fall_warned(event: Happening) -> Answer:
    """What would keep the rank, unless something has kept it since. Who is with staff is warned another day."""
    customer = customer_of(event)
    risk = standing.at_risk(customer.id, possible_steps(customer.id))
    if risk is None or not customers.can_be_pushed(customer):
        return []
    if _is_with_staff(customer):
        standing.put_fall_off(customer.id)
        return []
    return talk.lead_on([rank_cards.fall_warned(risk, button_for(risk.keeping_action))])


def _is_with_staff(customer: Customer) -> bool:
    return tickets.open_ticket_of(customer.id) is not None
