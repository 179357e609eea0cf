"""Sends a person of staff the link to a new password on their own LINE, at once; `console/auth/forgotten.py` makes it.

It is pushed by itself, not planned with other messages, and the chat's transcript leaves it out: other staff, who can
read that chat, must not get at it.
"""

from bot.line import messages as line
from bot.queue import outbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes

routes = Routes()


@routes.on_internal_event(event_kinds.STAFF_PASSWORD_FORGOTTEN)
def password_forgotten(event: InternalEvent) -> Answer:
    """Push the link."""
    outbox.push(
        event.conversation_id,
        [line.text(str(event.data["text"]))],
        cause=outbox.PRIVATE + event.event_id,
    )
    return []
