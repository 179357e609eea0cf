"""Answers a message unsent or edited on LINE: updates or removes every stored copy of its words.

Files and the search are updated before this (`bot/files/media.py`, `transcripts.py`), raw events and the
bot's own messages by `bot/queue/message_changes.py`. Points for writing stay, and so does what staff wrote.
"""

from bot.queue import message_changes
from bot.routing.events import TextChanged, Unsent
from bot.routing.routes import Answer, Routes
from handlers import testimonial_publication
from handlers.event_customer import get_or_create_customer
from support.faq import questions_asked
from support.satisfaction import ratings
from support.transcript import transcript
from surveys.nps import answers
from surveys.testimonials import testimonials

routes = Routes()


@routes.on_event(Unsent)
def message_unsent(event: Unsent) -> Answer:
    """Remove the words everywhere; no answer is sent."""
    testimonial_publication.remove_unsent(event.message_id)
    _reword(event, None)
    return []


@routes.on_event(TextChanged)
def message_changed(event: TextChanged) -> Answer:
    """Update the comment to its new words; no answer is sent. A testimonial keeps the words that were
    consented to."""
    _reword(event, event.text)
    return []


def _reword(event: Unsent | TextChanged, words: str | None) -> None:
    earlier = transcript.texts_of(event.conversation_id, event.message_id) if event.message_id else []
    names: list[str] = []
    if earlier:
        customer = get_or_create_customer(event)
        answers.reword(customer.id, earlier, words or "")
        ratings.reword(customer.id, earlier, words or "")
        questions_asked.reword(event.conversation_id, earlier, words or "")
        if words is None:
            names = testimonials.forget_nickname(customer.id, earlier)
    message_changes.forget(event.conversation_id, event.message_id, earlier, words, names)
