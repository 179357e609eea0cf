"""Sends the outbox to LINE: several chats at once, each chat in its order.

Rows come leased (`outbox.collect`, `leases.take_over`). Their order is left to `bot/worker/chat_queues.py`,
the meaning of LINE's answers to `bot/line/delivery.py`, recording outcomes to `bot/worker/send_records.py`.
"""

import json
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from bot import localtime, log, notices
from bot.conversations import Conversation
from bot.db import database
from bot.db.database import write_transaction
from bot.line import delivery, unit_statistics
from bot.line.channels import MAIN, SUPPORT
from bot.line.delivery import DROPPED, DUE, HELD, PARKED, SENT, Answer, DeliveryVerdict
from bot.line.messages import Message
from bot.line.month import Month
from bot.queue import aggregation_units, leases, month_quota, outbox, sending_held, support_friends
from bot.queue.outbox import OutboxRow
from bot.worker.chat_queues import ChatQueues
from bot.worker.fetcher import Fetcher, Source
from bot.worker.line_calls import UNIT_REFUSED, answer_of
from bot.worker.send_records import ASKED, MONTH_IS_SPENT, Recorder, note_refusal_of_second_account
from bot.worker.worker_processes import Presence

KEY_FORGOTTEN = "一日以上前に、LINEが受け取ったかもしれません。もう一度送ると、二重に届くことがあります。"
WAITS_FOR_THE_MORNING = "夜のあいだは送らず、朝になってから送ります。"


class Line(Source, Protocol):
    """What sending needs of LINE; `bot/line/client.py` implements it."""

    def reply(self, reply_token: str | None, messages: list[Message]) -> Answer: ...
    def push(self, to: str, messages: list[Message], retry_key: str, unit: str | None) -> Answer: ...
    def profile(self, line_user_id: str | None) -> Answer: ...
    def link_token(self, line_user_id: str | None) -> Answer: ...
    def show_rich_menu(self, line_user_id: str, menu_id: str) -> Answer: ...
    def month_is_spent(self) -> bool | None: ...
    def month(self) -> Month | None: ...
    def unit_statistics(self, unit: str, first_on: date, last_on: date) -> Answer: ...


