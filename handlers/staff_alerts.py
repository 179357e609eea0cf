"""Sends an alert to a member of staff's own LINE, if they turned that on. `console/notifications/sender.py` puts it."""

from datetime import datetime

from bot.config import settings
from bot.line import messages as line
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from handlers import unasked
from handlers.event_customer import get_or_create_customer
from journeys.sending.message_kinds import Kind

routes = Routes()


@routes.on_internal_event(event_kinds.STAFF_ALERT_RAISED)
def alert_raised(event: InternalEvent) -> Answer:
    """Plan the message, once, with the chat's address; it expires soon."""
    address = f"{settings.current().public_url.rstrip('/')}/console/tickets/{int(event.data['ticket_id'])}"
    unasked.say(
        get_or_create_customer(event),
        [line.text(f"{event.data['text']}\n{address}")],
        kind=Kind.STAFF_ALERT,
        cause=event.event_id,
        expires_at=datetime.fromisoformat(str(event.data["until"])),
    )
    return []
