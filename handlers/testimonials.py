"""Answers the customer who writes a testimonial: words, picture, consent, and the name shown.

Publication is in `testimonial_publication.py`, storage in `surveys/testimonials/`.
"""

from datetime import timedelta

from bot import conversations
from bot.config import shop
from bot.files import media
from bot.line.messages import Message
from bot.line.postbacks import decode
from bot.queue import offered_actions
from bot.routing.events import Event, MediaReceived, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import chat_words, exchanges, fallback, replies, tickets
from handlers.event_customer import record_activity
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import shown_testimonials
from support.listening import COURTESIES, ConversationState, Heard, MessageKind, hear
from support.listening.staff_requests import asks_for_staff_too
from surveys.nps.settings import SurveyRules
from surveys.nps.words import words as survey_words
from surveys.testimonials import consent, messages, testimonials
from surveys.testimonials.published import cause_of
from surveys.testimonials.tables import LONGEST_NAME, Consent, Testimonial, TestimonialState
from surveys.testimonials.words import words

routes = Routes()

WRITE = "testimonial.write"
"""The postback of the button on the request."""
LONGEST_QUESTION = 60
SKIPS = {"スキップ", "skip", "なし", "ありません"}


@routes.on_postback(WRITE)
@routes.on_text("感想を書く", "感想")
def testimonial_offered(event: PostbackReceived | TextReceived) -> Answer:
    """Wait for the testimonial as the next text."""
    record_activity(event)
    _wait_for(event, exchanges.TESTIMONIAL_BODY)
    return [messages.ask_for_words(words().prompt)]


def request_answered(event: TextReceived, heard: Heard) -> Answer | None:
    """Answer a text in reply to the request for a testimonial: 「何を書けば？」, 「あとで書きます」, 「遠慮します」.

    None when it is something else, or the request is no longer among the latest messages.
    """
    if heard.kind not in (
        MessageKind.LEAVE,
        MessageKind.LATER,
        MessageKind.NOTHING,
        MessageKind.WHAT_TO_WRITE,
    ):
        return None
    if not any(
        decode(each.data).kind == WRITE
        for each in offered_actions.actions(event.conversation_id)
        if each.data
    ):
        return None
    record_activity(event)
    if heard.kind is MessageKind.LEAVE:
        return replies.with_ways_on(chat_words.words().stopped)
    if heard.kind is MessageKind.WHAT_TO_WRITE:
        _wait_for(event, exchanges.TESTIMONIAL_BODY)
    return _courtesy_for_a_testimonial(event, heard.kind)


@routes.on_awaited_media(exchanges.TESTIMONIAL_BODY)
def picture_sent_first(event: MediaReceived) -> Answer:
    """Store a picture that came before the words, and keep waiting for them."""
    record_activity(event)
    if media.is_further_of_a_set(event.message_id):
        return []
    if not _is_picture(event):
        return [messages.ask_for_words(words().prompt)]
    _wait_for(event, exchanges.TESTIMONIAL_BODY, picture=event.message_id)
    return [messages.ask_for_words(words().picture_first)]


@routes.on_awaited(exchanges.TESTIMONIAL_BODY)
def testimonial_written(event: TextReceived) -> Answer:
    """Store the words, unpublished, and ask for a picture unless there is one."""
    customer = record_activity(event)
    if not event.text.strip():
        return [messages.ask_for_words(survey_words().nothing_written)]
    if asks_for_staff_too(event.text):
        return fallback.handle_as_free_text(event)
    heard = hear(event.text, ConversationState.TESTIMONIAL)
    picture = event.exchange.data.get("picture") if event.exchange else None
    if heard.kind in COURTESIES:
        return _courtesy_for_a_testimonial(event, heard.kind)
    if heard.kind is not MessageKind.QUESTION or len(event.text) > LONGEST_QUESTION:
        return _write(event, customer, event.text, event.message_id, picture)
    _wait_for(event, exchanges.TESTIMONIAL_BODY, picture=picture, said=event.text, message=event.message_id)
    return fallback.answer_then_ask_again(event, messages.still_waiting())


def _courtesy_for_a_testimonial(event: TextReceived, kind: MessageKind) -> Answer:
    """「はい」 and 「ありがとう」 are not stored as a testimonial: keep waiting. 「あとで」 ends the exchange."""
    if kind in (MessageKind.LATER, MessageKind.NOTHING):
        conversations.stop_waiting(event.conversation_id)
        return replies.with_ways_on(survey_words().any_time)
    if kind is MessageKind.WHAT_TO_WRITE:
        return [messages.ask_for_words(words().what_to_write)]
    return [messages.ask_for_words(words().go_on)]


