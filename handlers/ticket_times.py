"""The clock's look at the tickets: who waits too long, and what was put aside until now."""

from datetime import timedelta

from bot import event_kinds, inbox, localtime, notices, shop
from bot.conversations import Conversation
from bot.database import write_transaction
from support import business_hours, hours_settings, satisfaction, silence
from support.satisfaction_settings import SatisfactionRules
from support.ticket_settings import Promises
from surveys.survey_settings import may_write_now

CHUNK = 200
NOTICE, OVERDUE = "tickets-silent", "cases-overdue"


def wake_snoozed() -> int:
    """What was put aside until now stands in its queue again."""
    count = 0
    while silence.anything_to_wake():
        with write_transaction():
            woken = silence.wake_due(CHUNK)
        count += woken
        if not woken:
            break
    return count


def look_for_silence() -> int:
    """Customers who have waited longer than the shop allows, in working time: staff are told, once a wait."""
    given = shop.get(Promises)
    told = 0
    if given.silence_minutes:
        allowed = timedelta(minutes=given.silence_minutes)
        since = business_hours.latest_start(hours_settings.hours(), localtime.local(localtime.now()), allowed)
        while found := silence.too_long(since, CHUNK):
            with write_transaction():
                told += silence.raise_alarm(found, unassign=given.silence_rule == "reassign")
    waiting = silence.alarmed_count()
    _show(NOTICE, waiting, _waits(waiting, given))
    overdue = silence.overdue_count()
    _show(
        OVERDUE,
        overdue,
        f"低い点数のお客さま{overdue}人に、お約束の時刻を過ぎてもお返事ができていません。"
        "「期限間近」からお返事するか、済んでいれば「対応済み」にしてください。",
    )
    return told


def ask_after_rest() -> int:
    """Complaints whose days of rest are over: how they were handled is asked then, in the hours the shop allows."""
    if not may_write_now() or not shop.get(SatisfactionRules).asks:
        return 0
    count = 0
    while found := satisfaction.after_rest(CHUNK):
        with write_transaction():
            for ticket in found:
                chat = Conversation.get_by_id(ticket.conversation_id)
                count += inbox.put(
                    event_kinds.SATISFACTION_DUE,
                    f"satisfaction-due:{ticket.id}",
                    chat.key,
                    {"ticket_id": ticket.id},
                    line_user_id=chat.line_user_id,
                )
                satisfaction.ask(ticket)
    return count


def _waits(count: int, given: Promises) -> str:
    return (
        f"お返事を{given.silence_minutes}分（営業時間）よりお待たせしているチャットが{count}件あります。"
        "「お返事待ち」からお返事してください。"
    )


def _show(cause: str, count: int, sentence: str) -> None:
    """The notice stands while it is true of anybody, with their number of now."""
    standing = {notice.cause: notice.sentence for notice in notices.standing()}.get(cause)
    if standing == (sentence if count else None):
        return
    with write_transaction():
        notices.take_down(cause)
        if count:
            notices.tell(cause, sentence)
