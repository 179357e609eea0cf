"""特典: what the rank brings, and the way to its closed page; and that somebody opened it."""

from datetime import date

from bot import event_kinds
from bot.events import Happening, PostbackReceived, TextReceived
from bot.routing import Answer, Routes
from customers import customer as customers
from customers import days
from handlers import messages as talk
from handlers.people import get_or_create_customer, record_activity
from handlers.progress import possible_steps, rank_messages
from rewards import rank_cards, standing

routes = Routes()


@routes.on_text("特典", "とくてん", "会員特典", "perks")
@routes.on_postback("perks")
def perks_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """What the rank held now brings, with a link that only its holder gets."""
    customer = record_activity(event)
    risen = rank_messages(customer.id)
    look = standing.look(customer.id)
    offer = standing.offer(customer.id, look.rank, possible_steps(customer.id))
    return talk.lead_on([*risen, rank_cards.perks(customer.id, look, offer)])


@routes.on_happening(event_kinds.LINK_OPENED)
def link_opened(event: Happening) -> Answer:
    """A day on which the customer opened a link of theirs; a rise that comes of it."""
    customer = get_or_create_customer(event)
    days.note(customer.id, days.Kind.OPENED, date.fromisoformat(event.data["day"]))
    risen = rank_messages(customer.id)
    return talk.lead_on(risen) if risen and customers.can_be_pushed(customer) else []
