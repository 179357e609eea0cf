"""Answers 「お客様の声」 and a withdrawal, and staff's decisions to publish or unpublish a testimonial.

Writing one is in `testimonials.py`. Published testimonials count for the rank (rewards); whether to publish
is decided by surveys and staff.
"""

from bot.line.messages import text
from bot.routing import event_kinds
from bot.routing.events import InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from handlers import flow_triggers, replies, unasked
from handlers.event_customer import get_or_create_customer, record_activity
from handlers.progress import rank_messages
from journeys.flows.occurrences import Occurrence, On
from journeys.sending.message_kinds import Kind
from rewards.ledger import ledger
from rewards.ranks import customer_rank, shown_testimonials
from support.bad_moments import quiet_period
from surveys.testimonials import messages, published, testimonials
from surveys.testimonials.words import words

routes = Routes()

SHOWN_IN_CHAT = 5


@routes.on_text("お客様の声", "お客さまの声", "みんなの声", "口コミ")
@routes.on_postback("testimonial.voices")
def testimonials_requested(event: TextReceived | PostbackReceived) -> Answer:
    """Show the newest few, and the link to the page with all of them."""
    record_activity(event)
    shown = published.published(SHOWN_IN_CHAT)
    if not shown:
        return replies.lead_on([messages.none_published()])
    return replies.lead_on([messages.published(shown, ledger.points_given([voice.cause for voice in shown]))])


@routes.on_text(
    "お客様の声を取り下げる",
    "声を取り下げる",
    "感想を取り下げる",
    "感想を取り下げ",
    "掲載をやめる",
    "掲載をやめて",
)
def withdrawal_asked_for(event: TextReceived) -> Answer:
    """Withdraw a single testimonial at once; with several, ask which."""
    customer = record_activity(event)
    theirs = testimonials.shown_or_waiting(customer.id)
    if len(theirs) > 1:
        return replies.lead_on([messages.ask_which(theirs)])
    return _withdraw(customer.id, [each.id for each in theirs])


@routes.on_postback("testimonial.withdraw")
def withdrawal_tapped(event: PostbackReceived) -> Answer:
    """Withdraw the chosen one, or all of them."""
    customer = record_activity(event)
    if event.postback.values.get("t") == "all":
        return _withdraw(customer.id, [each.id for each in testimonials.shown_or_waiting(customer.id)])
    testimonial_id = event.postback.number("t")
    return _withdraw(customer.id, [testimonial_id] if testimonial_id is not None else [])


def _withdraw(customer_id: int, ids: list[int]) -> Answer:
    """Remove the testimonials from the page. Their points stay, as they were for writing."""
    gone = [found for each in ids if (found := testimonials.withdraw(customer_id, each)) is not None]
    for found in gone:
        shown_testimonials.remove(published.cause_of(found.id))
    if gone:
        customer_rank.review(customer_id)
    return replies.with_ways_on(words().withdrawn if gone else words().nothing_to_withdraw)


@routes.on_internal_event(event_kinds.TESTIMONIAL_PUBLISHED)
def testimonial_published(event: InternalEvent) -> Answer:
    """Staff published it: count it for the rank. The customer is notified only together with a rise."""
    customer = get_or_create_customer(event)
    voice = published.find(int(event.data["testimonial_id"]))
    if voice is None:
        return []
    if shown_testimonials.add(customer.id, voice.cause):
        flow_triggers.note(customer, Occurrence(On.TESTIMONIAL, voice.cause))
    if quiet_period.is_resting(customer.id):
        return []  # no congratulation during a complaint: a later review announces the rise
    if risen := rank_messages(customer.id):
        said = [text(words().published), *risen]
        unasked.say(customer, said, kind=Kind.TESTIMONIAL_PUBLISHED, cause=event.event_id)
    return []


@routes.on_internal_event(event_kinds.TESTIMONIAL_UNPUBLISHED)
def testimonial_unpublished(event: InternalEvent) -> Answer:
    """Staff unpublished it: it no longer counts, and a rank that needed it falls later, after a warning."""
    testimonial_id = int(event.data["testimonial_id"])
    if published.find(testimonial_id) is None:
        shown_testimonials.remove(published.cause_of(testimonial_id))
        customer_rank.review(get_or_create_customer(event).id)
    return []


def remove_unsent(message_id: str) -> None:
    """The customer unsent the words or the picture: remove them everywhere."""
    for gone in testimonials.remove_unsent(message_id):
        shown_testimonials.remove(published.cause_of(gone.id))
