"""Sends multicasts to LINE, one call after the other, in a thread of each worker process.

What becomes of a call is decided in `bot/line/multicast_delivery.py`; leasing calls and recording outcomes is left to
`bot/queue/multicast_leases.py`.
"""

import json
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from bot import localtime, log, notices, outages
from bot.db import conflicts, database
from bot.db.database import write_transaction
from bot.line import delivery, multicast_delivery
from bot.line.delivery import Answer
from bot.line.messages import Message
from bot.line.month import Month
from bot.line.multicast_delivery import IN_DOUBT, PARKED, MulticastVerdict
from bot.notices import notice_text
from bot.queue import multicast_leases, multicasts, sending_held
from bot.queue.multicast_leases import LeasedMulticast
from bot.worker.line_calls import UNIT_REFUSED, answer_of
from bot.worker.send_records import notify_refused_token
from bot.worker.worker_processes import Presence

IDLE_SECONDS = 0.5
AFTER_ERROR_SECONDS = 1.0


T = TypeVar("T")


class _Stopped(Exception):
    """The process ends while the database is away."""


class Line(Protocol):
    """What multicasts need of LINE; `bot/line/client.py` implements it."""

    def multicast(
        self, to: list[str], messages: list[Message], retry_key: str, unit: str | None
    ) -> Answer: ...
    def validate_multicast(self, messages: list[Message]) -> Answer: ...
    def month(self) -> Month | None: ...


