"""Multicasts by the real client against the simulated LINE while it fails, hangs, drops calls or refuses."""

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import peewee
import pytest

from bot.config import settings as bot_settings
from bot.conversations import ensure
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.line.delivery import DROPPED, SENT, Answer
from bot.line.messages import Message, text
from bot.queue import multicasts
from bot.queue.multicasts import Multicast
from bot.queue.outbox import OutboxMessage
from bot.worker.multicast_sender import MulticastSender
from bot.worker.worker_processes import Presence
from demo.line.faults import FaultKind
from demo.phone.client import Handset
from demo.phone.platform import Platform, create_platform
from script.results import OFFICIAL_FILES
from tests.line_limits import OFFICIAL, official_body_problems

QUOTA = 6


@pytest.fixture
def platform(settings: bot_settings.Settings, any_database: peewee.Database) -> Iterator[Platform]:
    with create_platform(
        channel_secret=settings.line_channel_secret,
        access_token=settings.line_channel_access_token,
        deliver=lambda _raw, _headers: 200,
        quota=QUOTA,
    ) as made:
        yield made


@pytest.fixture
def sender(
    settings: bot_settings.Settings, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> MulticastSender:
    monkeypatch.setattr("bot.line.delivery.FIRST_WAIT", timedelta(seconds=0.1))
    given = settings.model_copy(update={"line_api_url": platform.url, "line_data_api_url": platform.url})
    return MulticastSender(LineClient(given, answer_seconds=0.4), Presence())


@pytest.fixture
def people(platform: Platform) -> list[Handset]:
    made = [platform.handset(f"客{number}") for number in range(4)]
    for each in made:
        each.follow()
    platform.settle()
    return made


def send(sender: MulticastSender, *to: str, messages: list[Message] | None = None) -> Multicast:
    """Create a multicast, and work until all is settled."""
    with write_transaction():
        chats = [ensure(each) for each in to]
        made = multicasts.create(chats, messages or [text("春の便り")], cause="campaign:1:1")
    until = time.monotonic() + 10
    while Multicast.select().where(Multicast.state == "due").exists():
        assert time.monotonic() < until, "a multicast is still due"
        if not sender.send_next():
            time.sleep(0.02)
    found: Multicast = Multicast.get_by_id(made)
    return found


def heard(people: list[Handset]) -> list[list[str]]:
    return [[str(message["text"]) for message in each.received()] for each in people]


def calls(platform: Platform) -> list[str]:
    return [each.endpoint for each in platform.calls if each.endpoint in ("multicast", "validate")]


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.RATE_LIMIT, FaultKind.DROP, FaultKind.HANG])
@pytest.mark.parametrize("times", [1, 3])
def test_it_arrives_once_and_is_paid_once(
    platform: Platform, sender: MulticastSender, people: list[Handset], kind: FaultKind, times: int
) -> None:
    platform.faults.inject("multicast", kind, times=times, seconds=0.8)
    row = send(sender, *(each.user_id for each in people))
    time.sleep(0.8 if kind is FaultKind.HANG else 0)
    assert heard(people) == [["春の便り"]] * 4
    assert row.state == SENT
    assert row.line_status in (200, 409)
    assert len({call.retry_key for call in platform.calls if call.endpoint == "multicast"}) == 1
    assert platform.channel.quota.used(platform.channel.clock()) == 4


def test_with_too_few_messages_left_nobody_gets_it(
    platform: Platform, sender: MulticastSender, people: list[Handset]
) -> None:
    platform.channel.quota.count(QUOTA - 3, platform.channel.clock())
    row = send(sender, *(each.user_id for each in people))
    assert (row.state, row.reason) == ("dissolved", "quota")
    assert heard(people) == [[]] * 4


def test_all_get_it_but_those_who_blocked_the_shop_or_whom_line_does_not_know(
    platform: Platform, sender: MulticastSender, people: list[Handset]
) -> None:
    people[1].block()
    unknown = f"U{uuid.uuid4().hex}"
    send(sender, *(each.user_id for each in people), unknown)
    assert heard(people) == [["春の便り"], [], ["春の便り"], ["春の便り"]]
    (refused,) = OutboxMessage.select().where(OutboxMessage.state == DROPPED)
    assert refused.conversation.line_user_id == unknown
    assert refused.line_answer == '{"message":"Failed to send messages"}\n'
    assert platform.channel.quota.used(platform.channel.clock()) == 3


def test_wrong_messages_are_checked_once_and_reach_nobody(
    platform: Platform, sender: MulticastSender, people: list[Handset]
) -> None:
    wrong = [{"type": "text", "text": ""}]
    row = send(sender, *(each.user_id for each in people), messages=wrong)
    assert (row.state, row.reason) == ("parked", "refused")
    assert "messages[0].text" in row.line_answer
    assert calls(platform) == ["multicast", "validate"]
    assert heard(people) == [[]] * 4


@pytest.mark.skipif(not OFFICIAL.exists(), reason=f"{OFFICIAL_FILES}/openapi is not here")
def test_the_bodies_are_as_the_official_file_says(
    settings: bot_settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: dict[str, dict[str, Any]] = {}

    def note(_: LineClient, endpoint: str, body: dict[str, Any], headers: Any = None) -> Answer:
        bodies[endpoint] = body
        assert (headers is not None) == (endpoint == "/v2/bot/message/multicast")
        return Answer(200)

    monkeypatch.setattr(LineClient, "_send", note)
    line, to = LineClient(settings), [f"U{number:032x}" for number in range(500)]
    line.multicast(to, [text("春の便り")] * 5, str(uuid.uuid4()), "campaign_1")
    line.validate_multicast([text("春の便り")])
    assert official_body_problems("MulticastRequest", bodies["/v2/bot/message/multicast"]) == []
    assert (
        official_body_problems("ValidateMessageRequest", bodies["/v2/bot/message/validate/multicast"]) == []
    )
    too_many = bodies["/v2/bot/message/multicast"] | {"to": [*to, to[0]]}
    assert official_body_problems("MulticastRequest", too_many)
