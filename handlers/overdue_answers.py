"""The clock's alert about overdue answers: a notice to staff until all are answered, and a message to each customer.

Which answers are overdue is in `support/tickets/overdue_answers.py`.
"""

import json
from datetime import timedelta

from bot import localtime, notices
from bot.db.database import write_transaction
from bot.line.messages import Message
from bot.notices import NoticeText, notice_text
from bot.queue import inbox
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import unasked
from handlers.event_customer import get_or_create_customer
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage
from support.bad_moments import messages
from support.tickets import overdue_answers, tickets

routes = Routes()

CHUNK = 200
NOTICE = "promises-broken"
A_DAY, DAYS = timedelta(days=1), timedelta(days=3)


def alert_of_overdue_answers() -> int:
    """Update the staff notice and put the messages now due to customers into the inbox; how many those were."""
    count, oldest = overdue_answers.count_and_oldest()
    _show_notice(_notice_text(count, localtime.now() - oldest) if oldest else None)
    return _notify_customers()


def _notice_text(count: int, late: timedelta) -> NoticeText:
    days, hours = late.days, late.seconds // 3600
    if days:
        since = notice_text("%(count)s日", count=days)
    else:
        since = notice_text("%(count)s時間", count=hours) if hours else notice_text("1時間未満")
    grade: NoticeText | str = ""
    if late >= A_DAY:
        grade = notice_text("【責任者の方へ】") if late >= DAYS else notice_text("【至急】")
    return notice_text(
        "%(grade)sお約束の時刻を過ぎてもお返事できていないお客様が%(count)s人います（いちばん長い方で%(since)s）。"
        "「期限間近」からお返事してください。お客様にも、遅れていることをお伝えしています。",
        grade=grade,
        count=count,
        since=since,
    )


def _show_notice(sentence: NoticeText | None) -> None:
    current = {notice.cause: notice.sentence for notice in notices.current()}.get(NOTICE, "")
    if current == str(sentence or ""):
        return
    with write_transaction():
        notices.take_down(NOTICE)
        if sentence:
            notices.notify(NOTICE, sentence)


def _notify_customers() -> int:
    count = after = 0
    while found := overdue_answers.to_notify(after, CHUNK):
        with write_transaction():
            count += sum(
                inbox.put(
                    event_kinds.TICKET_LATE,
                    f"ticket-late:{late.ticket_id}:{late.since_at.timestamp():.0f}:{late.number}",
                    late.conversation_key,
                    {"ticket_id": late.ticket_id, "number": late.number},
                    line_user_id=late.line_user_id,
                )
                for late in found
            )
        after = found[-1].ticket_id
    return count


@routes.on_internal_event(event_kinds.TICKET_LATE)
def answer_overdue(event: InternalEvent) -> Answer:
    """Plan an apology to the customer, also to one who opted out, since they asked."""
    data = {name: int(event.data[name]) for name in ("ticket_id", "number")}
    unasked.say(
        get_or_create_customer(event), None, kind=Kind.OVERDUE_ANSWER, cause=event.event_id, data=data
    )
    return []


def apology_now(row: PlannedMessage, _customer: Customer) -> list[Message] | None:
    """The apology, unless staff have answered meanwhile."""
    data = json.loads(row.data)
    ticket = tickets.find(data["ticket_id"])
    if ticket is None or not overdue_answers.is_late(ticket, data["number"]):
        return None
    said = messages.late(ticket)
    overdue_answers.record_notified(ticket.id)
    return [said]
