"""Checks whether a reply of staff can be sent, and stores it as an event once; the worker sends it.

The form's key becomes the event's id: a double click or a retry of the browser is the same event.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from bot.conversations import Conversation
from bot.db import database
from bot.line.messages import LONGEST_TEXT, MOST_MESSAGES, units
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.routing import event_kinds
from bot.text.cleaning import read_json
from console.auth.staff_accounts import Staff
from console.shell.translation import gettext
from support.replies import attachments, gifts
from support.replies.gifts import Wish
from support.tickets.tickets import RESOLVED, Ticket

LONGEST = LONGEST_TEXT
LONGEST_PROMISE = timedelta(hours=1)
"""Age after which a reply that could not be delivered is not sent unasked: the conversation may have moved on."""


NO_GIFT = Wish()


class ReplyOutcome(Enum):
    """The outcome of submitting a reply."""

    TAKEN = "taken"
    EMPTY = "empty"
    TOO_LONG = "too long"
    BLOCKED = "blocked"
    IS_RESOLVED = "resolved"
    SENT_BEFORE = "another text was sent from this form"
    ANSWERED = "a colleague answered meanwhile"
    TOO_MANY = "more messages than LINE takes in one call"
    FILE_GONE = "a file was removed or sent with another reply"
    GIVEN_MEANWHILE = "another reply gave a gift meanwhile"
    TOO_OLD = "it was promised too long ago"


@dataclass(frozen=True, slots=True)
class Written:
    """What a person of staff sends: the text as typed, the ids of attached files, and a gift with its number."""

    text: str
    attachments: tuple[int, ...] = ()
    gift: Wish = NO_GIFT
    gift_number: int = 0

    @property
    def count(self) -> int:
        """How many messages of LINE it is."""
        return bool(self.text.strip()) + len(self.attachments) + self.gift.count

    @property
    def body(self) -> dict[str, Any]:
        """As stored in the event."""
        gift = {"reward_id": self.gift.reward_id, "points": self.gift.points} if self.gift.count else None
        extras = {"attachments": list(self.attachments), "gift": gift}
        return {"text": self.text} | {name: value for name, value in extras.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply by a colleague: its inbox id, and who wrote it."""

    number: int
    staff_id: int


def put(
    ticket: Ticket,
    person: Staff,
    written: Written,
    key: str,
    seen: int | None = None,
    age: timedelta = timedelta(),
) -> ReplyOutcome:
    """Store the reply as `staff.replied`. The text is sent as typed, except for line ends.

    `seen` is the newest reply of a colleague that the person had seen; None to send regardless. `age` is how
    long ago the person pressed send: the browser may have been offline.
    """
    written = replace(written, text=written.text.replace("\r\n", "\n").strip("\n"))
    conversation = Conversation.get_by_id(ticket.conversation_id)
    event_id = f"staff-reply:{_checked(key)}"
    refusal = _cannot_be_sent(written, ticket, conversation)
    if refusal is None and not inbox.was_stored(event_id):
        refusal = _chat_moved_on(ticket, person, seen, age)
    if refusal is not None:
        return refusal
    try:
        with database.savepoint():
            return _stored(ticket, person, written, event_id, conversation)
    except attachments.NoLongerThere:
        return ReplyOutcome.FILE_GONE
    except gifts.GivenMeanwhile:
        return ReplyOutcome.GIVEN_MEANWHILE


def was_taken(key: str) -> bool:
    """Whether a reply with that form's key was stored before: this is a repetition."""
    return inbox.was_stored(f"staff-reply:{_checked(key)}")


def _stored(
    ticket: Ticket, person: Staff, written: Written, event_id: str, conversation: Conversation
) -> ReplyOutcome:
    """Store the event with what it carries, once for its id."""
    data = {"ticket_id": ticket.id, "staff_id": person.id} | written.body
    if inbox.put("staff.replied", event_id, conversation.key, data, line_user_id=conversation.line_user_id):
        if written.attachments:
            attachments.take(ticket.conversation_id, written.attachments, event_id)
        if written.gift.count:
            gifts.request(ticket.conversation_id, written.gift_number, written.gift, person.id, event_id)
        return ReplyOutcome.TAKEN
    there = read_json(InboxEvent.get(InboxEvent.event_id == event_id).body)
    same = all(there.get(name) == data.get(name) for name in ("text", "attachments", "gift"))
    return ReplyOutcome.TAKEN if same else ReplyOutcome.SENT_BEFORE


