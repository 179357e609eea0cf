"""The clock's jobs for tickets: wake snoozed ones, alert staff of long waits, ask how complaints were handled."""

from datetime import timedelta

from bot import localtime, notices
from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.notices import NoticeText, notice_text
from bot.queue import inbox
from bot.routing import event_kinds
from handlers import follow_ups
from support.alerts import alerts
from support.alerts.rules import PROMISE_NEAR, STALE_AFTER
from support.hours import business_hours, settings
from support.satisfaction import ratings
from support.satisfaction.settings import SatisfactionRules
from support.tickets import waiting_tickets
from support.tickets.settings import Promises

CHUNK = 200
NOTICE, OVERDUE = "tickets-silent", "cases-overdue"


def wake_snoozed() -> int:
    """Return tickets whose snooze is over to their queues, and have the follow-ups sent that go by themselves; how
    many."""
    count = 0
    while waiting_tickets.anything_to_wake():
        with write_transaction():
            woken = waiting_tickets.wake_due(CHUNK)
        count += woken
        if not woken:
            break
    follow_ups.put_due()
    return count


def check_waiting_tickets() -> int:
    """Alert staff of customers who have waited longer than allowed, in working time, once for each wait; how many."""
    given = shop.get(Promises)
    alarm_count = 0
    if given.silence_minutes:
        allowed = timedelta(minutes=given.silence_minutes)
        since = business_hours.latest_start(settings.hours(), localtime.local(localtime.now()), allowed)
        while found := waiting_tickets.too_long(since, CHUNK):
            with write_transaction():
                alarm_count += waiting_tickets.raise_alarm(found, unassign=given.silence_rule == "reassign")
    waiting = waiting_tickets.alarmed_count()
    _show_notice(NOTICE, waiting, _waiting_notice(waiting, given))
    overdue = waiting_tickets.overdue_count()
    _show_notice(
        OVERDUE,
        overdue,
        notice_text(
            "低い点数のお客さま%(count)s人に、お約束の時刻を過ぎてもお返事ができていません。"
            "「期限間近」からお返事するか、済んでいれば「対応済み」にしてください。",
            count=overdue,
        ),
    )
    return alarm_count


def alert_of_near_promises() -> int:
    """Alert staff of answers that were promised for the next minutes, once for each promise; how many."""
    now = localtime.now()
    found = waiting_tickets.promised_between(now - STALE_AFTER, now + PROMISE_NEAR, CHUNK)
    if not found:
        return 0
    with write_transaction():
        return sum(
            alerts.promise_near(each.id, each.answer_due_at or now, each.assignee_id, each.urgency)
            for each in found
        )


def forget_old_alerts() -> int:
    """Delete alerts that nobody needs any more; how many."""
    with write_transaction():
        return alerts.forget_old()


def ask_after_rest() -> int:
    """Put the satisfaction question for complaints whose quiet period is over; how many."""
    if not shop.get(SatisfactionRules).asks:
        return 0
    count = 0
    while found := ratings.complaints_to_ask(CHUNK):
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
                ratings.ask(ticket)
    return count


def _waiting_notice(count: int, given: Promises) -> NoticeText:
    return notice_text(
        "お返事を%(minutes)s分（営業時間）よりお待たせしているチャットが%(count)s件あります。"
        "「お返事待ち」からお返事してください。",
        minutes=given.silence_minutes,
        count=count,
    )


def _show_notice(cause: str, count: int, sentence: NoticeText) -> None:
    """Show the notice while it applies, with the current count; otherwise take it down."""
    current = {notice.cause: notice.sentence for notice in notices.current()}.get(cause)
    if current == (str(sentence) if count else None):
        return
    with write_transaction():
        notices.take_down(cause)
        if count:
            notices.notify(cause, sentence)
