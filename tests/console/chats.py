"""Builds a small shop with chats that wait for staff, for the tests of the console."""

import json
import uuid
from datetime import date, timedelta
from typing import Any

from bot import localtime
from bot.conversations import Conversation, ensure
from bot.db.database import write_transaction
from bot.files import media
from bot.line.messages import postback, text, with_quick_replies
from bot.queue import inbox
from bot.queue.inbox import DONE, InboxEvent, NewEvent
from bot.queue.outbox import OutboxMessage
from bot.routing.events import MediaReceived, Unsent
from console.auth import staff_accounts
from console.auth.staff_accounts import Staff
from customers.people.customer import Customer, follow, learn_profile
from support.satisfaction import ratings
from support.tickets import notes, tags, tickets
from support.tickets.tickets import Ticket
from surveys.nps import answers, invitations

PASSWORD = "correct horse battery"


def person(name: str = "佐藤 はな", role: str = "staff") -> Staff:
    """A person who signs in with `<role>@example.jp`."""
    with write_transaction():
        return staff_accounts.add(f"{role}@example.jp", name, role, PASSWORD)


def customer(name: str, line_user_id: str | None = None) -> Customer:
    """A customer who follows the shop."""
    line_user_id = line_user_id or "U" + uuid.uuid4().hex
    with write_transaction():
        made = follow(line_user_id, ensure(line_user_id, line_user_id))
        return learn_profile(made, name)


def bought(who: Customer, count: int, sales_yen: int, last_on: date) -> None:
    """Set the customer's purchase columns as so many purchases would."""
    Customer.update(
        purchase_count=count, sales_yen=sales_yen, first_purchased_on=last_on, last_purchased_on=last_on
    ).where(Customer.id == who.id).execute()


def wrote(who: Customer, message: dict[str, Any] | str, minutes_ago: float = 0) -> None:
    """The customer's message came in and was handled."""
    body = message if isinstance(message, dict) else {"type": "text", "text": message}
    came(who, {"type": "message", "message": {"id": str(uuid.uuid4().int)[:18], **body}}, minutes_ago)


def sent(
    who: Customer,
    message_id: str,
    content: bytes | None = None,
    *,
    kind: str = "image",
    minutes_ago: float = 0,
    file_name: str = "",
) -> None:
    """The customer sent media; without content it is still at LINE."""
    name = {"fileName": file_name} if kind == "file" else {}
    wrote(who, {"type": kind, "id": message_id, **name}, minutes_ago)
    with write_transaction():
        media.take_note(
            MediaReceived(
                event_id=f"sent-{message_id}",
                conversation_id=who.conversation_id or 0,
                user_id=who.line_user_id,
                occurred_at=localtime.now(),
                received_at=localtime.now(),
                media=kind,
                message_id=message_id,
                file_name=file_name,
            )
        )
    if content is not None:
        arrives(message_id, content)


def arrives(message_id: str, content: bytes) -> None:
    """The media was fetched from LINE."""
    wanted = media.find(message_id)
    assert wanted is not None
    with media.download(wanted) as download:
        download.take(content)
        download.complete()
    with write_transaction():
        media.keep(wanted, download.content_type, download.byte_count)


def took_back(who: Customer, message_id: str) -> None:
    """The customer unsent a message."""
    came(who, {"type": "unsend", "unsend": {"messageId": message_id}})
    with write_transaction():
        media.take_note(
            Unsent(
                event_id=f"unsent-{message_id}",
                conversation_id=who.conversation_id or 0,
                user_id=who.line_user_id,
                occurred_at=localtime.now(),
                received_at=localtime.now(),
                message_id=message_id,
            )
        )


def tapped(who: Customer, data: str, minutes_ago: float = 0) -> None:
    """The customer tapped a button of the shop's."""
    came(who, {"type": "postback", "postback": {"data": data}}, minutes_ago)


def came(who: Customer, event: dict[str, Any], minutes_ago: float = 0) -> None:
    """An event of LINE came in and was handled."""
    at = localtime.now() - timedelta(minutes=minutes_ago)
    key = str(who.line_user_id)
    with write_transaction():
        inbox.store([NewEvent(str(uuid.uuid4()), key, key, "line", json.dumps(event), at, at)])
        InboxEvent.update(state=DONE, finished_at=at).where(InboxEvent.received_at == at).execute()


def said(
    who: Customer,
    messages: list[dict[str, Any]],
    minutes_ago: float = 0,
    by: int | None = None,
    **columns: Any,
) -> OutboxMessage:
    """The bot, or a person of staff, sent that."""
    at = localtime.now() - timedelta(minutes=minutes_ago)
    with write_transaction():
        return OutboxMessage.create(
            conversation=who.conversation_id,
            kind="reply",
            messages=json.dumps(messages, ensure_ascii=False),
            cause=str(uuid.uuid4()),
            staff_id=by,
            retry_key=str(uuid.uuid4()),
            created_at=at,
            **({"state": "sent", "sent_at": at} | columns),
        )


