"""Answers 「おすすめ」 with products that fit what the customer bought, and recommends a product in messages of flows
and campaigns.

The choice is in `journeys/recommendations/`; who asks is always answered, also those who are held out.
"""

from bot.line import messages as line
from bot.routing.events import PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import replies
from handlers.event_customer import record_activity
from journeys.cards import product_cards
from journeys.cards.product_cards import MOST_CARDS, ShownProduct
from journeys.cards.words import words
from journeys.links import short_links
from journeys.recommendations import offers, reasons, shown
from journeys.recommendations.choosing import Recommendation
from journeys.recommendations.offers import Source
from support.bad_moments import quiet_period

routes = Routes()


@routes.on_text(
    *("おすすめ", "オススメ", "お勧め", "お薦め", "おすすめ商品", "おすすめの商品", "おすすめを見る"),
    *("あなたへのおすすめ", "私へのおすすめ", "おすすめを教えて", "おすすめ教えて", "おすすめを見せて"),
)
@routes.on_postback("recommendations")
def recommendations_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show up to three products with their reasons; where the history says nothing, say so and how to be advised. While
    something is wrong nothing is offered: it may be the very product that did harm."""
    customer = record_activity(event)
    if quiet_period.is_resting(customer.id):
        return [line.text(words().resting)]
    found = _for_asking(customer)
    if not found:
        return replies.with_ways_on(words().nothing)
    cards = [
        reasons.shown(each, _link(customer, each, shown.note_asked(customer.id, each, event.event_id)))
        for each in found
    ]
    return replies.lead_on([line.text(words().asked), product_cards.carousel(cards)])


def in_message(
    customer: Customer, source: str, cause: str, *, flow_key: str, step_key: str | None = None
) -> ShownProduct | None:
    """The product that the message of that cause recommends; None when there is none, or the customer is held out,
    which is stored."""
    found = offers.find(customer.id, Source(source))
    if found is None or shown.note(customer.id, found, source, cause):
        return None
    return reasons.shown(found, _link(customer, found, cause, flow_key, step_key))


def _for_asking(customer: Customer) -> list[Recommendation]:
    """What the history says; the premium product comes last, where the customer is ready for it."""
    found = offers.by_history(customer.id)
    premium = offers.find(customer.id, Source.PREMIUM)
    if premium is None or premium.product.id in {each.product.id for each in found[: MOST_CARDS - 1]}:
        return found[:MOST_CARDS]
    return [*found[: MOST_CARDS - 1], premium]


def _link(
    customer: Customer,
    found: Recommendation,
    cause: str,
    flow_key: str | None = None,
    step_key: str | None = None,
) -> str:
    return short_links.make(customer.id, found.product.url, cause, flow_key=flow_key, step_key=step_key)
