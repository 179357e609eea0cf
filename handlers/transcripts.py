"""What is written in a chat can be found: each text goes into the search, what is taken back leaves it."""

from bot.routing.event_kinds import STAFF_REPLIED
from bot.routing.events import InternalEvent, TextChanged, TextReceived, Unsent
from bot.routing.routes import Routes
from support.transcript import search

routes = Routes()


@routes.before_handling(TextReceived)
def text_seen(row_id: int, event: TextReceived) -> None:
    """The customer wrote."""
    search.take(row_id, event.conversation_id, event.text, event.message_id)


@routes.before_handling(TextChanged)
def change_seen(row_id: int, event: TextChanged) -> None:
    """The customer changed what they wrote."""
    search.change(row_id, event.conversation_id, event.text, event.message_id)


@routes.before_handling(Unsent)
def unsent_seen(row_id: int, event: Unsent) -> None:
    """The customer took a message back."""
    search.remove(row_id, event.conversation_id, event.message_id)


@routes.before_handling(STAFF_REPLIED)
def reply_seen(row_id: int, event: InternalEvent) -> None:
    """Staff wrote."""
    search.take(row_id, event.conversation_id, str(event.data["text"]))
