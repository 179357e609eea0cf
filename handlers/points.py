"""ポイント and ランク: what the customer holds, and the next action that would raise it."""

from bot.events import PostbackReceived, TextReceived
from bot.routing import Answer, Routes
from handlers import messages as talk
from handlers.people import record_activity
from handlers.progress import button_for, possible_steps, rank_messages
from rewards import due_points, explained, ledger, point_messages, rank_cards, standing

routes = Routes()

RECENT_ENTRIES = 5


@routes.on_text("ポイント", "ぽいんと", "point", "points", "ポイント確認")
@routes.on_postback("points")
def points_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """The balance, what is still held, when something expires, and how it came about."""
    customer = record_activity(event)
    recent = explained.recent(customer.id, RECENT_ENTRIES)
    outlook = due_points.outlook(customer.id)
    return talk.lead_on([point_messages.points(ledger.balance(customer.id), recent, outlook)])


@routes.on_text("ランク", "らんく", "rank", "会員ランク")
@routes.on_postback("rank")
def rank_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """The rank, what each axis holds, and the one next action. Reviewed first, so that it is true now."""
    customer = record_activity(event)
    risen = rank_messages(customer.id)
    look = standing.look(customer.id)
    offer = standing.offer(customer.id, look.rank, possible_steps(customer.id))
    card = rank_cards.rank(look, offer, button_for(offer.action))
    return talk.lead_on([*risen, card])