def replied(of: Ticket, staff_id: int, text: str) -> None:
    """A person of staff replied; the worker has not sent it yet."""
    key = Conversation.get_by_id(of.conversation_id).key
    data = {"ticket_id": of.id, "text": text, "staff_id": staff_id}
    with write_transaction():
        inbox.put("staff.replied", f"staff-reply:{uuid.uuid4()}", key, data)


def ticket(who: Customer, cause: str = tickets.ASKED, minutes_ago: float = 0) -> Ticket:
    """A ticket of a customer who waits for staff."""
    assert who.conversation_id is not None
    at = localtime.now() - timedelta(minutes=minutes_ago)
    with localtime.fixed(at), write_transaction():
        made = tickets.open_ticket(
            who.id, who.conversation_id, cause=cause, cause_key=str(uuid.uuid4())
        ).ticket
    return Ticket.get_by_id(made.id)


def scored(who: Customer, score: int, comment: str = "", days_ago: int = 0) -> None:
    """The customer answered the survey."""
    with localtime.fixed(localtime.now() - timedelta(days=days_ago)), write_transaction():
        invitation_id = invitations.invite(who.id, str(uuid.uuid4()))
        recorded = answers.record_score(who.id, invitation_id, score)
        if comment and recorded:
            answers.add_comment(who.id, recorded.answer_id, comment)


def unhappy_customer() -> Ticket:
    """A chat with every kind of line: taps, stickers, a picture, a place, replies sent, pending and refused."""
    who = customer("山田 花子")
    bought(who, 3, 24_800, localtime.today() - timedelta(days=12))
    scored(who, 3, "届いた瓶のふたが割れていました。問い合わせの返事もなくて残念です。")
    numbers = [postback(str(score), "nps.score", f"{score}点", i=1, s=score) for score in range(11)]
    question = "当社をご家族やお友達に勧める可能性はどれくらいありますか？"
    said(who, [with_quick_replies({"type": "text", "text": question}, numbers)], 60 * 26)
    tapped(who, numbers[3]["data"], 60 * 25)
    said(
        who,
        [text("ご期待に沿えず、申し訳ございません。よろしければ、何があったのか教えてください。")],
        60 * 25,
    )
    wrote(who, "届いた瓶のふたが割れていました。\n返品できますか？", 48)
    wrote(who, {"type": "image"}, 47)
    wrote(who, {"type": "sticker", "keywords": ["かなしい", "しょんぼり"]}, 46)
    made = ticket(who, tickets.DETRACTOR, 46)
    said(who, [text("スタッフにおつなぎします。少しお待ちください。")], 46)
    said(who, [text("山田さま、ご不便をおかけして申し訳ございません。写真を確認しました。")], 30, by=1)
    wrote(who, {"type": "location", "title": "自宅", "address": "東京都台東区上野1-2-3"}, 12)
    wrote(who, "交換品はいつごろ届きますか？", 11)
    refused = '{"message":"The property, \'to\', in the request body is invalid"}'
    said(who, [text("明日お送りします。")], 10, by=1, state="parked", line_status=400, line_answer=refused)
    return made


def a_busy_desk() -> Ticket:
    """Beside the chat that waits: one snoozed, one overdue, tags, a note for the owner, and a resolved one with
    a rating, which is returned."""
    here = Ticket.get()
    staff_id, owner_id = (Staff.get(Staff.role == role).id for role in ("staff", "owner"))
    wrote(late := customer("小林 誠"), "まだ届きません。どうなっていますか？", 300)
    wrote(aside := customer("森 さくら"), "来週でかまいません。", 200)
    overdue, snoozed, closed = ticket(late, tickets.UPSET, 300), ticket(aside, minutes_ago=200), rated(4)
    with write_transaction():
        Ticket.update(answer_due_at=localtime.now(), alarmed_at=localtime.now()).where(
            Ticket.id == overdue.id
        ).execute()
        tickets.snooze(snoozed.id, localtime.now() + timedelta(days=3))
        tickets.assign(snoozed.id, staff_id)
        for tag in ("返品", "定期便"):
            tags.add(here.id, tag)
        tags.add(overdue.id, "配送")
        notes.add(
            here.id, staff_id, "交換品の在庫はあります。\n@鈴木 送料はこちら持ちでよいですか？", [owner_id]
        )
    return closed


def rated(score: int | None, comment: str = "ていねいでした") -> Ticket:
    """A ticket that staff answered and resolved, and the customer's rating of it."""
    made, staff_id = ticket(customer(f"お客様{Ticket.select().count()}")), Staff.get().id
    with write_transaction():
        tickets.record_staff_answer(made.id, staff_id)
        tickets.resolve(made.id, staff_id)
        ratings.ask(Ticket.get_by_id(made.id))
        if score:
            ratings.rate(made.id, made.customer_id, score)
            ratings.add_comment(made.id, made.customer_id, comment)
    return made


def conversation(of: Ticket) -> Conversation:
    """The ticket's conversation."""
    found: Conversation = Conversation.get_by_id(of.conversation_id)
    return found
