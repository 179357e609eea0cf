"""特典: what the rank brings, and the way to its closed page."""

from bot.events import PostbackReceived, TextReceived
from bot.routing import Answer, on_postback, on_text
from handlers import messages as talk
from handlers.people import customer_of
from handlers.progress import rank_messages
from rewards import rank_cards, standing


@on_text("特典", "とくてん", "会員特典", "perks")
@on_postback("perks")
def perks_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """What the rank held now brings, with a link that only its holder gets."""
    customer = customer_of(event)
    risen = rank_messages(customer.id)
    return talk.lead_on([*risen, rank_cards.perks(customer.id, standing.look(customer.id))])
