"""A worker process for test_kill.py: the product's own, but its one handler records each event it handles.

The record has no unique constraint, so that an event handled twice would show.
"""

import peewee

from bot.db import database
from bot.line.client import LineClient
from bot.line.messages import text
from bot.routing import routes as routing
from bot.routing.events import TextReceived
from bot.starting import start
from bot.worker.sender import Sender
from bot.worker.worker import Worker

routes = routing.Routes()


class Handled(database.Model):
    """One handling of one event."""

    event_id = peewee.CharField()
    conversation_id = peewee.IntegerField()
    words = peewee.CharField()


@routes.on_event(TextReceived)
def answer(event: TextReceived) -> routing.Answer:
    """Record it, and reply with the same text."""
    Handled.create(event_id=event.event_id, conversation_id=event.conversation_id, words=event.text)
    return [text(f"{event.text}ですね")]


def main() -> None:
    """Work until killed."""
    routing.use([routes])
    Worker(Sender(LineClient(start(lambda: None)))).run()


if __name__ == "__main__":
    main()
