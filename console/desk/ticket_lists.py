"""The lists of tickets: which tickets each shows, in which order, and what a row says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import abort, request, url_for

from bot import localtime
from bot.config import shop
from bot.queue.inbox import PENDING, InboxEvent
from bot.routing import event_kinds
from console.auth import staff_accounts
from console.shell.translation import gettext
from support.tickets import queues as queue_store
from support.tickets import tags as ticket_tags
from support.tickets import tickets
from support.tickets.settings import Promises
from support.tickets.severity import Placement, placement
from support.tickets.tickets import Ticket
from support.transcript import latest_messages

VIEWS = queue_store.QUEUES
PAGE_LENGTH = 40
_BY_TURN = (queue_store.ALL, queue_store.MINE, queue_store.UNASSIGNED, queue_store.LONGEST)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list."""

    ticket: Ticket
    name: str
    last_words: str
    cause: str
    assignee: str | None
    tags: list[str]
    waiting_since: datetime | None
    """None while it is the customer's turn."""
    closing: bool
    """Staff resolved it, and the worker has not handled that yet."""
    promise: str
    """The due time of the next reply: `overdue`, `near`, or empty."""
    part: str
    """The part of the list in which it is, in words; empty in lists of another order."""
    begins_part: bool
    """Whether it is the first of that part on the page."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the list, the cursor of the next, and how many tickets each queue holds."""

    rows: list[Row]
    next_cursor: str | None
    waiting_count: int
    counts: dict[str, str]

    @property
    def tags(self) -> list[str]:
        """The tags of the rows shown, by which the list can be filtered."""
        return sorted({tag for row in self.rows for tag in row.tags})


def view_of(wanted: str | None) -> str:
    """The queue that a link names; an unknown name is the default queue."""
    return wanted if wanted in VIEWS else VIEWS[0]


def place() -> dict[str, Any]:
    """Queue and tag of this request, for the links that lead on from it."""
    tag = ticket_tags.plain(request.values.get("tag", ""))
    return {"view": view_of(request.values.get("view")), **({"tag": tag} if tag else {})}


def found(ticket_id: int) -> Ticket:
    """The ticket with that id; 404 when there is none."""
    return tickets.find(ticket_id) or abort(404)


def address(ticket: Ticket, anchor: str | None = None) -> str:
    """The chat page's address, within the list that the person came from."""
    return url_for("console.ticket", ticket_id=ticket.id, **place(), _anchor=anchor)


def page(view: str, staff_id: int, cursor: str | None, tag: str = "") -> QueuePage:
    """The rows of that queue for this person, filtered by tag if one is given."""
    shown = queue_store.page(view, staff_id, tag=tag, cursor=cursor, limit=PAGE_LENGTH)
    counts = {name: _counted(count) for name, count in queue_store.counts(staff_id).items()}
    return QueuePage(_rows(shown.tickets, view), shown.next_cursor, tickets.count_waiting(), counts)


def view_in_words(view: str) -> str:
    """The queue's name."""
    return {
        queue_store.ALL: gettext("対応中"),
        queue_store.MINE: gettext("自分"),
        queue_store.UNASSIGNED: gettext("担当なし"),
        queue_store.LONGEST: gettext("お返事待ち"),
        queue_store.AT_RISK: gettext("期限間近"),
        queue_store.SNOOZED: gettext("あとで"),
        queue_store.MENTIONED: gettext("あなた宛て"),
        queue_store.RESOLVED: gettext("対応済み"),
    }[view]


def empty_in_words(view: str, tag: str) -> str:
    """Why the list is empty."""
    if tag:
        return gettext("タグ「%(tag)s」のチャットはここにはありません。", tag=tag)
    return {
        queue_store.ALL: gettext("対応中のチャットはありません。お疲れさまです。"),
        queue_store.MINE: gettext("あなたが担当しているチャットはありません。"),
        queue_store.UNASSIGNED: gettext("担当のいないチャットはありません。"),
        queue_store.LONGEST: gettext("お返事をお待ちのお客様はいません。お疲れさまです。"),
        queue_store.AT_RISK: gettext("期限の近いチャットはありません。"),
        queue_store.SNOOZED: gettext("あとで対応するチャットはありません。"),
        queue_store.MENTIONED: gettext("あなた宛てのメモはありません。"),
        queue_store.RESOLVED: gettext("対応済みのチャットはまだありません。"),
    }[view]


