"""Answers what no other handler took: free text, stickers, pictures, locations and unknown buttons."""

from bot import conversations
from bot.files import media
from bot.line.messages import MOST_MESSAGES, Message
from bot.routing.events import (
    LocationReceived,
    MediaReceived,
    PostbackReceived,
    StickerReceived,
    TextReceived,
)
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import chat_words, contact_answers, exchanges, questions, replies
from handlers.event_customer import Said, record_activity
from handlers.tickets import reply_while_with_staff, staff_asked_for
from support.bad_moments import quiet_period
from support.bad_moments.words import words as bad_moment_words
from support.listening.staff_requests import asks_for_staff_too
from surveys.nps import messages as survey_messages
from surveys.testimonials import messages as testimonial_messages
from surveys.testimonials import words as testimonial_words

routes = Routes()


@routes.on_event(TextReceived)
def text_received(event: TextReceived) -> Answer:
    """Pass the text to staff while a ticket is open or when it asks for them; otherwise answer from the FAQ
    or offer staff."""
    customer = record_activity(event)
    if (to_staff := _to_a_person(event, customer)) is not None:
        return to_staff
    if asks_for_staff_too(event.text):
        return staff_asked_for(event)
    return questions.answer_to(event)


def _to_a_person(event: Said, customer: Customer) -> Answer | None:
    """The answer to what goes to staff: they have the chat, or one of them wrote to the customer by themselves
    lately. None while the bot has it."""
    answer = reply_while_with_staff(event, customer)
    return contact_answers.answer(event, customer) if answer is None else answer


def handle_as_free_text(event: TextReceived) -> Answer:
    """The text does not answer what was asked: close the exchange and handle the text like any other."""
    conversations.stop_waiting(event.conversation_id)
    return text_received(event)


def answer_then_ask_again(event: TextReceived, asked_again: Message) -> Answer:
    """Answer a question asked during an exchange, then repeat what the bot waits for."""
    said = text_received(event)
    return [*said[: MOST_MESSAGES - 1], asked_again] if said else []


@routes.on_event(StickerReceived)
def sticker_received(event: StickerReceived) -> Answer:
    """Thank for the sticker; in a plain tone during a complaint and the days after it."""
    customer = record_activity(event)
    if (to_staff := _to_a_person(event, customer)) is not None:
        return to_staff
    if event.exchange and event.exchange.kind == exchanges.TESTIMONIAL_PICTURE:
        wanted = testimonial_words.words().picture_only
        return [testimonial_messages.ask_for_picture(int(event.exchange.data["t"]), wanted)]
    if quiet_period.is_resting(customer.id):
        said = survey_messages.say(bad_moment_words().received)
        return [survey_messages.awaiting(said)] if event.exchange else [said]
    if event.exchange:  # the exchange goes on, with its button to leave
        return [survey_messages.awaiting(survey_messages.say(chat_words.words().sticker_meanwhile))]
    return replies.with_ways_on(chat_words.words().sticker)


@routes.on_event(MediaReceived)
def media_received(event: MediaReceived) -> Answer:
    """Acknowledge a picture, video, voice message or file; one answer for several pictures sent at once."""
    customer = record_activity(event)
    if (to_staff := _to_a_person(event, customer)) is not None:
        return to_staff
    if media.is_further_of_a_set(event.message_id):
        return []
    if quiet_period.is_resting(customer.id):
        return [survey_messages.say(bad_moment_words().picture_received)]
    words = chat_words.words()
    sentence = {"image": words.picture, "video": words.video, "audio": words.voice}.get(
        event.media, words.unreadable
    )
    return replies.with_ways_on(sentence)


@routes.on_event(LocationReceived)
def location_received(event: LocationReceived) -> Answer:
    """Acknowledge a location."""
    if (to_staff := _to_a_person(event, record_activity(event))) is not None:
        return to_staff
    return replies.with_ways_on(chat_words.words().location)


@routes.on_event(PostbackReceived)
def unknown_button_tapped(event: PostbackReceived) -> Answer:
    """A postback without a handler, of an older version or forged: say that the button is outdated."""
    record_activity(event)
    return replies.with_ways_on(chat_words.words().old_button)
