"""Decides in what order owed messages leave, and sends them: several chats at once, one chat in its order.

Rows come leased (`outbox.collect`, `outbox.take_over`). What became of a try is recorded soon after it, by one
thread, many outcomes to a commit: a crash in between leaves the row in doubt, and it is tried again.
"""

import json
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from bot import database, delivery, events, inbox, localtime, log, month_quota, notices, outbox, rich_menus
from bot.conversations import Conversation
from bot.database import write_transaction
from bot.delivery import DROPPED, DUE, HELD, PARKED, SENT, Answer, Verdict
from bot.fetcher import Fetcher, Source
from bot.line_messages import Message
from bot.month_quota import Month
from bot.outbox import Owed
from bot.storable import read_object

MONTH_IS_SPENT, TOKEN_REFUSED = "month-is-spent", "token-refused"
LONGEST_PAUSE = timedelta(seconds=8)
"""For a try that is repeated within this time, what comes after it in its chat waits; longer waits are overtaken."""
LARGEST_RECORD = 64
PATIENCE = timedelta(seconds=10)
"""How much later than that the row may come back before its chat goes on without it."""
ASKED = {
    outbox.PROFILE: ("profile.learned", "profile", "profile"),
    outbox.LINK_TOKEN: ("link-token.issued", "link-token", "issued"),
}
"""What LINE is asked: the event that brings its answer, the beginning of that event's id, where the answer stands."""
Outcome = tuple[Owed, Verdict, Answer]


class Line(Source, Protocol):
    """What the sender needs of LINE; `bot/line_client.py` is the real one."""

    def reply(self, reply_token: str | None, messages: list[Message]) -> Answer: ...
    def push(self, to: str, messages: list[Message], retry_key: str) -> Answer: ...
    def profile(self, line_user_id: str | None) -> Answer: ...
    def link_token(self, line_user_id: str | None) -> Answer: ...
    def show_rich_menu(self, line_user_id: str, menu_id: str) -> Answer: ...
    def month_is_spent(self) -> bool | None: ...
    def month(self) -> Month | None: ...


