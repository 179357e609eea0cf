"""The customer took a message back on LINE: whatever was kept of it is shown nowhere any more.

Files and the search are seen to before any handler (`bot/media.py`, `transcripts.py`). Points for writing stay.
"""

from bot.events import Unsent
from bot.routing import Answer, on_event
from customers import customer as customers
from handlers import voices
from support import faq_asked, satisfaction, transcript
from surveys import answers


@on_event(Unsent)
def message_taken_back(event: Unsent) -> Answer:
    """Nothing is said to that."""
    voices.message_taken_back(event.message_id)
    customer = customers.find_by_line_user(event.user_id or "")
    words = transcript.text_of_message(event.conversation_id, event.message_id)
    if customer is not None and words.strip():
        answers.forget_comment(customer.id, words)
        satisfaction.forget_comment(customer.id, words)
        faq_asked.forget_words(event.conversation_id, words)
    return []