def _cannot_be_sent(written: Written, ticket: Ticket, conversation: Conversation) -> ReplyOutcome | None:
    """Why LINE would not accept it, or nobody would read it; None when it can be sent."""
    if not written.count:
        return ReplyOutcome.EMPTY
    if units(written.text) > LONGEST:
        return ReplyOutcome.TOO_LONG
    if written.count > MOST_MESSAGES:
        return ReplyOutcome.TOO_MANY
    if ticket.state == RESOLVED:
        return ReplyOutcome.IS_RESOLVED
    return ReplyOutcome.BLOCKED if conversation.blocked_at is not None else None


def _chat_moved_on(ticket: Ticket, person: Staff, seen: int | None, age: timedelta) -> ReplyOutcome | None:
    """Why the person should read the chat again before this is sent; None when there is no reason."""
    if age > LONGEST_PROMISE:
        return ReplyOutcome.TOO_OLD
    if seen is None:
        return None
    # Of two answers that arrive at once, one is stored first and the other one sees it.
    if database.is_postgres():
        database.execute("SELECT id FROM ticket WHERE id = ? FOR UPDATE", ticket.id)
    newest = newest_of_others(ticket, person.id)
    return ReplyOutcome.ANSWERED if newest is not None and newest.number > seen else None


def newest_of_others(ticket: Ticket, staff_id: int) -> Answer | None:
    """The newest reply in this ticket by anybody else of staff."""
    rows = (
        InboxEvent.select(InboxEvent.id, InboxEvent.body)
        .where(InboxEvent.conversation == ticket.conversation_id, InboxEvent.received_at >= ticket.opened_at)
        .where(InboxEvent.source == event_kinds.STAFF_REPLIED)
        .order_by(InboxEvent.received_at.desc(), InboxEvent.id.desc())
    )
    for row in rows:
        who = int(read_json(row.body)["staff_id"])
        if who != staff_id:
            return Answer(row.id, who)
    return None


def put_resolved(ticket: Ticket, person: Staff, key: str) -> bool:
    """Store `ticket.resolve_requested`; False when this form was sent before."""
    conversation = Conversation.get_by_id(ticket.conversation_id)
    data = {"ticket_id": ticket.id, "staff_id": person.id}
    event_id = f"ticket-resolved:{_checked(key)}"
    return inbox.put(
        event_kinds.TICKET_RESOLVE_REQUESTED,
        event_id,
        conversation.key,
        data,
        line_user_id=conversation.line_user_id,
    )


def in_words(outcome: ReplyOutcome) -> str:
    """Why a reply was not accepted, and what to do, in the reader's language."""
    return {
        ReplyOutcome.TAKEN: "",
        ReplyOutcome.EMPTY: gettext("返信が空です。文を入れてから送信してください。"),
        ReplyOutcome.TOO_LONG: gettext(
            "LINEで一度に送れるのは%(most)d文字までです。短くするか、二回に分けてください。", most=LONGEST
        ),
        ReplyOutcome.BLOCKED: gettext("このお客様にはブロックされているため、返信が届きません。"),
        ReplyOutcome.IS_RESOLVED: gettext(
            "このチャットは対応済みです。返信するには、もう一度開いてください。"
        ),
        ReplyOutcome.SENT_BEFORE: gettext(
            "書き直す前の返信は、すでに受け付けています。この文も送る場合は、もう一度送信してください。"
        ),
        ReplyOutcome.ANSWERED: gettext(
            "先にほかのスタッフが返信しています。内容を確かめてから、送るかどうかお決めください。"
        ),
        ReplyOutcome.TOO_MANY: gettext(
            "LINEで一度に送れるのは、文・写真・贈りものを合わせて%(most)dつまでです。減らすか、二回に分けてください。",
            most=MOST_MESSAGES,
        ),
        ReplyOutcome.FILE_GONE: gettext(
            "添付したファイルは、別の画面で送ったか、外されています。添付を確かめて、もう一度送信してください。"
        ),
        ReplyOutcome.GIVEN_MEANWHILE: gettext(
            "このチャットでは、ちょうど別の画面から贈りものを送ったところです。確かめてから、もう一度お選びください。"
        ),
        ReplyOutcome.TOO_OLD: gettext(
            "通信が切れているあいだに時間がたったため、送信しませんでした。内容を確かめて、もう一度送信してください。"
        ),
    }[outcome]


def _checked(key: str) -> str:
    """The form's key if it is well-formed, else a new one: the browser may send anything."""
    try:
        return str(uuid.UUID(key))
    except ValueError:
        return str(uuid.uuid4())
