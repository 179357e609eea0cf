"""Answers 「ポイント」 and 「ランク」: what the customer has, and the next action that would raise it."""

from bot.routing.events import PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from handlers import replies
from handlers.event_customer import record_activity
from handlers.progress import button_for, possible_steps, rank_messages
from rewards.ledger import due_points, explanations, ledger
from rewards.ledger import messages as ledger_messages
from rewards.ranks import customer_rank
from rewards.ranks import messages as rank_cards

routes = Routes()

RECENT_ENTRIES = 5


@routes.on_text("ポイント", "ぽいんと", "point", "points", "ポイント確認")
@routes.on_postback("points")
def points_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show the balance, pending points, the next expiry, and the latest entries."""
    customer = record_activity(event)
    recent = explanations.recent(customer.id, RECENT_ENTRIES)
    outlook = due_points.outlook(customer.id)
    return replies.lead_on([ledger_messages.points(ledger.balance(customer.id), recent, outlook)])


@routes.on_text("ランク", "らんく", "rank", "会員ランク")
@routes.on_postback("rank")
def rank_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Review the rank, so that it is current, then show it with each axis and the one next action."""
    customer = record_activity(event)
    risen = rank_messages(customer.id)
    snapshot = customer_rank.snapshot(customer.id)
    offer = customer_rank.offer(customer.id, snapshot.rank, possible_steps(customer.id))
    card = rank_cards.rank(snapshot, offer, button_for(offer.action))
    return replies.lead_on([*risen, card])
