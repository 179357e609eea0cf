"""Sample texts: customers' names, and chats that wait for staff."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import localtime
from bot.conversations import Conversation
from bot.line.delivery import SENT
from bot.line.messages import text
from bot.queue.inbox import DONE, InboxEvent
from bot.queue.outbox import OutboxMessage
from customers.people.customer import Customer
from support.tickets import canned_replies, tickets
from support.transcript import search

FAMILY_NAMES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
    "山崎",
    "森",
    "池田",
    "橋本",
    "阿部",
    "石川",
    "山下",
    "中島",
    "石井",
    "原田",
]
GIVEN_NAMES = [
    "美咲",
    "健一",
    "さくら",
    "陽子",
    "翔太",
    "恵",
    "大輔",
    "結衣",
    "直樹",
    "千春",
    "由美子",
    "拓也",
    "真由",
    "恭子",
    "誠",
    "葵",
    "久美",
    "浩",
]


@dataclass(frozen=True, slots=True)
class Chat:
    """Why staff are wanted, since how many hours, and what the customer wrote."""

    cause: str
    hours: int
    said: tuple[str, ...]


CHATS = (
    Chat(tickets.DETRACTOR, 26, ("箱がつぶれて届きました", "プレゼントだったので困っています…")),
    Chat(tickets.ASKED, 9, ("定期便の次の発送日を変えたいです",)),
    Chat(tickets.ASKED, 5, ("領収書の宛名を会社名にできますか？", "急ぎではないです")),
    Chat(tickets.FAQ_FAILED, 3, ("注文したのに確認メールが届きません",)),
    Chat(tickets.FALLBACK, 1, ("敏感肌でも使えるものはどれですか",)),
)

CANNED = {
    "お待たせ": "{name}さま、お待たせしております。{shop}の{staff}です。ただいまお調べしております。",
    "おわび": "{name}さま、このたびはご不便をおかけして、まことに申し訳ございません。",
    "写真のお願い": "お手数ですが、商品の状態が分かるお写真を、このトークにお送りいただけますか？",
    "発送の目安": "ご注文から2〜3営業日で発送しております。発送しましたら、このトークでお知らせしますね。",
    "結び": "ほかにもご不明な点がございましたら、いつでもお声がけください。{shop} {staff}",
}


def keep_canned() -> None:
    """Add the canned replies of the sample shop's staff."""
    for name, body in CANNED.items():
        canned_replies.keep(name, body, None)


def open_chat(customer: Customer, chat: Chat) -> None:
    """Open a ticket for a customer who has written and waits for staff."""
    began_at = localtime.now() - timedelta(hours=chat.hours)
    for number, words in enumerate(chat.said):
        wrote(customer, words, began_at + timedelta(minutes=number))
    with localtime.fixed(began_at + timedelta(minutes=len(chat.said))):
        key = f"sample:{customer.id}"
        tickets.open_ticket(customer.id, customer.conversation_id or 0, cause=chat.cause, cause_key=key)


def wrote(customer: Customer, words: str, at: datetime) -> None:
    """Store a message as the webhook would have, already handled."""
    conversation = Conversation.get_by_id(customer.conversation_id)
    event_id = uuid.uuid4().hex[:26].upper()
    body = {
        "type": "message",
        "mode": "active",
        "webhookEventId": event_id,
        "source": {"type": "user", "userId": conversation.line_user_id},
        "message": {"type": "text", "id": str(uuid.uuid4().int)[:18], "text": words},
    }
    row = InboxEvent.create(
        event_id=event_id,
        conversation=conversation.id,
        source="line",
        body=json.dumps(body, ensure_ascii=False),
        occurred_at=at,
        received_at=at,
        state=DONE,
        finished_at=at,
    )
    search.add(row.id, conversation.id, words)


def answered(customer: Customer, words: str, at: datetime, staff_id: int) -> None:
    """Store a reply of staff."""
    OutboxMessage.create(
        conversation=customer.conversation_id,
        kind="reply",
        messages=json.dumps([text(words)], ensure_ascii=False),
        cause=f"sample:{uuid.uuid4()}",
        staff_id=staff_id,
        retry_key=str(uuid.uuid4()),
        state=SENT,
        sent_as="reply",
        created_at=at,
        sent_at=at,
    )