def cause_in_words(cause: str) -> str:
    """Why the ticket was opened."""
    return {
        tickets.DETRACTOR: gettext("低い評価"),
        tickets.ASKED: gettext("スタッフ希望"),
        tickets.FALLBACK: gettext("答えられなかった質問"),
        tickets.UPSET: gettext("お困り・お怒り"),
        tickets.FAQ_FAILED: gettext("FAQで解決せず"),
        tickets.DAMAGE: gettext("商品の不具合"),
        tickets.HARM: gettext("お体のこと"),
        tickets.DANGER: gettext("いのちの危険"),
        tickets.CONTACT: gettext("こちらの連絡への返信"),
        tickets.CHANGE: gettext("変更のご希望"),
        tickets.ERASURE: gettext("個人情報の削除のご希望"),
    }.get(cause, cause)


def placement_of(ticket: Ticket) -> Placement:
    """The part of a list by turn in which the ticket is now."""
    return placement(
        ticket.severity,
        localtime.now(),
        waits=ticket.state == tickets.WAITING,
        due_at=ticket.answer_due_at,
        follow_up=ticket.follow_up_due_at is not None,
    )


def placement_in_words(found: Placement) -> str:
    """Why a ticket is where it is in the list."""
    return {
        Placement.GRAVE: gettext("お体・いのちのこと"),
        Placement.OVERDUE: gettext("お約束の時刻を過ぎています"),
        Placement.ANGER: gettext("お怒り・お急ぎ・商品の不具合"),
        Placement.LOW_SCORE: gettext("低い評価"),
        Placement.FOLLOW_UP: gettext("お返事がなく、フォローする日です"),
        Placement.WAITING: gettext("お返事をお待ちです（お約束の早い順）"),
        Placement.ANSWERED: gettext("返信済み（お客様の番です）"),
    }[found]


def is_closing(ticket: Ticket) -> bool:
    """Whether staff resolved it and the worker has not handled that yet."""
    return ticket.state != tickets.RESOLVED and ticket.conversation_id in _closing([ticket])


def promise_of(ticket: Ticket) -> str:
    """State of the promised reply time: `overdue`, `near`, or empty."""
    if ticket.state != tickets.WAITING or ticket.answer_due_at is None:
        return ""
    left = ticket.answer_due_at - localtime.now()
    if left <= timedelta():
        return "overdue"
    return "near" if left <= timedelta(hours=shop.get(Promises).at_risk_hours) else ""


def _rows(found: list[Ticket], view: str) -> list[Row]:
    parts = [placement_in_words(placement_of(each)) if view in _BY_TURN else "" for each in found]
    names = staff_accounts.names()
    words = latest_messages.of([ticket.conversation_id for ticket in found])
    tags = ticket_tags.of_tickets([ticket.id for ticket in found])
    closing = _closing(found)
    return [
        Row(
            ticket=ticket,
            name=ticket.customer.display_name,
            last_words=words.get(ticket.conversation_id, ""),
            cause=cause_in_words(ticket.cause),
            assignee=names.get(ticket.assignee_id) if ticket.assignee_id else None,
            tags=tags.get(ticket.id, []),
            waiting_since=ticket.since_at if ticket.state == tickets.WAITING else None,
            closing=ticket.state != tickets.RESOLVED and ticket.conversation_id in closing,
            promise=promise_of(ticket),
            part=part,
            begins_part=bool(part) and part != before,
        )
        for ticket, part, before in zip(found, parts, ["", *parts], strict=False)
    ]


def _counted(count: int) -> str:
    return f"{queue_store.COUNTED - 1}+" if count >= queue_store.COUNTED else str(count)


def _closing(found: list[Ticket]) -> set[int]:
    query: Any = InboxEvent.select(InboxEvent.conversation).where(
        InboxEvent.state == PENDING,
        InboxEvent.source.in_(event_kinds.stored_as(event_kinds.TICKET_RESOLVE_REQUESTED)),
        InboxEvent.conversation.in_([ticket.conversation_id for ticket in found]),
    )
    return {conversation_id for (conversation_id,) in query.tuples()} if found else set()
