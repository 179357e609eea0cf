"""The product's worker with one handler that writes one row and replies: the cost without any domain.

python -m benchmarks.one_row_worker [SENDERS]
"""

import sys

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


class BenchmarkEntry(database.Model):
    """Takes the place of a ledger entry."""

    cause = peewee.CharField(unique=True)
    conversation_id = peewee.IntegerField()


@routes.on_event(TextReceived)
def answer(event: TextReceived) -> routing.Answer:
    """Write one row, send one reply."""
    database.insert_once(BenchmarkEntry, cause=event.event_id, conversation_id=event.conversation_id)
    return [text("ただいま120ポイントです。")]


def main(sender_count: int) -> None:
    """Work until killed."""
    routing.use([routes])
    config = start(lambda: None)
    Worker(Sender(LineClient(config, connection_count=sender_count), thread_count=sender_count)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
