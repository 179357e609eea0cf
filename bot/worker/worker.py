"""Runs the worker: claims events, has them handled, stores what is to be sent, all in one transaction; then
sends it.

A crash is a rollback. On SQLite one thread takes up to sixteen events a transaction, each in a savepoint of
its own; on PostgreSQL several threads take up to four each. Sending is left to `bot/worker/sender.py`.
"""

import random
import threading
import time
import traceback
from collections.abc import Sequence

import peewee

from bot import log, notices, outages, shop_versions
from bot.config import shop
from bot.db import conflicts, database
from bot.db.database import savepoint, write_transaction
from bot.files import media
from bot.notices import notice_text
from bot.queue import inbox, leases, message_changes, outbox, sending_held
from bot.queue.inbox import LINE
from bot.queue.outbox import OutboxRow
from bot.routing import event_kinds, events, routes
from bot.routing.claimed import Claimed
from bot.routing.events import Event, MediaReceived, TextChanged, Unfollowed, Unsent
from bot.text.cleaning import storable
from bot.worker import heartbeat
from bot.worker.multicast_sender import MulticastSender
from bot.worker.sender import Sender

SQLITE_EVENTS_A_TRANSACTION = 16
SQLITE_SECONDS_A_TRANSACTION = 0.01
"""After this time no event is begun, so that others wait for SQLite's single writer no longer than one event
takes."""
POSTGRES_EVENTS_A_TRANSACTION = 4
POSTGRES_THREADS = 8
SHARING = event_kinds.OF_ONE_CUSTOMER | {LINE}
"""The kinds of events that share a transaction on PostgreSQL."""
FOLLOWERS_WAIT_SECONDS = 0.01
"""How long an event waits for a lock while its transaction holds those of earlier events: briefly, since
others may wait for those. PostgreSQL searches for deadlocks only after a second."""
LONGEST_BACKLOG = 500
IDLE_SECONDS = 0.05
SWEEP_SECONDS = 1.0
SWEEP_AGAIN_SECONDS = 0.1
"""After a sweep that found rows, since more may wait behind them."""
BEAT_SECONDS = 5.0
MOST_HELD = 20_000
"""Rows in this process's memory, at some 2 KB each. While LINE is away, further ones wait in the database."""
QUOTA_POLL_SECONDS = 60.0
MONTH_POLL_SECONDS = 600.0
STATISTICS_POLL_SECONDS = 70.0
STATISTICS_REST_SECONDS = 1_800.0
"""After LINE refused a call because there were too many, or did not answer."""


