"""All writers at once on PostgreSQL: no deadlock, since locks are taken in the order docs/architecture.md gives."""

import io
import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import peewee
import pytest
from flask import request

from app import Web
from bot import localtime
from bot.config import shop
from bot.db import conflicts, database
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.inbox import InboxEvent, NewEvent
from bot.worker import worker
from customers.people import customer as customers
from handlers import register
from rewards.ledger.reconciliation import reconcile
from tests.faults.busy_shop import NOON, WORKERS, BusyShop, Nobody


@pytest.fixture
def scenario(postgres_database: peewee.Database, tmp_path: Path) -> Iterator[BusyShop]:
    register()
    shop.use({"points": {"purchase_pending_days": 0}, "referrals": {"hold_days": 0}})
    with localtime.fixed(NOON):
        yield BusyShop(tmp_path)


def deadlocks() -> int:
    """How many deadlocks PostgreSQL has counted in this database."""
    database.close()
    time.sleep(1.1)  # a session reports its counts once a second
    asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int(database.execute(asked).fetchone()[0])


def test_there_are_no_deadlocks(scenario: BusyShop) -> None:
    before = deadlocks()
    scenario.run(
        (WORKERS, scenario.works_off),
        (3, scenario.shop_system),
        (1, scenario.imports),
        (2, scenario.chats),
        (2, scenario.staff),
        (1, scenario.clock),
    )
    assert not scenario.failures, scenario.failures
    in_a_circle = deadlocks() - before
    tried_again = InboxEvent.select().where(InboxEvent.attempt_count > 0)
    done = InboxEvent.select().where(InboxEvent.state == "done").count()
    assert in_a_circle == 0, f"{in_a_circle} deadlocks in {done} events and {len(scenario.answers)} requests"
    assert not [row.error for row in tried_again.limit(1)]
    assert not [status for status in scenario.answers if status >= 500]
    assert reconcile().faults == ()


@pytest.fixture
def locked(scenario: BusyShop) -> Iterator[threading.Event]:
    """Another connection holds the lock of the first customer until the event is set."""
    taken, done = threading.Event(), threading.Event()

    def keep() -> None:
        with write_transaction():
            customers.lock(scenario.ids[0])
            taken.set()
            done.wait(10)
        database.close()

    thread = threading.Thread(target=keep)
    thread.start()
    assert taken.wait(10)
    yield done
    done.set()
    thread.join()


def test_a_conflict_is_no_failure_of_the_handlers(scenario: BusyShop, locked: threading.Event) -> None:
    user = scenario.users[0]
    with write_transaction():
        inbox.put(
            "coupon.grant_requested",
            "given:1",
            user,
            {"customer_id": scenario.ids[0], "reward_id": 1, "staff_id": 1},
        )
    database.execute("SELECT set_config('lock_timeout', '50ms', false)")
    with pytest.raises(peewee.OperationalError) as raised:
        worker.handle_next(Nobody())  # type: ignore[arg-type]
    assert conflicts.is_conflict(raised.value)
    event = InboxEvent.get()
    assert (event.state, event.attempt_count, event.error) == ("pending", 0, None)
    locked.set()
    worker.handle_next(Nobody())  # type: ignore[arg-type]
    assert InboxEvent.get(InboxEvent.event_id == "given:1").state == "done"


def test_what_must_wait_costs_the_others_of_its_transaction_nothing(
    scenario: BusyShop, locked: threading.Event
) -> None:
    for number, user in enumerate((scenario.users[1], scenario.users[0], scenario.users[2])):
        body = {"type": "message", "message": {"type": "text", "id": str(number), "text": "ランク"}}
        at = NOON + timedelta(seconds=number)
        with write_transaction():
            inbox.store([NewEvent(f"e{number}", user, user, "line", json.dumps(body), at, at)])
    began = time.monotonic()
    worker.handle_next(Nobody())  # type: ignore[arg-type]
    assert time.monotonic() - began < 5
    assert [event.state for event in InboxEvent.select().order_by(InboxEvent.id)] == [
        "done",
        "pending",
        "pending",
    ]
    locked.set()
    while worker.handle_next(Nobody()):  # type: ignore[arg-type]
        pass
    assert {(event.state, event.attempt_count) for event in InboxEvent.select()} == {("done", 0)}


def test_a_request_in_a_deadlock_is_repeated_and_succeeds(scenario: BusyShop) -> None:
    """Two transactions take locks in opposite order: the request is rolled back and repeated, and the client
    sees success."""
    app = Web("test")
    first, second = scenario.ids[:2]
    tries: list[bytes] = []
    both = threading.Barrier(2)

    def other() -> None:
        with write_transaction():
            customers.lock(second)
            both.wait(10)
            customers.lock(first)
        database.close()

    thread = threading.Thread(target=other)

    @app.post("/")
    def lock_and_answer() -> str:
        tries.append(request.files["file"].read())
        with write_transaction():
            database.execute("SET LOCAL deadlock_timeout = '100ms'")  # so that this one is rolled back
            customers.lock(first)
            if len(tries) == 1:
                thread.start()
                both.wait(10)
                time.sleep(0.05)
            customers.lock(second)
        return "done"

    answer = app.test_client().post("/", data={"file": (io.BytesIO(b"a file"), "a.csv")})
    thread.join()
    assert (answer.status_code, answer.text) == (200, "done")
    assert tries == [b"a file"] * 2
