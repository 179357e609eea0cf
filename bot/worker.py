"""Decides how events are worked off: claim, handle, owe, finish in one transaction; then send.

A crash is a rollback. On SQLite one thread takes sixteen events a transaction, each in a savepoint of its own; on
PostgreSQL several threads take one event each.
"""

import threading
import time
import traceback

from bot import (
    database,
    events,
    heartbeat,
    inbox,
    log,
    media,
    message_changes,
    notices,
    outages,
    outbox,
    routing,
)
from bot.database import savepoint, write_transaction
from bot.events import Event, MediaReceived, TextChanged, Unfollowed, Unsent
from bot.inbox import Claimed
from bot.outbox import Owed
from bot.sender import Sender
from bot.storable import storable

SQLITE_EVENTS_A_TRANSACTION = 16
SQLITE_SECONDS_A_TRANSACTION = 0.01
"""No event is begun after that: whoever waits for SQLite's one writer waits no longer than for the event at hand."""
POSTGRES_EVENTS_A_TRANSACTION = 4
POSTGRES_THREADS = 8
LONGEST_BACKLOG = 500
IDLE_SECONDS = 0.05
SWEEP_SECONDS = 1.0
BEAT_SECONDS = 5.0
LOOK_AT_QUOTA_SECONDS = 60.0
LOOK_AT_MONTH_SECONDS = 600.0


class Worker:
    """The process's threads, until `stop`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._stopping = threading.Event()
        self._lookout = threading.Lock()

    def run(self) -> None:
        """Work until stopped; returns when everything taken has been finished."""
        count = POSTGRES_THREADS if database.is_postgres() else 1
        threads = [threading.Thread(target=self._handle_events, name=f"handler-{n}") for n in range(count)]
        for thread in threads:
            thread.start()
        self._keep_house()
        for thread in threads:
            thread.join()
        self._sender.stop()
        database.close()

    def stop(self) -> None:
        """End after the transaction at hand."""
        self._stopping.set()

    def _handle_events(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._lookout:
                    self._wait_for_work()
                if not self._stopping.is_set():
                    handle_next(self._sender)
            except Exception:  # the database may be away for a moment: the events are still there
                log.exception("taking events failed")
                database.forget_connection()
                self._stopping.wait(1)
        database.close()

    def _wait_for_work(self) -> None:
        """One idle thread looks out for all."""
        while not self._stopping.is_set():
            if self._sender.backlog() < LONGEST_BACKLOG and inbox.anything_pending():
                return
            self._stopping.wait(IDLE_SECONDS)

    def _keep_house(self) -> None:
        """The main thread: signs of life, rows that a crash left unsent, the month's limit."""
        beat_at = quota_at = month_at = float("-inf")
        while not self._stopping.is_set():
            try:
                if time.monotonic() - beat_at > BEAT_SECONDS:
                    heartbeat.beat("worker")
                    beat_at = time.monotonic()
                self._sender.keep_house()
                sweep(self._sender)
                if time.monotonic() - quota_at > LOOK_AT_QUOTA_SECONDS:
                    self._sender.release_held_when_possible()
                    quota_at = time.monotonic()
                if time.monotonic() - month_at > LOOK_AT_MONTH_SECONDS:
                    month_at = time.monotonic()
                    self._sender.look_at_month()
            except Exception:  # the database may be away for a moment; the next round tries again
                log.exception("keeping house failed")
                database.forget_connection()
            self._stopping.wait(SWEEP_SECONDS)


def handle_next(sender: Sender) -> int:
    """One transaction: claim, handle, finish; then hand what is owed to the sender. How many events it took."""
    with outbox.collect() as owed:
        with write_transaction():
            claimed = inbox.claim(
                POSTGRES_EVENTS_A_TRANSACTION if database.is_postgres() else SQLITE_EVENTS_A_TRANSACTION
            )
            met: set[int] = set()
            failed: set[int] = set()
            until = (
                float("inf") if database.is_postgres() else time.monotonic() + SQLITE_SECONDS_A_TRANSACTION
            )
            for event in claimed:
                if event.conversation_id in failed:
                    continue
                fresh = inbox.claim_again(event) if event.conversation_id in met else event
                met.add(event.conversation_id)
                if not _handle(fresh, owed):
                    failed.add(event.conversation_id)
                if time.monotonic() > until:
                    break
        sender.send(owed)
    return len(claimed)


def sweep(sender: Sender) -> None:
    """Send what is due and nobody's: put back for later, or left by a crash."""
    if not outbox.anything_to_take_over():
        return
    with write_transaction():
        rows = outbox.take_over()
    sender.send(rows)


def _handle(row: Claimed, owed: list[Owed]) -> bool:
    """Handle one event in a savepoint; on failure undo its effects alone and note the error."""
    owed_before = len(owed)
    try:
        row = message_changes.as_it_is_now(row)
        event = events.read(row)
        if isinstance(event, Unsent | TextChanged):
            with savepoint():
                message_changes.note(event.message_id, is_unsent=isinstance(event, Unsent))
        elif row.source == "line" and row.line_user_id is None:
            with savepoint():
                message_changes.apply(row)
        if isinstance(event, MediaReceived | Unsent):
            # By itself: LINE keeps what customers send only for a while, and no handler's fault may cost us that.
            with savepoint():
                media.take_note(event)
            owed_before = len(owed)
        if witness := routing.witness_of(event):
            with savepoint():
                witness(row.id, event)
        with savepoint():
            with log.about(event_id=event.event_id):
                answer = _answer(event)
            if answer:
                outbox.reply(event, answer)
            inbox.finish(row)
    except Exception as error:  # whatever a handler raises costs its own event and nobody else's
        if outages.what(error) not in (None, outages.LOCKED, outages.DAMAGED):
            raise  # not the event's fault: it is tried again, and none of its tries is used up
        del owed[owed_before:]
        log.error(
            "handler failed", event_id=row.event_id, attempt=row.attempt_count + 1, error=type(error).__name__
        )
        _note_failure(row, error)
        return False
    return True


def _answer(event: Event) -> routing.Answer:
    """In standby another system has the chat: nothing is said, only a block and what was unsent are noted."""
    if event.standby and not isinstance(event, Unfollowed | Unsent | TextChanged):
        return []
    return routing.dispatch(event)


def _note_failure(row: Claimed, error: Exception) -> None:
    detail = storable("".join(traceback.format_exception(error))[-4000:])
    if inbox.fail(row, detail):
        notices.tell(
            f"inbox-parked:{row.id}",
            f"処理できなかった出来事があります（#{row.id} {type(error).__name__}）。原因を直してから "
            f"`manage.py inbox replay {row.id}` でやり直せます。",
        )
