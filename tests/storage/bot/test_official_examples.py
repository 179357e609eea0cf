"""LINE's official example webhook bodies go through the whole bot: stored, handled, none parked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest
from flask.testing import FlaskClient

from app import create_app
from bot.config import settings
from bot.line.delivery import Answer
from bot.line.messages import Message
from bot.queue import inbox
from bot.queue.inbox import DONE, InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.web.webhook import signature
from bot.worker import worker
from bot.worker.sender import Sender
from tests.line_limits import assert_valid
from tests.storage.inbox_scene import NoteTakingLine


@pytest.fixture
def client(any_database: peewee.Database) -> FlaskClient:
    return create_app(settings.current()).test_client()


@pytest.fixture
def sender() -> Iterator[Sender]:
    made = Sender(SilentLine(), thread_count=1)
    yield made
    made.stop()


class SilentLine(NoteTakingLine):
    """Accepts messages of any type."""

    def reply(self, _reply_token: str | None, _messages: list[Message]) -> Answer:
        return Answer(200, "{}")


def test_every_official_example_is_worked_off(
    line_webhook_examples: Path, client: FlaskClient, sender: Sender
) -> None:
    events: list[dict[str, Any]] = []
    for file in sorted(line_webhook_examples.glob("*.json")):
        body = json.loads(file.read_text("utf-8"))
        for number, event in enumerate(body["events"]):
            event["webhookEventId"] = f"{file.stem}-{number}"  # the examples share one id
        events += body["events"]
        raw = json.dumps(body, ensure_ascii=False).encode()
        signed = {"X-Line-Signature": signature(raw, settings.current().line_channel_secret)}
        assert client.post("/callback", data=raw, headers=signed).status_code == 200
    assert InboxEvent.select().count() == len(events) > 10
    while worker.handle_next(sender):
        pass
    assert not inbox.parked()
    failed = [(row.event_id, row.error) for row in InboxEvent.select().where(InboxEvent.error.is_null(False))]
    assert failed == []
    assert InboxEvent.select().where(InboxEvent.state != DONE).count() == 0
    for row in OutboxMessage.select().where(OutboxMessage.messages != "[]"):
        assert_valid(json.loads(row.messages))
