"""Events are handled once, in their conversation's order, and a failing one delays no others."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import peewee
import pytest

from bot import conversations, localtime, notices
from bot.conversations import Conversation
from bot.db import database
from bot.db.database import write_transaction
from bot.line.messages import text
from bot.queue import inbox, outbox
from bot.queue.inbox import DONE, PARKED, PENDING, InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.routing import routes
from bot.routing.events import Event, InternalEvent, TextReceived
from bot.worker import worker
from bot.worker.sender import Sender
from tests.storage.inbox_scene import HANAKO, NOON, TARO, NoteTakingLine, happen

Handle = Callable[[Event], routes.Answer]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def sender() -> Iterator[Sender]:
    made = Sender(NoteTakingLine(), thread_count=1)
    yield made
    made.stop()


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The events that a handler took, in order; the texts `fail` and `fail once` make it raise."""
    took: list[str] = []

    def handle(event: Event) -> routes.Answer:
        took.append(event.event_id)
        assert isinstance(event, TextReceived | InternalEvent)
        if isinstance(event, TextReceived):
            outbox.push(event.conversation_id, [text("効果")], cause=f"effect:{event.event_id}")
            if event.text == "fail" or (event.text == "fail once" and took.count(event.event_id) == 1):
                raise ZeroDivisionError("the handler's own mistake")
            return [text(f"{event.text}ですね")]
        return []

    monkeypatch.setattr(routes, "dispatch", handle)
    return took


def work(sender: Sender, *, seconds_later: float = 0) -> None:
    with localtime.fixed(NOON + timedelta(seconds=seconds_later)):
        while worker.handle_next(sender):
            pass


def states() -> dict[str, str]:
    return {row.event_id: row.state for row in InboxEvent.select()}


def effects() -> list[str]:
    rows = OutboxMessage.select().where(OutboxMessage.cause.startswith("effect:")).order_by(OutboxMessage.id)
    return [row.cause.removeprefix("effect:") for row in rows]


def test_an_event_of_our_own_is_stored_once() -> None:
    with write_transaction():
        assert inbox.put("order.received", "order:1", "buyer:7", {"yen": 3000})
        assert not inbox.put("order.received", "order:1", "buyer:7", {"yen": 3000})


def test_an_event_of_our_own_reaches_its_handler_with_its_data(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Event] = []

    def handle(event: Event) -> routes.Answer:
        seen.append(event)
        return []

    monkeypatch.setattr(routes, "dispatch", handle)
    with write_transaction():
        inbox.put("order.received", "order:1", "buyer:7", {"words": "半分\ud83c NUL\0"})
    work(sender)
    (event,) = seen
    assert isinstance(event, InternalEvent)
    assert (event.kind, event.user_id, event.reply_token) == ("order.received", None, None)
    assert event.data["words"] == "半分? NUL", "storable: what no database and no page can hold is left out"


def test_events_are_handled_by_the_time_they_happened_not_by_the_time_they_came(
    sender: Sender, handled: list[str]
) -> None:
    happen("third", after=3)
    happen("first", after=1)
    happen("second", after=2)
    work(sender)
    assert handled == ["first", "second", "third"]
    assert set(states().values()) == {DONE}


def test_nothing_is_handled_twice(sender: Sender, handled: list[str]) -> None:
    happen("once")
    work(sender)
    happen("once")
    work(sender)
    assert handled == ["once"]


def test_a_handlers_failure_undoes_its_own_effects_alone(sender: Sender, handled: list[str]) -> None:
    happen("good", HANAKO, after=1)
    happen("bad", TARO, after=2, text="fail")
    happen("also good", HANAKO, after=3)
    work(sender)
    assert effects() == ["good", "also good"]
    assert states() == {"good": DONE, "bad": PENDING, "also good": DONE}


def test_a_failed_event_is_tried_again_and_what_follows_it_waits(sender: Sender, handled: list[str]) -> None:
    happen("stumbles", after=1, text="fail once")
    happen("follows", after=2)
    work(sender)
    assert handled == ["stumbles"]
    work(sender, seconds_later=0.5)
    assert handled == ["stumbles"], "its second try is due after a second"
    work(sender, seconds_later=1.5)
    assert handled == ["stumbles", "stumbles", "follows"]
    assert effects() == ["stumbles", "follows"]


def test_after_four_tries_it_is_parked_with_its_error_and_the_rest_goes_on(
    sender: Sender, handled: list[str]
) -> None:
    happen("hopeless", after=1, text="fail")
    happen("follows", after=2)
    for seconds in (0, 1, 6, 35, 36, 40):
        work(sender, seconds_later=seconds)
    assert handled == ["hopeless"] * 4 + ["follows"]
    (parked,) = inbox.parked()
    assert parked.event_id == "hopeless"
    assert "ZeroDivisionError: the handler's own mistake" in str(parked.error)
    (notice,) = notices.current()
    assert f"manage.py inbox replay {parked.id}" in notice.sentence