class Sender:
    """A pool of threads that call LINE, by the client of each of the shop's accounts; `support` is the second
    one's, where the shop has one. `may_write_now` says whether customers may get unrequested messages
    at this hour; `monotonic` returns the time in seconds by which waits are measured."""

    def __init__(
        self,
        line: Line,
        thread_count: int = 8,
        may_write_now: Callable[[], bool] = lambda: True,
        monotonic: Callable[[], float] = time.monotonic,
        support: Line | None = None,
    ) -> None:
        self._line, self._support = line, support
        self._may_write_now = may_write_now
        self.presence = Presence()
        self.fetcher = Fetcher(line, support)
        self._queues = ChatQueues(monotonic)
        self._stopping = threading.Event()
        self._uncertain: queue.SimpleQueue[list[OutboxRow]] = queue.SimpleQueue()
        self._recorder = Recorder()
        self._threads = [
            threading.Thread(target=self._run, name=f"sender-{number}", daemon=True)
            for number in range(thread_count)
        ]
        for thread in self._threads:
            thread.start()

    def expect(self, rows: Sequence[OutboxRow]) -> None:
        """Announce rows that are about to be committed by the transaction that locks their conversations."""
        self._queues.expect(row for row in rows if row.kind != outbox.CONTENT)

    def send(self, rows: Sequence[OutboxRow]) -> None:
        """Queue committed rows; each goes after those of its conversation that came before it. While sending is held
        after a restore, they are released instead and wait in the database."""
        mine = [row for row in rows if row.leased_by == self.presence.key]
        if mine and sending_held.is_held():
            self._queues.drop(rows)
            with write_transaction():
                leases.put_back(mine)
            return
        self._queues.drop(row for row in rows if row.leased_by != self.presence.key)
        self.fetcher.fetch([row for row in mine if row.kind == outbox.CONTENT])
        self._queues.add(row for row in mine if row.kind != outbox.CONTENT)

    def check_commit(self, rows: Sequence[OutboxRow]) -> None:
        """Queue rows whose commit failed or was not confirmed: `maintain` asks the database which of them
        were written."""
        if rows:
            self._uncertain.put(list(rows))

    def backlog(self) -> int:
        """How many rows could be sent now, given enough threads, and how many outcomes are not recorded yet."""
        return self._queues.ready_count() + self._recorder.count()

    def held_count(self) -> int:
        """How many rows and outcomes are in this process's memory."""
        return self._queues.count() + self._recorder.count()

    def maintain(self) -> None:
        """Resume chats whose wait is over, and check commits that were not confirmed."""
        self._queues.wake()
        for _ in range(self._uncertain.qsize()):
            rows = self._uncertain.get()
            try:
                written = leases.written(rows)
            except Exception:
                self._uncertain.put(rows)
                raise
            self._queues.drop(row for row in rows if row not in written)
            self.send(written)

    def rejoin(self) -> None:
        """Drop all rows and register under a new name: another process declared this one dead and took its
        rows over."""
        self._queues.clear()
        self.fetcher.clear()
        self.presence.enter()

    def stop(self) -> None:
        """Let the threads finish the call they are making, and release what was not tried for the next
        process."""
        self._stopping.set()
        self._queues.end(len(self._threads))
        for thread in self._threads:
            thread.join(timeout=15)
        self._recorder.stop()
        self.fetcher.stop()
        if not any(thread.is_alive() for thread in self._threads):
            left = self._queues.rows()
            if left:
                with write_transaction():
                    leases.put_back(left)

    def _run(self) -> None:
        while (taken := self._queues.next()) is not None and not self._stopping.is_set():
            key, row = taken
            row.attempt_count += 1
            wait: timedelta | None = delivery.back_off(row.attempt_count)
            try:
                self._wait_until_sure()
                if row.leased_by != self.presence.key:
                    wait = None  # another process sends it now
                elif not self._stopping.is_set():
                    wait = self._deliver(row)
            except Exception:  # the thread must go on: its chats would never be sent
                log.exception("sending failed", outbox=row.id)
                database.forget_connection()
            self._queues.tried(key, wait)
        database.close()

    def _wait_until_sure(self) -> None:
        """Wait while another process may already be sending the same rows."""
        while not self.presence.is_sure() and not self._stopping.is_set():
            self._stopping.wait(0.1)

    def _deliver(self, row: OutboxRow) -> timedelta | None:
        """Try once and have it recorded; returns the wait before the next try, None when there is none."""
        if row.kind in ASKED:
            verdict, answer = self._ask_line(row)
        elif row.kind == outbox.MENU:
            verdict, answer = self._show_menu(row)
        else:
            verdict, answer = self._send_messages(row)
        row.doubt = verdict.doubt
        # A row that is tried again changes while the outcome of this try still waits to be written.
        self._recorder.note(replace(row) if verdict.wait else row, verdict, answer)
        return verdict.wait

    def _send_messages(self, row: OutboxRow) -> tuple[DeliveryVerdict, Answer]:
        call = delivery.next_call(row.doubt, row.reply_until if row.reply_token else None, localtime.now())
        if call == delivery.REPLY:
            return self._reply(row)
        if call is None:
            return DeliveryVerdict(PARKED, doubt=row.doubt), Answer(None, KEY_FORGOTTEN)
        if row.by_day_only and not self._may_write_now():
            return DeliveryVerdict(HELD, doubt=row.doubt), Answer(None, WAITS_FOR_THE_MORNING)
        return self._push(row)

    def _reply(self, row: OutboxRow) -> tuple[DeliveryVerdict, Answer]:
        messages = json.loads(row.messages)
        answer = answer_of(lambda: self._line_of(row).reply(row.reply_token, messages))
        token_lives = row.reply_until is not None and localtime.now() < row.reply_until
        verdict = delivery.after_reply(
            answer, row.doubt, token_lives=token_lives, attempt_count=row.attempt_count
        )
        if not verdict.push_now:
            return verdict, answer
        row.doubt, row.has_unwritten_refusal = verdict.doubt, True
        return self._send_messages(row)

    def _push(self, row: OutboxRow) -> tuple[DeliveryVerdict, Answer]:
        if row.has_unwritten_refusal:
            with write_transaction():
                leases.remember_refused_token(row)
            row.has_unwritten_refusal = False
        if row.channel == SUPPORT and not (self._support and support_friends.is_friend(row.conversation_id)):
            return self._push_from_main(row)
        conversation = Conversation.get_by_id(row.conversation_id)
        is_blocked = row.channel == MAIN and conversation.blocked_at is not None
        if is_blocked or not conversation.line_user_id:
            return DeliveryVerdict(DROPPED), Answer(None, "blocked by the customer, or not on LINE")
        to, messages = conversation.line_user_id, json.loads(row.messages)
        line = self._line_of(row)
        answer = answer_of(lambda: line.push(to, messages, row.retry_key, row.aggregation_unit))
        if row.aggregation_unit is not None and answer.status in UNIT_REFUSED:
            # LINE may refuse units to this shop: a figure less is better than a message less.
            log.warning("LINE refused a push with an aggregation unit", outbox=row.id, status=answer.status)
            row.aggregation_unit = None
            return self._push(row)
        spent = answer.status == 429 and _is_month_spent(line, answer)
        if row.channel == SUPPORT and delivery.second_account_cannot(answer, row.doubt, month_is_spent=spent):
            return self._push_from_main(row, answer)
        verdict = delivery.after_push(
            *(answer, row.doubt),
            now=localtime.machine_now(),
            month_is_spent=spent,
            attempt_count=row.attempt_count,
        )
        return verdict, answer

    def _push_from_main(
        self, row: OutboxRow, refusal: Answer | None = None
    ) -> tuple[DeliveryVerdict, Answer]:
        """Push from the main account, once, what the second one cannot."""
        with write_transaction():
            leases.move_to_main(row)
            if refusal is not None:
                log.warning(
                    "the second account cannot send: the main one does", outbox=row.id, status=refusal.status
                )
                note_refusal_of_second_account(row, refusal)
        return self._send_messages(row)

    def _line_of(self, row: OutboxRow) -> Line:
        return self._support if row.channel == SUPPORT and self._support is not None else self._line

    def _ask_line(self, row: OutboxRow) -> tuple[DeliveryVerdict, Answer]:
        user_id = Conversation.get_by_id(row.conversation_id).line_user_id
        line = self._line_of(row)
        ask = line.profile if row.kind == outbox.PROFILE else line.link_token
        answer = ask(user_id)
        if answer.unsure and row.attempt_count < 3:
            return DeliveryVerdict(DUE, wait=timedelta(seconds=1)), answer
        return DeliveryVerdict(SENT), answer

    def _show_menu(self, row: OutboxRow) -> tuple[DeliveryVerdict, Answer]:
        user_id = Conversation.get_by_id(row.conversation_id).line_user_id
        answer = self._line.show_rich_menu(user_id or "", row.cause)
        return delivery.after_menu(answer, attempt_count=row.attempt_count), answer

    def refresh_month_quota(self) -> None:
        """Ask LINE what is left of each account's messages of this month and store it, for pages that show it."""
        for channel, line in ((MAIN, self._line), (SUPPORT, self._support)):
            month = line.month() if line is not None else None
            if month is not None:
                with write_transaction():
                    month_quota.keep(month, channel)

    def ask_for_statistics(self) -> bool:
        """Ask LINE for the sums of one aggregation unit that is due, and store them; False when LINE accepts no
        more such calls for now."""
        with write_transaction():
            asked = aggregation_units.take_next()
        if asked is None:
            return True
        answer = answer_of(lambda: self._line.unit_statistics(asked.unit, asked.first_on, asked.last_on))
        if answer.unsure or answer.status == 429:
            return False
        sums = unit_statistics.read(answer.text) if answer.status == 200 else None
        with write_transaction():
            aggregation_units.store(asked.unit, sums)
        return True

    def release_held_when_possible(self) -> None:
        """Release held messages once the month's limit has room again. Only in the hours in which customers
        may be written to, since a month begins at midnight."""
        if not self._may_write_now() or not outbox.unsent(HELD, limit=1):
            return
        if self._line.month_is_spent() is not False:
            return
        with write_transaction():
            count = outbox.release_held()
            notices.take_down(MONTH_IS_SPENT)
        log.info("held messages go out", count=count)


def _is_month_spent(line: Line, answer: Answer) -> bool:
    """The two kinds of 429 differ in their text only, which may change: LINE's figures settle it, if it gives
    any."""
    spent = line.month_is_spent()
    return "monthly limit" in answer.text if spent is None else spent