class Sender:
    """A pool of threads that calls LINE. `may_write_now` says whether people may be written to unasked at this hour."""

    def __init__(
        self, line: Line, thread_count: int = 8, may_write_now: Callable[[], bool] = lambda: True
    ) -> None:
        self._line = line
        self._may_write_now = may_write_now
        self.fetcher = Fetcher(line)
        self._mutex = threading.Lock()
        self._queues: dict[int, deque[Owed]] = {}
        self._waits_for: dict[int, tuple[int, float]] = {}
        """Chats that stand still: for which row, and until when at the latest."""
        self._ready: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._stopping = False
        self._outcomes: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self._unrecorded_count = 0
        self._recorder = threading.Thread(target=self._record_outcomes, name="sender-recorder", daemon=True)
        self._recorder.start()
        self._threads = [
            threading.Thread(target=self._run, name=f"sender-{number}", daemon=True)
            for number in range(thread_count)
        ]
        for thread in self._threads:
            thread.start()

    def send(self, rows: Sequence[Owed]) -> None:
        """Queue committed rows; each goes after those of its conversation that came before it."""
        self.fetcher.fetch([row for row in rows if row.kind == outbox.CONTENT])
        with self._mutex:
            for row in rows:
                if row.kind == outbox.CONTENT:
                    continue
                chat = row.conversation_id
                waiting = self._queues.get(chat)
                if waiting is None:
                    self._queues[chat] = deque([row])
                    self._ready.put(chat)
                elif chat in self._waits_for and self._waits_for[chat][0] == row.id:
                    waiting.appendleft(row)
                    self._go_on(chat)
                elif all(row.id != each.id for each in waiting):
                    waiting.append(row)

    def backlog(self) -> int:
        """Rows this process could send now, if it had the hands, and those whose outcome is not recorded yet."""
        with self._mutex:
            ready = sum(len(rows) for chat, rows in self._queues.items() if chat not in self._waits_for)
            return ready + self._unrecorded_count

    def keep_house(self) -> None:
        """Keep the leases of what waits here, and let chats go on whose awaited row did not come back."""
        with self._mutex:
            for chat in [chat for chat, (_, until) in self._waits_for.items() if until < time.monotonic()]:
                self._go_on(chat)
            held = [row.id for waiting in self._queues.values() for row in waiting]
        held += self.fetcher.held()
        if held:
            with write_transaction():
                outbox.renew(held)

    def stop(self) -> None:
        """Let the threads end what they do, and leave what was not tried to the next process."""
        self._stopping = True
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join(timeout=15)
        self._outcomes.put(None)
        self._recorder.join(timeout=15)
        self.fetcher.stop()
        with self._mutex:
            left = [row.id for waiting in self._queues.values() for row in waiting]
        if left and not any(thread.is_alive() for thread in self._threads):
            with write_transaction():
                outbox.put_back(left)

    def _run(self) -> None:
        while (chat := self._ready.get()) is not None and not self._stopping:
            row, wait = self._queues[chat][0], None
            try:
                wait = self._deliver(row)
            except Exception:  # a thread that ends would take its chats along; the lease brings the row back
                log.exception("sending failed", outbox=row.id)
                database.forget_connection()
            with self._mutex:
                self._queues[chat].popleft()
                if wait is not None and wait <= LONGEST_PAUSE:
                    self._waits_for[chat] = (row.id, time.monotonic() + (wait + PATIENCE).total_seconds())
                else:
                    self._go_on(chat)
        database.close()

    def _go_on(self, chat: int) -> None:
        self._waits_for.pop(chat, None)
        if self._queues[chat]:
            self._ready.put(chat)
        else:
            del self._queues[chat]

    def _deliver(self, row: Owed) -> timedelta | None:
        """Try once and record it; the wait before the next try, if there is to be one."""
        row.attempt_count += 1
        if row.kind in ASKED:
            outcome = self._look_up(row)
        elif row.kind == outbox.MENU:
            outcome = self._show_menu(row)
        elif row.kind == outbox.REPLY and _token_lives(row):
            outcome = self._reply(row)
        else:
            outcome = self._push(row)
        with self._mutex:
            self._unrecorded_count += 1
        self._outcomes.put(outcome)
        return outcome[1].wait

    def _record_outcomes(self) -> None:
        """Everything that came in while the last commit was being written goes into the next one."""
        going_on = True
        while going_on:
            batch = [self._outcomes.get()]
            while len(batch) < LARGEST_RECORD and not self._outcomes.empty():
                batch.append(self._outcomes.get())
            going_on = None not in batch
            outcomes = [each for each in batch if each is not None]
            try:
                _record(outcomes)
            except Exception:  # the leases bring these rows back
                log.exception("recording failed", count=len(outcomes))
                database.forget_connection()
            with self._mutex:
                self._unrecorded_count -= len(outcomes)
        database.close()

    def _reply(self, row: Owed) -> Outcome:
        answer = self._line.reply(row.reply_token, json.loads(row.messages))
        verdict = delivery.after_reply(
            answer, in_doubt=row.in_doubt, token_lives=_token_lives(row), attempt_count=row.attempt_count
        )
        return self._push(row) if verdict.push_now else (row, verdict, answer)

    def _push(self, row: Owed) -> Outcome:
        conversation = Conversation.get_by_id(row.conversation_id)
        if conversation.blocked_at or not conversation.line_user_id:
            return row, Verdict(DROPPED), Answer(None, "blocked by the customer, or not on LINE")
        answer = self._line.push(conversation.line_user_id, json.loads(row.messages), row.retry_key)
        spent = answer.status == 429 and self._is_month_spent(answer)
        age = localtime.now() - row.unsure_since if row.unsure_since else timedelta()
        return (
            row,
            delivery.after_push(answer, age=age, month_is_spent=spent, attempt_count=row.attempt_count),
            answer,
        )

    def _is_month_spent(self, answer: Answer) -> bool:
        """The two kinds of 429 differ in their text only, which may change: the figures decide, if there are any."""
        spent = self._line.month_is_spent()
        return "monthly limit" in answer.text if spent is None else spent

    def _look_up(self, row: Owed) -> Outcome:
        user_id = Conversation.get_by_id(row.conversation_id).line_user_id
        ask = self._line.profile if row.kind == outbox.PROFILE else self._line.link_token
        answer = ask(user_id)
        if answer.unsure and row.attempt_count < 3:
            return row, Verdict(DUE, wait=timedelta(seconds=1)), answer
        return row, Verdict(SENT), answer

    def _show_menu(self, row: Owed) -> Outcome:
        user_id = Conversation.get_by_id(row.conversation_id).line_user_id
        answer = self._line.show_rich_menu(user_id or "", row.cause)
        return row, delivery.after_menu(answer, attempt_count=row.attempt_count), answer

    def look_at_month(self) -> None:
        """Ask LINE what is left of this month's messages, for pages that tell it."""
        month = self._line.month()
        if month is not None:
            with write_transaction():
                month_quota.keep(month)

    def release_held_when_possible(self) -> None:
        """Ask LINE whether the month's limit has room again; then what was held goes out. A month begins at midnight:
        nobody is woken by what could wait for weeks."""
        if not self._may_write_now() or not outbox.unsent(HELD, limit=1):
            return
        if self._line.month_is_spent() is not False:
            return
        with write_transaction():
            count = outbox.release_held()
            notices.take_down(MONTH_IS_SPENT)
        log.info("held messages go out", count=count)