def test_a_parked_event_can_be_replayed_once_its_cause_is_mended(
    sender: Sender, handled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    happen("hopeless", text="fail")
    for seconds in (0, 1, 6, 36):
        work(sender, seconds_later=seconds)
    assert states() == {"hopeless": PARKED}
    monkeypatch.setattr(routes, "dispatch", lambda _: [text("直りました")])
    (parked,) = inbox.parked()
    with write_transaction():
        assert inbox.replay(parked.id)
        assert not inbox.replay(parked.id), "it is no longer parked"
    work(sender, seconds_later=37)
    assert states() == {"hopeless": DONE}


def test_a_later_event_knows_what_an_earlier_one_of_the_same_moment_asked(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited: list[str | None] = []

    def handle(event: Event) -> routes.Answer:
        awaited.append(event.exchange.kind if event.exchange else None)
        conversations.wait_for(event.conversation_id, f"after-{event.event_id}", timedelta(hours=1))
        return []

    monkeypatch.setattr(routes, "dispatch", handle)
    happen("e1", after=1)
    happen("e2", after=2)
    work(sender)
    assert awaited == [None, "after-e1"]


def test_in_standby_nothing_is_said(sender: Sender, handled: list[str]) -> None:
    happen("e1")
    InboxEvent.update(
        body='{"type":"message","mode":"standby","message":{"type":"text","text":"a"}}'
    ).execute()
    work(sender)
    assert handled == []
    assert states() == {"e1": DONE}


def test_a_reply_carries_the_events_token_and_its_deadline(sender: Sender, handled: list[str]) -> None:
    happen("e1")
    work(sender)
    row = OutboxMessage.get(OutboxMessage.kind == outbox.REPLY)
    assert (row.cause, row.reply_token) == ("e1", "token-of-e1")
    assert row.reply_until == NOON + timedelta(seconds=55)


def test_what_an_event_sends_is_committed_with_it_or_not_at_all(handled: list[str]) -> None:
    happen("e1")
    with pytest.raises(KeyboardInterrupt), write_transaction():
        (event,) = inbox.claim(1)
        outbox.push(event.conversation_id, [text("まだ")], cause="never")
        inbox.finish(event)
        raise KeyboardInterrupt  # the process is killed before it commits
    assert states() == {"e1": PENDING}
    assert OutboxMessage.select().count() == 0


def test_two_claims_never_hold_the_same_conversation(any_database: peewee.Database) -> None:
    """PostgreSQL: in parallel, each customer's events with one worker. SQLite: one after the other."""
    for number in range(3):
        happen(f"hanako-{number}", HANAKO, after=number)
        happen(f"taro-{number}", TARO, after=number + 0.5)
    if not database.is_postgres():
        with write_transaction():
            assert [event.event_id for event in inbox.claim(2)] == ["hanako-0", "taro-0"]
        return
    first_claimed, may_end = threading.Event(), threading.Event()
    held: list[str] = []

    def first() -> None:
        with write_transaction():
            held.extend(event.event_id for event in inbox.claim(1))
            first_claimed.set()
            may_end.wait(10)
        database.close()

    thread = threading.Thread(target=first)
    thread.start()
    first_claimed.wait(10)
    try:
        with write_transaction():
            beside = [event.event_id for event in inbox.claim(5)]
        with write_transaction():  # the webhook does not wait for the worker's lock
            database.execute("SET LOCAL lock_timeout = '2s'")
            assert inbox.put("survey.due", "survey-due:1", HANAKO)
    finally:
        may_end.set()
        thread.join()
    assert held == ["hanako-0"]
    assert beside == ["taro-0", "taro-1", "taro-2"]


def test_two_requests_that_store_the_same_people_in_opposite_order_both_succeed(
    any_database: peewee.Database,
) -> None:
    people = [f"U{number:032x}" for number in range(40)]
    errors: list[Exception] = []

    def store(keys: list[str], name: str) -> None:
        try:
            for turn in range(5):
                with write_transaction():
                    inbox.store([_new(f"{name}-{turn}-{key}", f"{turn}{key}") for key in keys])
        except Exception as error:  # observed below, in the test's own thread
            errors.append(error)
        database.close()

    threads = [
        threading.Thread(target=store, args=(people, "a")),
        threading.Thread(target=store, args=(people[::-1], "b")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Conversation.select().count() == 200
    assert InboxEvent.select().count() == 400


def _new(event_id: str, key: str) -> inbox.NewEvent:
    return inbox.NewEvent(event_id, key, key, "line", "{}", NOON, NOON)


def test_an_event_that_nobody_handles_is_done_in_silence(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_routes", routes.Routes())
    happen("e1")
    work(sender)
    assert states() == {"e1": DONE}
    assert OutboxMessage.select().count() == 0
