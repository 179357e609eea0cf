"""Keeps the transcript search current: adds each text, updates edited ones, removes unsent ones.

Runs before the event's own handler. The index is in `support/transcript/search.py`.
"""

from bot.routing.event_kinds import STAFF_REPLIED
from bot.routing.events import InternalEvent, TextChanged, TextReceived, Unsent
from bot.routing.routes import Routes
from support.transcript import search

routes = Routes()


@routes.before_handling(TextReceived)
def text_indexed(row_id: int, event: TextReceived) -> None:
    """Add the customer's text."""
    search.add(row_id, event.conversation_id, event.text, event.message_id)


@routes.before_handling(TextChanged)
def edit_indexed(row_id: int, event: TextChanged) -> None:
    """Update a text the customer edited."""
    search.change(row_id, event.conversation_id, event.text, event.message_id)


@routes.before_handling(Unsent)
def unsending_indexed(row_id: int, event: Unsent) -> None:
    """Remove a message the customer unsent."""
    search.remove(row_id, event.conversation_id, event.message_id)


@routes.before_handling(STAFF_REPLIED)
def reply_indexed(row_id: int, event: InternalEvent) -> None:
    """Add staff's reply."""
    search.add(row_id, event.conversation_id, str(event.data["text"]))
