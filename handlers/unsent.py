"""The customer took a message back on LINE, or changed it: what was kept of it says what it says now, or nothing.

Files and the search are seen to before any handler (`bot/media.py`, `transcripts.py`). Points for writing stay.
"""

from bot import conversations
from bot.events import TextChanged, Unsent
from bot.routing import Answer, on_event
from handlers import voices
from handlers.people import customer_of
from support import faq_asked, satisfaction, transcript
from surveys import answers


@on_event(Unsent)
def message_taken_back(event: Unsent) -> Answer:
    """Nothing is said to that; the words stand nowhere any more."""
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
    if not before:
        return
    customer = customer_of(event)
    answers.reword(customer.id, before, words)
    satisfaction.reword(customer.id, before, words)
    faq_asked.reword(event.conversation_id, before, words)
