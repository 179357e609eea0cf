"""Whatever nothing else took: a text that is no command, a sticker, a picture, a button nobody knows."""

from bot.events import (
    LocationReceived,
    MediaReceived,
    PostbackReceived,
    StickerReceived,
    TextReceived,
)
from bot.routing import Answer, on_event
from customers.customer import Customer
from handlers import messages, questions
from handlers.following import introduce
from handlers.people import customer_of
from support import tickets


@on_event(TextReceived)
def text_received(event: TextReceived) -> Answer:
    """To staff while a ticket is open; otherwise the FAQ is tried, and a person offered."""
    if _staff_have_the_chat(event):
        return []
    return questions.answer_to(event)


@on_event(StickerReceived)
def sticker_received(event: StickerReceived) -> Answer:
    """A kind word back."""
    return [] if _staff_have_the_chat(event) else messages.with_ways_on(messages.words().sticker)


@on_event(MediaReceived)
def media_received(event: MediaReceived) -> Answer:
    """A picture, a voice, a file: staff can look at it, the bot says so."""
    if _staff_have_the_chat(event):
        return []
    words = messages.words()
    sentence = {"image": words.picture, "video": words.picture, "audio": words.voice}.get(
        event.media, words.unreadable
    )
    return messages.with_ways_on(sentence)


@on_event(LocationReceived)
def location_received(event: LocationReceived) -> Answer:
    """A place."""
    return [] if _staff_have_the_chat(event) else messages.with_ways_on(messages.words().location)


@on_event(PostbackReceived)
def unknown_button_tapped(event: PostbackReceived) -> Answer:
    """Data that no handler knows: of an older version, or made up."""
    customer_of(event)
    return messages.with_ways_on(messages.words().old_button)


def _staff_have_the_chat(event: TextReceived | StickerReceived | MediaReceived | LocationReceived) -> bool:
    """Whether a ticket is open: then the bot does not talk over the staff, who read it in the transcript."""
    customer: Customer = customer_of(event)
    if not customer.display_name:
        introduce(event)
    ticket = tickets.open_ticket_of(customer.id)
    if ticket is not None:
        tickets.customer_wrote(ticket.id)
    return ticket is not None
