"""Whatever nothing else took: a text that is no command, a sticker, a picture, a button nobody knows."""

from bot import conversations
from bot.events import (
    LocationReceived,
    MediaReceived,
    PostbackReceived,
    StickerReceived,
    TextChanged,
    TextReceived,
    Unsent,
)
from bot.line_messages import MOST_MESSAGES, Message
from bot.routing import Answer, on_event
from handlers import messages, questions, voices
from handlers.people import customer_of
from handlers.tickets import said_to_staff, staff_asked_for
from support import satisfaction, transcript
from support.staff_words import asks_for_staff_too
from surveys import answers, testimonial_messages, testimonial_words
from surveys import messages as survey_messages


@on_event(TextReceived)
def text_received(event: TextReceived) -> Answer:
    """To staff while a ticket is open, or when a sentence asks for them; otherwise the FAQ is tried, and a person
    offered."""
    to_staff = said_to_staff(customer_of(event))
    if to_staff is not None:
        return to_staff
    return staff_asked_for(event) if asks_for_staff_too(event.text) else questions.answer_to(event)


def meant_otherwise(event: TextReceived) -> Answer:
    """The words are no answer to what was asked: that is over, and they are heard as any others."""
    conversations.stop_waiting(event.conversation_id)
    return text_received(event)


def asked_meanwhile(event: TextReceived, asked_again: Message) -> Answer:
    """A question in the middle of an exchange is answered; then what was waited for is asked once more."""
    said = text_received(event)
    return [*said[: MOST_MESSAGES - 1], asked_again] if said else []


@on_event(StickerReceived)
def sticker_received(event: StickerReceived) -> Answer:
    """A kind word back."""
    if (to_staff := said_to_staff(customer_of(event))) is not None:
        return to_staff
    if event.exchange and event.exchange.kind == "testimonial.picture":
        wanted = testimonial_words.words().picture_only
        return [testimonial_messages.ask_for_picture(int(event.exchange.data["t"]), wanted)]
    if event.exchange:  # the thread is not lost, and the way out of it stays in sight
        return [survey_messages.awaiting(survey_messages.say(messages.words().sticker_meanwhile))]
    return messages.with_ways_on(messages.words().sticker)


@on_event(MediaReceived)
def media_received(event: MediaReceived) -> Answer:
    """A picture, a voice, a file: staff can look at it, the bot says so."""
    if (to_staff := said_to_staff(customer_of(event))) is not None:
        return to_staff
    words = messages.words()
    sentence = {"image": words.picture, "video": words.video, "audio": words.voice}.get(
        event.media, words.unreadable
    )
    return messages.with_ways_on(sentence)


@on_event(LocationReceived)
def location_received(event: LocationReceived) -> Answer:
    """A place."""
    if (to_staff := said_to_staff(customer_of(event))) is not None:
        return to_staff
    return messages.with_ways_on(messages.words().location)


@on_event(PostbackReceived)
def unknown_button_tapped(event: PostbackReceived) -> Answer:
    """Data that no handler knows: of an older version, or made up."""
    customer_of(event)
    return messages.with_ways_on(messages.words().old_button)


@on_event(Unsent)
def message_taken_back(event: Unsent) -> Answer:
    """Nothing is said to that; the words stand nowhere any more: not in the transcript, beside a score, on the page of
    testimonials."""
    voices.message_taken_back(event.message_id)
    _reword(event, "")
    if event.exchange and event.exchange.data.get("message") == event.message_id:
        conversations.stop_waiting(event.conversation_id)
    return []


@on_event(TextChanged)
def message_changed(event: TextChanged) -> Answer:
    """Nothing is said to that either; a comment is what it says now. A testimonial is what was agreed to."""
    _reword(event, event.text)
    return []


def _reword(event: Unsent | TextChanged, words: str) -> None:
    before = transcript.texts_of(event.conversation_id, event.message_id) if event.message_id else []
    if before:
        customer = customer_of(event)
        answers.reword(customer.id, before, words)
        satisfaction.reword(customer.id, before, words)