@routes.on_postback("testimonial.meant")
def testimonial_confirmed(event: PostbackReceived) -> Answer:
    """A text that was classified as a question or a complaint is the testimonial after all."""
    customer, exchange = record_activity(event), event.exchange
    kinds = (exchanges.TESTIMONIAL_BODY, exchanges.TESTIMONIAL_MEANT)
    if exchange is None or exchange.kind not in kinds or not exchange.data.get("said"):
        return replies.with_ways_on(chat_words.words().old_button)
    data = exchange.data
    tickets.resolve_mistaken_ticket(customer.id)
    return _write(event, customer, str(data["said"]), str(data["message"]), data.get("picture"))


def _write(event: Event, customer: Customer, body: str, message_id: str, picture: str | None) -> Answer:
    written = testimonials.write(customer.id, body, message_id, picture)
    if picture:
        conversations.stop_waiting(event.conversation_id)
        return _ask_for_consent(event, customer, testimonials.find(customer.id, written))
    _wait_for(event, exchanges.TESTIMONIAL_PICTURE, t=written)
    return [messages.ask_for_picture(written)]


@routes.on_awaited_media(exchanges.TESTIMONIAL_PICTURE)
def picture_added(event: MediaReceived) -> Answer:
    """Store the picture with the words; it is shown if the customer agrees."""
    customer = record_activity(event)
    found = _in_exchange(event, customer)
    if found is None:
        return replies.with_ways_on(chat_words.words().picture)
    if not _is_picture(event):
        return [messages.ask_for_picture(found.id, words().picture_only)]
    conversations.stop_waiting(event.conversation_id)
    testimonials.add_picture(found, event.message_id)
    return _ask_for_consent(event, customer, testimonials.find(customer.id, found.id))


@routes.on_awaited(exchanges.TESTIMONIAL_PICTURE)
def text_sent_for_picture(event: TextReceived) -> Answer:
    """Answer a text where a picture was asked for: go on without one, or ask again."""
    customer = record_activity(event)
    found = _in_exchange(event, customer)
    heard = hear(event.text, ConversationState.PICTURE)
    if heard.kind is MessageKind.STAFF:
        return fallback.handle_as_free_text(event)
    if found is not None and heard.kind is MessageKind.QUESTION:
        return fallback.answer_then_ask_again(event, messages.ask_for_picture(found.id))
    declines = event.text.strip().lower() in SKIPS or heard.kind is MessageKind.NOTHING
    if found is not None and not declines:
        return [messages.ask_for_picture(found.id, words().picture_only)]
    return skip_picture(event)


def skip_picture(event: TextReceived) -> Answer:
    """Go on to the consent, without a picture."""
    customer = record_activity(event)
    conversations.stop_waiting(event.conversation_id)
    return _ask_for_consent(event, customer, _in_exchange(event, customer))


@routes.on_postback("testimonial.skip")
@routes.on_postback("testimonial.choose")
def picture_skipped(event: PostbackReceived) -> Answer:
    """Go on to the consent; also the way back to it."""
    customer = record_activity(event)
    if event.exchange and event.exchange.kind in {
        exchanges.TESTIMONIAL_PICTURE,
        exchanges.TESTIMONIAL_NAME,
        exchanges.TESTIMONIAL_CONSENT,
    }:
        conversations.stop_waiting(event.conversation_id)
    return _ask_for_consent(event, customer, testimonials.find(customer.id, event.postback.number("t")))


@routes.on_postback("testimonial.consent")
def consent_decided(event: PostbackReceived) -> Answer:
    """Record how the testimonial may be shown and under which name; a nickname is asked for and previewed first."""
    customer = record_activity(event)
    found = testimonials.find(customer.id, event.postback.number("t"))
    decision = event.postback.values.get("c", "")
    nickname = testimonials.nickname_of(event.postback.values.get("n", ""))
    if found is None or not found.body:
        return replies.with_ways_on(chat_words.words().old_button)
    return _consented(event, customer, found, decision, nickname)


def _consented(event: Event, customer: Customer, found: Testimonial, decision: str, nickname: str) -> Answer:
    if event.exchange and event.exchange.kind in exchanges.TESTIMONIAL:
        conversations.stop_waiting(event.conversation_id)
    match decision:
        case Consent.REFUSED:
            return _decided(customer, found, Consent.REFUSED, "")
        case Consent.ANONYMOUS:
            return _decided(customer, found, Consent.ANONYMOUS, "")
        case Consent.NAMED if customer.display_name:
            return _decided(customer, found, Consent.NAMED, customer.display_name[:LONGEST_NAME])
        case Consent.NICKNAME if nickname:
            return _decided(customer, found, Consent.NICKNAME, nickname)
        case Consent.NICKNAME:
            _wait_for(event, exchanges.TESTIMONIAL_NAME, t=found.id)
            return [messages.ask_for_nickname(words().nickname_prompt)]
        case _:
            return replies.with_ways_on(chat_words.words().old_button)


