"""Answers 「会員証」: the member card with name, rank, points and a code for staff to scan."""

from bot.routing.events import PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from handlers import replies
from handlers.event_customer import record_activity
from handlers.progress import rank_messages
from rewards.cards import members, messages
from rewards.ranks import customer_rank

routes = Routes()


@routes.on_text("会員証", "かいいんしょう", "会員カード", "メンバーカード", "member card")
@routes.on_postback("member.card")
def card_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show the card with the figures of now."""
    customer = record_activity(event)
    customer_rank.register(customer.id)
    risen = rank_messages(customer.id)
    members.get_or_create_code(customer.id)
    content = members.content_of(customer)
    if content is None:
        return []
    picture = members.picture_address(customer.id, content)
    return replies.lead_on([*risen, messages.card(content, picture)])