class MulticastSender:
    """The thread, from `start` to `stop`. `presence` is that of the process; `may_send` says whether a multicast with
    that cause may go out now, `may_write_now` whether customers may get unrequested messages at this hour."""

    def __init__(
        self,
        line: Line,
        presence: Presence,
        may_send: Callable[[str], bool] = lambda _: True,
        may_write_now: Callable[[], bool] = lambda: True,
    ) -> None:
        self._line = line
        self._presence = presence
        self._may_send, self._may_write_now = may_send, may_write_now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="multicasts", daemon=True)

    def start(self) -> None:
        """Begin; the process must be registered by then."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread finish the call it is making, and record its outcome."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._stopping.is_set():
            pause = IDLE_SECONDS
            try:
                pause = 0 if self.send_next() else IDLE_SECONDS
            except Exception as error:  # the database may be away for a moment: the calls are still there
                if not conflicts.is_conflict(error):
                    log.exception("taking multicasts failed")
                    database.forget_connection()
                    pause = AFTER_ERROR_SECONDS
            self._stopping.wait(pause)
        database.close()

    def send_next(self) -> bool:
        """Take the next multicast that is due, and call LINE unless it may not be sent any more; False when none is
        due."""
        holder = self._presence.key
        if not multicast_leases.anything_due(holder) or sending_held.is_held():
            return False
        with write_transaction():
            call = multicast_leases.take_next(holder)
        if call is None:
            return False
        try:
            self._send(call)
        except _Stopped:
            return False
        except Exception:  # a fault of ours in this one: the others must not wait for it
            log.exception("a multicast failed here", multicast=call.id)
            database.forget_connection()
            call.attempt_count += 1
            with write_transaction():
                multicast_leases.put_back(call, delivery.back_off(call.attempt_count))
        return True

    def _send(self, call: LeasedMulticast) -> None:
        verdict, answer = self._patiently(lambda: self._before(call)), Answer(None)
        if verdict is None:
            while not self._presence.is_sure() and not self._stopping.wait(0.1):
                pass  # another process may already be sending the same call
            if call.leased_by != self._presence.key:
                return  # another process sends it now
            if self._stopping.is_set():
                with write_transaction():
                    multicast_leases.put_back(call)
                return
            call.attempt_count += 1
            verdict, answer = self._call(call)
            call.unsure_since = call.unsure_since or localtime.machine_now()  # until the outcome is recorded
        outcome = verdict
        self._patiently(lambda: _record(call, outcome, answer))

    def _before(self, call: LeasedMulticast) -> MulticastVerdict | None:
        """What becomes of it without a call; None when LINE is to be called."""
        multicast_leases.settle_recipients(call)
        return multicast_delivery.before_call(
            created_at=call.created_at,
            unsure_since=call.unsure_since,
            is_allowed=self._may_write_now() and self._may_send(call.cause),
            recipient_count=len(call.line_user_ids),
            now=localtime.now(),
        )

    def _patiently(self, work: Callable[[], T]) -> T:
        """Do the work in a transaction, again and again while the database is away. Raises _Stopped when this process
        ends before: whoever takes the lease over repeats the call with the same retry key."""
        while True:
            try:
                with write_transaction():
                    return work()
            except Exception as error:
                database.forget_connection()
                if outages.classify(error) is None and not conflicts.is_conflict(error):
                    raise
                if self._stopping.wait(AFTER_ERROR_SECONDS):
                    raise _Stopped from error

    def _call(self, call: LeasedMulticast) -> tuple[MulticastVerdict, Answer]:
        """Call LINE once, and say what follows."""
        messages, count = json.loads(call.messages), len(call.line_user_ids)
        answer = self._multicast(call, messages, call.aggregation_unit)
        if call.aggregation_unit is not None and answer.status in UNIT_REFUSED:
            # LINE may refuse units to this shop: a figure less is better than a message less.
            log.warning("LINE refused a multicast with an aggregation unit", multicast=call.id)
            answer = self._multicast(call, messages, None)
        if answer.status == 400:
            check = answer_of(lambda: self._line.validate_multicast(messages))
            verdict = multicast_delivery.after_refusal(
                check, recipient_count=count, attempt_count=call.attempt_count
            )
            return verdict, check if check.status == 400 else answer
        verdict = multicast_delivery.after_call(
            answer,
            unsure_since=call.unsure_since,
            now=localtime.machine_now(),
            month_is_spent=answer.status == 429 and self._is_month_spent(answer, count),
            attempt_count=call.attempt_count,
        )
        return verdict, answer

    def _multicast(self, call: LeasedMulticast, messages: list[Message], unit: str | None) -> Answer:
        return answer_of(
            lambda: self._line.multicast(list(call.line_user_ids), messages, call.retry_key, unit)
        )

    def _is_month_spent(self, answer: Answer, count: int) -> bool:
        """Whether the month has too few messages left for so many recipients. LINE's figures settle it, if it gives
        any: the two kinds of 429 differ in their text only, which may change."""
        month = self._line.month()
        if month is None:
            return "monthly limit" in answer.text
        return month.quota is not None and month.used_count + count > month.quota


def _record(call: LeasedMulticast, verdict: MulticastVerdict, answer: Answer) -> None:
    if multicast_leases.record(call, verdict, answer) and verdict.state == PARKED:
        _notify(call, verdict, answer)


def _notify(call: LeasedMulticast, verdict: MulticastVerdict, answer: Answer) -> None:
    log.error("a multicast is parked", multicast=call.id, status=answer.status, reason=verdict.reason)
    if answer.status == 401:
        notify_refused_token()
        return
    again = f"`manage.py outbox replay-multicast {call.id}`"
    if verdict.reason == IN_DOUBT or verdict.unsure_since is not None:
        sentence = notice_text(
            "お客さまに届いたか分からない一斉送信があります（一斉送信 #%(number)s、%(people)s人）。"
            "届いていなければ %(command)s でやり直せます。届いていると、二重になります。",
            number=call.id,
            people=len(call.line_user_ids),
            command=again,
        )
    else:
        sentence = notice_text(
            "LINEが一斉送信を断りました（一斉送信 #%(number)s、状態 %(status)s）。まだ誰にも届いていません。"
            "内容を直してから %(command)s でやり直せます。",
            number=call.id,
            status=str(answer.status),
            command=again,
        )
    notices.notify(f"{multicasts.PARKED_NOTICE}:{call.id}", sentence)
