"""A customer writes a testimonial, decides how it may be shown, and may take it back."""

from datetime import timedelta

from bot import conversations, shop
from bot.events import PostbackReceived, TextReceived
from bot.routing import Answer, on_awaited, on_postback, on_text
from handlers import messages as talk
from handlers.people import customer_of
from handlers.progress import rank_messages
from rewards import ledger
from rewards.points import Action
from rewards.rules import PointRules
from surveys import messages, testimonials
from surveys.messages import words
from surveys.rules import SurveyRules
from surveys.testimonials import Consent

ALLOWED = (Consent.NAMED, Consent.ANONYMOUS)


@on_postback("testimonial.write")
@on_text("感想を書く", "感想", "お客様の声")
def testimonial_offered(event: PostbackReceived | TextReceived) -> Answer:
    """The next text is the testimonial."""
    customer_of(event)
    lasting = timedelta(minutes=shop.get(SurveyRules).comment_minutes)
    conversations.wait_for(event.conversation_id, "testimonial.body", lasting)
    return [messages.awaiting(messages.say(words().testimonial_prompt))]


@on_awaited("testimonial.body")
def testimonial_written(event: TextReceived) -> Answer:
    """Keep the words, unshown, and ask how they may be shown."""
    customer = customer_of(event)
    if not event.text.strip():
        return [messages.awaiting(messages.say(words().nothing_written))]
    conversations.stop_waiting(event.conversation_id)
    written = testimonials.write(customer.id, event.text)
    return [messages.ask_for_consent(written, event.text, shop.get(PointRules).testimonial)]


@on_postback("testimonial.consent")
def consent_decided(event: PostbackReceived) -> Answer:
    """Points for the first yes; a change of mind is always possible, a second yes earns nothing."""
    customer = customer_of(event)
    testimonial_id = event.postback.number("t")
    decision = event.postback.values.get("c", "")
    if testimonial_id is None or decision not in (*ALLOWED, Consent.REFUSED):
        return talk.with_ways_on(talk.words().old_button)
    consent = Consent(decision)
    if testimonials.decide(customer.id, testimonial_id, consent) is None:
        return talk.with_ways_on(talk.words().old_button)
    if consent is Consent.REFUSED:
        return talk.with_ways_on(words().consent_refused)
    points = shop.get(PointRules).testimonial
    entry = ledger.earn(customer.id, Action.TESTIMONIAL, points, f"testimonial:{testimonial_id}")
    if entry is None:
        return talk.with_ways_on(words().consent_changed)
    thanks = messages.thanks_for_consent(entry.points, ledger.balance_with(entry))
    return talk.lead_on([thanks, *rank_messages(customer.id)])


@on_text("感想を取り下げる", "感想を取り下げ", "掲載をやめる")
def testimonials_withdrawn(event: TextReceived) -> Answer:
    """Every consent of this customer ends now."""
    count = testimonials.withdraw_all(customer_of(event).id)
    return talk.with_ways_on(words().testimonials_withdrawn if count else words().no_testimonials)