class Worker:
    """The threads of the worker process, until `stop`."""

    def __init__(self, sender: Sender, multicast_sender: MulticastSender | None = None) -> None:
        self._sender = sender
        self._multicast_sender = multicast_sender
        self._stopping = threading.Event()
        self._poll_lock = threading.Lock()

    def run(self) -> None:
        """Work until stopped; returns when everything claimed has been finished."""
        self._enter()
        count = POSTGRES_THREADS if database.is_postgres() else 1
        threads = [threading.Thread(target=self._handle_events, name=f"handler-{n}") for n in range(count)]
        threads.append(threading.Thread(target=self._poll_quota, name="line-figures"))
        for thread in threads:
            thread.start()
        if self._multicast_sender:
            self._multicast_sender.start()
        self._maintenance_loop()
        for thread in threads:
            thread.join()
        if self._multicast_sender:
            self._multicast_sender.stop()
        self._sender.stop()
        self._leave()
        database.close()

    def stop(self) -> None:
        """End after the transactions in progress."""
        self._stopping.set()

    def _handle_events(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._poll_lock:
                    self._wait_for_work()
                if not self._stopping.is_set():
                    handle_next(self._sender)
            except Exception as error:  # the database may be away for a moment: the events are still there
                if conflicts.is_conflict(error):
                    self._stopping.wait(random.uniform(0.01, 0.1))  # noqa: S311 -- lets the other one go first
                    continue
                log.exception("taking events failed")
                database.forget_connection()
                self._stopping.wait(1)
        database.close()

    def _wait_for_work(self) -> None:
        """Wait until events are pending; one idle thread polls for all (`_poll_lock`)."""
        while not self._stopping.is_set():
            shop_versions.refresh()
            has_room = self._sender.backlog() < LONGEST_BACKLOG and self._sender.held_count() < MOST_HELD
            if has_room and inbox.anything_pending():
                return
            self._stopping.wait(IDLE_SECONDS)

    def _enter(self) -> None:
        """Register this process before anything is handled, and unregister dead ones: what they left goes out
        first."""
        presence = self._sender.presence
        while not self._stopping.is_set():
            try:
                presence.enter()
                presence.remove_dead()
                return
            except Exception:  # the database may be away for a moment
                log.exception("entering failed")
                database.forget_connection()
                self._stopping.wait(1)

    def _leave(self) -> None:
        try:
            self._sender.presence.leave()
        except Exception:  # the others will find this process dead
            log.exception("leaving failed")
            database.forget_connection()

    def _maintenance_loop(self) -> None:
        """The main thread: heartbeats, chats whose wait is over, rows that nobody sends."""
        beat_at = float("-inf")
        while not self._stopping.is_set():
            pause = SWEEP_SECONDS
            try:
                if time.monotonic() - beat_at > BEAT_SECONDS:
                    self._beat()
                    beat_at = time.monotonic()
                self._sender.maintain()
                if sweep(self._sender):
                    pause = SWEEP_AGAIN_SECONDS
            except Exception:  # the database may be away for a moment; the next round tries again
                log.exception("maintenance failed")
                database.forget_connection()
            self._stopping.wait(pause)

    def _beat(self) -> None:
        heartbeat.beat("worker")
        if not self._sender.presence.beat():
            log.warning("another worker declared this one dead: registering again")
            self._sender.rejoin()
        self._sender.presence.remove_dead()

    def _poll_quota(self) -> None:
        """Ask for the month's figures and the sums of pushes in a thread of its own, since LINE may be slow."""
        quota_at = month_at = statistics_at = float("-inf")
        while not self._stopping.is_set():
            try:
                if time.monotonic() - quota_at > QUOTA_POLL_SECONDS:
                    quota_at = time.monotonic()
                    self._sender.release_held_when_possible()
                if time.monotonic() - month_at > MONTH_POLL_SECONDS:
                    month_at = time.monotonic()
                    self._sender.refresh_month_quota()
                if time.monotonic() - statistics_at > STATISTICS_POLL_SECONDS:
                    statistics_at = time.monotonic()
                    if not self._sender.ask_for_statistics():
                        statistics_at += STATISTICS_REST_SECONDS
            except Exception:  # the database may be away for a moment; the next round tries again
                log.exception("asking LINE for figures failed")
                database.forget_connection()
            self._stopping.wait(SWEEP_SECONDS)
        database.close()


def handle_next(sender: Sender) -> int:
    """Claim, handle and finish events in one transaction, then hand the outgoing rows to the sender; returns
    how many events were claimed."""
    with outbox.collect(sender.presence.key) as outgoing:
        try:
            with write_transaction():
                claimed = inbox.claim(
                    POSTGRES_EVENTS_A_TRANSACTION if database.is_postgres() else SQLITE_EVENTS_A_TRANSACTION
                )
                _handle_in_turn(claimed, outgoing)
                sender.expect(outgoing)
        except BaseException:
            sender.check_commit(outgoing)
            raise
        sender.send(outgoing)
    return len(claimed)


def _handle_in_turn(claimed: Sequence[Claimed], outgoing: list[OutboxRow]) -> None:
    """Handle the claimed events one after the other. Events of customers on LINE share a transaction, since
    they change only what is the customer's own, and so do those of their flows. One that would have to wait
    for others' locks is left for a transaction of its own, and so is every other kind of event (an order
    changes two customers)."""
    met: set[int] = set()
    failed: set[int] = set()
    until = float("inf") if database.is_postgres() else time.monotonic() + SQLITE_SECONDS_A_TRANSACTION
    for number, event in enumerate(claimed):
        if event.conversation_id in failed:
            continue
        if number and database.is_postgres() and not {event.source, claimed[0].source} <= SHARING:
            return
        if number == 1:
            conflicts.wait_for_locks_at_most(FOLLOWERS_WAIT_SECONDS)
        fresh = inbox.claim_again(event) if event.conversation_id in met else event
        met.add(event.conversation_id)
        try:
            if not _handle(fresh, outgoing):
                failed.add(event.conversation_id)
        except peewee.PeeweeException as error:
            if number == 0 or not conflicts.is_conflict(error):
                raise
            return
        if time.monotonic() > until:
            return


def sweep(sender: Sender) -> int:
    """Send due rows that nobody holds: written by other processes, released, or left by one that died;
    returns how many."""
    holder = sender.presence.key
    if sender.held_count() >= MOST_HELD or not leases.anything_to_take_over(holder) or sending_held.is_held():
        return 0
    rows: list[OutboxRow] = []
    try:
        with write_transaction():
            rows = leases.take_over(holder)
            sender.expect(rows)
    except BaseException:
        sender.check_commit(rows)
        raise
    sender.send(rows)
    return len(rows)


def _handle(row: Claimed, outgoing: list[OutboxRow]) -> bool:
    """Handle one event in savepoints; on failure undo its effects alone, and note the error."""
    outgoing_before = len(outgoing)
    try:
        row = message_changes.as_it_is_now(row)
        event = events.read(row)
        _note_changes(row, event)
        if isinstance(event, MediaReceived | Unsent):
            # By itself: LINE stores what customers send only for a while, and no handler's fault may lose it.
            with savepoint():
                media.take_note(event)
            outgoing_before = len(outgoing)
        if observer := routes.observer_of(event):
            with savepoint():
                observer(row.id, event)
        with shop.unchanged():
            _run_handler(row, event)
    except Exception as error:  # whatever a handler raises affects its own event alone
        if outages.classify(error) not in (None, outages.LOCKED, outages.DAMAGED):
            raise  # not the event's fault: it is tried again, and none of its tries is used up
        del outgoing[outgoing_before:]
        if conflicts.is_conflict(error):
            raise
        log.error(
            "handler failed", event_id=row.event_id, attempt=row.attempt_count + 1, error=type(error).__name__
        )
        _note_failure(row, error)
        return False
    return True


def _note_changes(row: Claimed, event: Event) -> None:
    """Note a message that was unsent or edited; in chats of several, where no handler does so, change its copies."""
    if isinstance(event, Unsent | TextChanged):
        with savepoint():
            message_changes.note(event.message_id, is_unsent=isinstance(event, Unsent))
    elif row.source == LINE and row.line_user_id is None:
        with savepoint():
            message_changes.apply(row)


def _run_handler(row: Claimed, event: Event) -> None:
    """Call the handler, store its messages and finish the event."""
    with savepoint():
        with log.about(event_id=event.event_id):
            answer = _answer(event)
        if answer:
            outbox.reply(event, answer)
        inbox.finish(row)


def _answer(event: Event) -> routes.Answer:
    """The handler's messages. In standby another system has the chat: nothing is sent, and only blocks and
    changed messages are noted."""
    if event.standby and not isinstance(event, Unfollowed | Unsent | TextChanged):
        return []
    answer = routes.dispatch(event)
    return answer if event.standby else routes.complete(event, answer)


def _note_failure(row: Claimed, error: Exception) -> None:
    detail = storable("".join(traceback.format_exception(error))[-4000:])
    if inbox.fail(row, detail):
        notices.notify(
            f"inbox-parked:{row.id}",
            notice_text(
                "処理できなかった出来事があります（#%(number)s %(error)s）。原因を直してから "
                "`manage.py inbox replay %(number)s` でやり直せます。",
                number=row.id,
                error=type(error).__name__,
            ),
        )
