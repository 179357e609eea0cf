"""会員証: the customer's card with name, rank, points and a code that staff scan."""

from bot.events import PostbackReceived, TextReceived
from bot.routing import Answer, Routes
from handlers import messages as talk
from handlers.people import record_activity
from handlers.progress import rank_messages
from rewards import member_card_messages, member_cards, standing

routes = Routes()


@routes.on_text("会員証", "かいいんしょう", "会員カード", "メンバーカード", "member card")
@routes.on_postback("member.card")
def card_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """The card as it is now."""
    customer = record_activity(event)
    standing.register(customer.id)
    risen = rank_messages(customer.id)
    member_cards.code_of(customer.id)
    content = member_cards.content_of(customer)
    if content is None:
        return []
    picture = member_cards.picture_address(customer.id, content)
    return talk.lead_on([*risen, member_card_messages.card(content, picture)])
