"""Records the outcome of each try to send, and what follows from it.

One thread does so soon after the try, many outcomes to a commit. While the database is away it holds them in
memory; after a crash before they are written, it is unknown whether LINE has those messages
(`bot/line/delivery.py`).
"""

import queue
import threading
from collections.abc import Sequence

from bot import log, notices, outages
from bot.conversations import Conversation
from bot.db import database
from bot.db.database import write_transaction
from bot.line.channels import MAIN, SUPPORT
from bot.line.delivery import DROPPED, HELD, PARKED, SENT, Answer, DeliveryVerdict, is_no_friend
from bot.notices import NoticeText, notice_text
from bot.queue import inbox, leases, outbox, rich_menus, support_friends
from bot.queue.outbox import OutboxRow
from bot.routing import event_kinds, events
from bot.text.cleaning import read_object

MONTH_IS_SPENT, TOKEN_REFUSED = "month-is-spent", "token-refused"
SUPPORT_MONTH_IS_SPENT, SUPPORT_TOKEN_REFUSED = "support-month-is-spent", "support-token-refused"
MOST_AT_ONCE = 64
AGAIN_AFTER_SECONDS = 0.5
ASKED = {
    outbox.PROFILE: (event_kinds.PROFILE_ANSWER_RECEIVED, "profile", "profile"),
    outbox.LINK_TOKEN: (event_kinds.LINK_TOKEN_ANSWER_RECEIVED, "link-token", "issued"),
}
"""Requests for information: the event that brings LINE's answer, the prefix of its id, the field with the
answer."""
SendOutcome = tuple[OutboxRow, DeliveryVerdict, Answer]


class Recorder:
    """The thread that records, and its queue."""

    def __init__(self) -> None:
        self._outcomes: queue.SimpleQueue[SendOutcome | None] = queue.SimpleQueue()
        self._mutex = threading.Lock()
        self._count = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender-recorder", daemon=True)
        self._thread.start()

    def note(self, row: OutboxRow, verdict: DeliveryVerdict, answer: Answer) -> None:
        """Queue an outcome to be written."""
        with self._mutex:
            self._count += 1
        self._outcomes.put((row, verdict, answer))

    def count(self) -> int:
        """How many outcomes are not written yet."""
        with self._mutex:
            return self._count

    def stop(self) -> None:
        """Write what is queued, if the database accepts it, and end."""
        self._stopping.set()
        self._outcomes.put(None)
        self._thread.join(timeout=15)

    def _run(self) -> None:
        """Write outcomes in batches: all that came in during one commit go into the next."""
        going_on = True
        while going_on:
            batch = [self._outcomes.get()]
            while len(batch) < MOST_AT_ONCE and not self._outcomes.empty():
                batch.append(self._outcomes.get())
            going_on = None not in batch
            outcomes = [each for each in batch if each is not None]
            try:
                _record(outcomes)
            except Exception:  # the database is away, or something is strange in one outcome
                log.exception("recording failed", count=len(outcomes))
                database.forget_connection()
                for outcome in outcomes:
                    self._write_alone(outcome)
            with self._mutex:
                self._count -= len(outcomes)
        database.close()

    def _write_alone(self, outcome: SendOutcome) -> None:
        """Write one outcome by itself, so that one that cannot be written does not affect the others; its row
        is left to the next process."""
        while True:
            try:
                _record([outcome])
            except Exception as error:
                database.forget_connection()
                if outages.classify(error) is None:
                    log.exception("an outcome cannot be written", outbox=outcome[0].id)
                    return
                if self._stopping.wait(AGAIN_AFTER_SECONDS):
                    return
            else:
                return


def _record(outcomes: Sequence[SendOutcome]) -> None:
    if not outcomes:
        return
    with write_transaction():
        for row, verdict, answer in outcomes:
            leases.record(row, verdict, answer)
            if row.kind in ASKED and verdict.state == SENT:
                _put_answer(row, answer)
            elif row.kind == outbox.MENU and verdict.state == DROPPED:
                rich_menus.forget(row.conversation_id)
            elif verdict.state == HELD and answer.status == 429:
                notices.notify(
                    MONTH_IS_SPENT,
                    notice_text(
                        "今月のLINE無料メッセージ数を使い切りました。お客さまへの返信は届きますが、こちらから送る"
                        "メッセージは、来月になるかプランを上げるまで保留しています。"
                    ),
                )
            elif verdict.state == PARKED:
                log.error("LINE refused a message", outbox=row.id, status=answer.status)
                if answer.status == 401:
                    notify_refused_token(row.channel)
                    continue
                notices.notify(f"outbox-parked:{row.id}", _parked_notice(row, verdict, answer))


def note_refusal_of_second_account(row: OutboxRow, refusal: Answer) -> None:
    """Record why LINE refused a push of the second account: no friend of it any more, or a fault of the shop's."""
    if is_no_friend(refusal):
        support_friends.forget(row.conversation_id)
    elif refusal.status in (401, 403):
        notices.notify(
            SUPPORT_TOKEN_REFUSED,
            notice_text(
                "個別連絡用のLINEアカウントのチャネルアクセストークンを、LINEが認めませんでした。"
                "LINE_SUPPORT_CHANNEL_ACCESS_TOKEN を直してください。それまでは、お店のアカウントから送ります。"
            ),
        )
    else:
        notices.notify(
            SUPPORT_MONTH_IS_SPENT,
            notice_text(
                "個別連絡用のLINEアカウントの、今月のメッセージ数を使い切りました。それまでは、お店のアカウントから送ります。"
            ),
        )


def notify_refused_token(channel: str = MAIN) -> None:
    """Add the notice that LINE refuses an account's access token, which parks what it sends until it is corrected."""
    is_second = channel == SUPPORT
    name = "LINE_SUPPORT_CHANNEL_ACCESS_TOKEN" if is_second else "LINE_CHANNEL_ACCESS_TOKEN"
    notices.notify(
        SUPPORT_TOKEN_REFUSED if is_second else TOKEN_REFUSED,
        notice_text(
            "LINEがチャネルアクセストークンを認めませんでした。%(name)s を直してから、"
            "`manage.py outbox parked` に並ぶ送信を送り直してください。",
            name=name,
        ),
    )


def _parked_notice(row: OutboxRow, verdict: DeliveryVerdict, answer: Answer) -> NoticeText:
    if verdict.doubt.is_any:
        return notice_text(
            "お客さまに届いたか分からない送信があります（送信 #%(number)s）。届いていなければ "
            "`manage.py outbox replay %(number)s` で送り直せます。届いていると、二重になります。",
            number=row.id,
        )
    return notice_text(
        "LINEが送信を断りました（送信 #%(number)s、状態 %(status)s）。内容を確かめ、直してから "
        "`manage.py outbox replay %(number)s` で送り直せます。",
        number=row.id,
        status=str(answer.status),
    )


def _put_answer(row: OutboxRow, answer: Answer) -> None:
    """Put LINE's answer into the inbox, so that what follows happens once and in the chat's order."""
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
