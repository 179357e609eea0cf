"""Whatever nothing else took: a text that is no command, a sticker, a picture, a button nobody knows."""

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
from handlers import chat_words, exchanges, questions, replies
from handlers.event_customer import record_activity
from handlers.tickets import said_to_staff, staff_asked_for
from support.bad_moments import quiet_period
from support.bad_moments.words import words as bad_moment_words
from support.listening.staff_requests import asks_for_staff_too
from surveys.nps import messages as survey_messages
from surveys.testimonials import messages as testimonial_messages
from surveys.testimonials import words as testimonial_words

routes = Routes()


@routes.on_event(TextReceived)
def text_received(event: TextReceived) -> Answer:
    """To staff while a ticket is open, or when a sentence asks for them; otherwise it may be a score, the FAQ is tried,
    and a person offered."""
    if (to_staff := said_to_staff(event, record_activity(event))) is not None:
        return to_staff
    if asks_for_staff_too(event.text):
        return staff_asked_for(event)
    return questions.answer_to(event)


def meant_otherwise(event: TextReceived) -> Answer:
    """The words are no answer to what was asked: that is over, and they are heard as any others."""
    conversations.stop_waiting(event.conversation_id)
    return text_received(event)


def asked_meanwhile(event: TextReceived, asked_again: Message) -> Answer:
    """A question in the middle of an exchange is answered; then what was waited for is asked once more."""
    said = text_received(event)
    return [*said[: MOST_MESSAGES - 1], asked_again] if said else []


@routes.on_event(StickerReceived)
def sticker_received(event: StickerReceived) -> Answer:
    """A kind word back; a plain one amid trouble."""
    customer = record_activity(event)
    if (to_staff := said_to_staff(event, customer)) is not None:
        return to_staff
    if event.exchange and event.exchange.kind == exchanges.TESTIMONIAL_PICTURE:
        wanted = testimonial_words.words().picture_only
        return [testimonial_messages.ask_for_picture(int(event.exchange.data["t"]), wanted)]
    if quiet_period.is_resting(customer.id):
        said = survey_messages.say(bad_moment_words().received)
        return [survey_messages.awaiting(said)] if event.exchange else [said]
    if event.exchange:  # the thread is not lost, and the way out of it stays in sight
        return [survey_messages.awaiting(survey_messages.say(chat_words.words().sticker_meanwhile))]
    return replies.with_ways_on(chat_words.words().sticker)


@routes.on_event(MediaReceived)
def media_received(event: MediaReceived) -> Answer:
    """A picture, a voice, a file: staff can look at it, the bot says so. Of pictures sent at once, for all of them."""
    customer = record_activity(event)
    if (to_staff := said_to_staff(event, customer)) is not None:
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
    """A place."""
    if (to_staff := said_to_staff(event, record_activity(event))) is not None:
        return to_staff
    return replies.with_ways_on(chat_words.words().location)


@routes.on_event(PostbackReceived)
def unknown_button_tapped(event: PostbackReceived) -> Answer:
    """Data that no handler knows: of an older version, or made up."""
    record_activity(event)
    return replies.with_ways_on(chat_words.words().old_button)