@routes.on_awaited(exchanges.TESTIMONIAL_NAME)
def nickname_typed(event: TextReceived) -> Answer:
    """Preview the testimonial under the nickname; nothing is recorded yet."""
    customer = record_activity(event)
    found, nickname = _in_exchange(event, customer), testimonials.nickname_of(event.text)
    if found is None:
        conversations.stop_waiting(event.conversation_id)
        return replies.with_ways_on(chat_words.words().old_button)
    heard = hear(event.text, ConversationState.NAME)
    if heard.kind is MessageKind.STAFF:
        return fallback.handle_as_free_text(event)
    if heard.kind is MessageKind.QUESTION:
        return fallback.answer_then_ask_again(event, messages.ask_for_nickname(words().nickname_prompt))
    if (
        heard.kind in (MessageKind.THANKS, MessageKind.GREETING, MessageKind.NOD, MessageKind.LATER)
        and len(event.text.strip()) > 1
    ):
        return [messages.ask_for_nickname(words().nickname_prompt)]
    if not nickname:
        return [messages.ask_for_nickname(words().nickname_unfit)]
    conversations.stop_waiting(event.conversation_id)
    return [messages.preview(found, nickname, _points_for(found))]


@routes.on_awaited(exchanges.TESTIMONIAL_CONSENT)
def consent_written(event: TextReceived) -> Answer:
    """Read the consent from the customer's own words; where it is not clear, ask again."""
    customer = record_activity(event)
    found = _in_exchange(event, customer)
    decision = consent.decision_in(event.text)
    if found is None:
        conversations.stop_waiting(event.conversation_id)
        return fallback.text_received(event)
    if decision is not None:
        return _consented(event, customer, found, decision, "")
    asked_again = _ask_for_consent(event, customer, found)
    kind = hear(event.text, ConversationState.CONSENT).kind
    if kind is MessageKind.STAFF:
        return fallback.handle_as_free_text(event)
    if kind is MessageKind.QUESTION and asked_again:
        return fallback.answer_then_ask_again(event, asked_again[0])
    return asked_again


def _decided(customer: Customer, found: Testimonial, consent: Consent, shown_name: str) -> Answer:
    """Record the decision. The first consent earns points; later changes are possible and earn nothing."""
    decided = testimonials.decide(customer.id, found.id, consent, shown_name)
    if decided is None:
        return replies.with_ways_on(chat_words.words().old_button)
    if decided.was_unpublished:
        shown_testimonials.remove(cause_of(found.id))
    if consent is Consent.REFUSED:
        return replies.with_ways_on(words().consent_refused)
    points = shop.get(PointRules).testimonial
    entry = ledger.earn(customer.id, Action.TESTIMONIAL, points, cause_of(found.id))
    if entry is None:
        return replies.lead_on([messages.consent_changed(found.id, shown_name)])
    balance = ledger.balance_with(entry)
    return replies.lead_on([messages.thanks_for_consent(found.id, shown_name, entry.points, balance)])


def _ask_for_consent(event: Event, customer: Customer, found: Testimonial | None) -> list[Message]:
    if found is None or not found.body or found.state == TestimonialState.WITHDRAWN:
        return replies.with_ways_on(chat_words.words().old_button)
    _wait_for(event, exchanges.TESTIMONIAL_CONSENT, t=found.id)
    points, picture = _points_for(found), found.picture_message_id is not None
    name = customer.display_name[:LONGEST_NAME]
    return [messages.ask_for_consent(found.id, found.body, points, name, picture=picture)]


def _points_for(found: Testimonial) -> int:
    """The points shown beside it: those given for it, else those it would earn."""
    entry = ledger.entry_of(cause_of(found.id))
    if entry is not None:
        return entry.points
    return ledger.would_earn(found.customer_id, Action.TESTIMONIAL, shop.get(PointRules).testimonial)


def _is_picture(event: MediaReceived) -> bool:
    stored = media.find(event.message_id) if event.media == "image" else None
    return stored is not None and stored.state != media.GONE


def _in_exchange(event: TextReceived | MediaReceived, customer: Customer) -> Testimonial | None:
    testimonial_id = event.exchange.data.get("t") if event.exchange else None
    return testimonials.find(customer.id, testimonial_id) if isinstance(testimonial_id, int) else None


def _wait_for(event: Event, kind: str, **data: object) -> None:
    lasting = timedelta(minutes=shop.get(SurveyRules).comment_minutes)
    conversations.wait_for(event.conversation_id, kind, lasting, **data)