def _token_lives(row: Owed) -> bool:
    return bool(row.reply_token and row.reply_until and localtime.now() < row.reply_until)


def _record(outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    with write_transaction():
        for row, verdict, answer in outcomes:
            outbox.record(row, verdict, answer)
            if row.kind in ASKED and verdict.state == SENT:
                _put_answer(row, answer)
            elif row.kind == outbox.MENU and verdict.state == DROPPED:
                rich_menus.forget(row.conversation_id)
            elif verdict.state == HELD:
                notices.tell(
                    MONTH_IS_SPENT,
                    "今月のLINE無料メッセージ数を使い切りました。お客さまへの返信は届きますが、こちらから送る"
                    "メッセージは、来月になるかプランを上げるまで保留しています。",
                )
            elif verdict.state == PARKED:
                log.error("LINE refused a message", outbox=row.id, status=answer.status)
                if answer.status == 401:
                    notices.tell(
                        TOKEN_REFUSED,
                        "LINEがチャネルアクセストークンを認めませんでした。LINE_CHANNEL_ACCESS_TOKEN を直してから、"
                        "`manage.py outbox parked` に並ぶ送信を送り直してください。",
                    )
                    continue
                notices.tell(
                    f"outbox-parked:{row.id}",
                    f"LINEが送信を断りました（送信 #{row.id}、状態 {answer.status}）。内容を確かめ、直してから "
                    f"`manage.py outbox replay {row.id}` で送り直せます。",
                )


def _put_answer(row: Owed, answer: Answer) -> None:
    """LINE's answer comes back through the inbox, so that what follows happens once and in the chat's order."""
    said = read_object(answer.text) if answer.status == 200 else {}
    event, prefix, name = ASKED[row.kind]
    conversation = Conversation.get_by_id(row.conversation_id)
    received_at = row.reply_until - events.REPLY_TOKEN_LIVES if row.reply_until else None
    inbox.put(
        event,
        f"{prefix}:{row.cause}",
        conversation.key,
        {name: said, "cause": row.cause, "replyToken": row.reply_token},
        line_user_id=conversation.line_user_id,
        received_at=received_at,
    )
