"""A shop and customers with phones on a simulated LINE: the actions and observations of the conversation tests."""

import json
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import SHOWN, OutboxMessage
from bot.worker.multicast_sender import MulticastSender
from bot.worker.sender import Sender
from bot.worker.worker import handle_next, sweep
from customers.api import keys
from customers.csv import order_import
from customers.people import customer as customers
from customers.people.customer import Customer
from demo.line.accounts import Friendship
from demo.line.events import Event, event
from demo.line.timeline import Side
from demo.phone.client import Handset, as_plain_text
from demo.phone.platform import Platform
from handlers import campaign_calls, timetable
from journeys.sending.settings import may_push_now
from rewards.ledger import ledger
from rewards.ranks import customer_rank
from support.tickets import tickets
from support.tickets.tickets import Ticket
from tests.line_limits import assert_fetchable, assert_valid

QUESTION = "当社をご家族やお友達に勧める可能性はどれくらいありますか？"
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
"""Wednesday, 1 April 2026, noon in Tokyo: the shop is open."""
STAFF = 7


class Phone:
    """A customer's phone: what they do, and what the shop answers."""

    def __init__(self, scenario: "Scenario", handset: Handset) -> None:
        self.scenario, self.handset = scenario, handset

    @property
    def user_id(self) -> str:
        return self.handset.user_id

    def follows(self) -> list[str]:
        self.handset.follow()
        return self.hears()

    def blocks(self) -> None:
        self.handset.block()
        self.scenario.settle()

    def says(self, words: str) -> list[str]:
        self.handset.say(words)
        return self.hears()

    def taps(self, label: str) -> list[str]:
        self.handset.tap(label)
        return self.hears()

    def opens(self, label: str) -> str:
        """Tap what opens an address; that address."""
        address = self.handset.tap(label)
        assert address is not None, f"{label} opens nothing"
        return address

    def sends(self, **message: Any) -> list[str]:
        """Send a message of any type, also one that LINE may add later."""
        return self.causes("message", message={"id": "1", **message})

    def sends_back(self, data: str) -> list[str]:
        """Send a postback with any data, also data that no button of ours carries."""
        return self.causes("postback", postback={"data": data})

    def causes(self, kind: str, **parts: Any) -> list[str]:
        """Send an event about this person, as LINE would."""
        self.handset.channel.post_webhook(kind, self.handset.person, **parts)
        return self.hears()

    def buys(self, yen: int, order_number: str) -> list[str]:
        self.scenario.order(order_number, yen, line_user_id=self.user_id)
        return self.hears()

    def hears(self) -> list[str]:
        """The shop's messages since the last call, each as plain text."""
        self.scenario.settle()
        news = self.handset.news()
        for message in news:
            _assert_valid(message)
            if str(message.get("originalContentUrl", "")).startswith(settings.current().public_url):
                assert_fetchable(message, self.scenario.fetch)
        return [as_plain_text(message) for message in news]

    @property
    def buttons(self) -> set[str]:
        return set(self.handset.buttons())

    @property
    def chips(self) -> set[str]:
        """Labels of the quick replies below the last message."""
        items = self.handset.received()[-1].get("quickReply", {}).get("items", [])
        return {item["action"]["label"] for item in items}

    def came_by(self) -> list[str]:
        """How each message of the shop came: reply (free) or push (paid)."""
        return [entry.via for entry in self.handset.entries() if entry.side is Side.THEIRS]

    @property
    def customer(self) -> Customer:
        found = customers.find_by_line_user(self.user_id)
        assert found is not None
        return found

    @property
    def points(self) -> int:
        return ledger.balance(self.customer.id)

    @property
    def rank(self) -> str:
        return customer_rank.snapshot(self.customer.id).rank.ja

    @property
    def ticket(self) -> Ticket | None:
        return tickets.open_ticket_of(self.customer.id)


class Scenario:
    """The shop, its platform and its clock, in one thread: `settle` handles everything that is due."""

    def __init__(self, platform: Platform, web: FlaskClient, sender: Sender) -> None:
        self.platform, self.web, self.sender = platform, web, sender
        self.multicasts = MulticastSender(
            LineClient(settings.current()), sender.presence, campaign_calls.may_send, may_push_now
        )
        self.may_park = False
        self._now = NOON
        with write_transaction():
            self._api_key = keys.create("conversation tests")

    def customer(self, name: str = "佐藤 美咲", *, follows: bool = True) -> Phone:
        phone = Phone(self, self.platform.handset(name))
        if follows:
            phone.follows()
        return phone

    def on_the_second_account(self, phone: Phone, *, follows: bool = True) -> Phone:
        """The same customer's chat with the shop's second account."""
        second = Phone(self, self.platform.support_handset(phone.handset))
        if follows:
            second.follows()
        return second

    def friend_since_before_the_bot(self, name: str) -> Phone:
        """Somebody who added the shop before the bot existed: no follow event ever came."""
        phone = self.customer(name, follows=False)
        phone.handset.person.friendship = Friendship.FRIEND
        return phone

    def order(self, order_number: str, yen: int, **more: Any) -> None:
        """The shop's system reports an order."""
        payload = {"order_number": order_number, "ordered_at": localtime.now().isoformat(), "total_yen": yen}
        answer = self.web.post(
            "/api/v1/orders", json=payload | more, headers={"Authorization": f"Bearer {self._api_key}"}
        )
        assert answer.status_code in (200, 201, 202), answer.get_data(as_text=True)

    def imports(self, folder: Path, *rows: str) -> order_import.ImportReport:
        """The owner imports a CSV file of orders."""
        file = folder / "orders.csv"
        header = "注文番号,注文日時,お支払い合計,会員番号,メールアドレス,LINEユーザーID"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        report = order_import.run(file)
        self.settle()
        return report

    def fetch(self, address: str, **headers: str) -> Any:
        """What LINE or a customer's phone gets from an address of the shop's."""
        public = settings.current().public_url
        return self.web.get(address.removeprefix(public), base_url=public, headers=headers)

    def staff_say(self, ticket: Ticket | None, words: str) -> None:
        """Staff reply in a ticket, as the console stores it."""
        self._put_event("staff.replied", "staff-reply", ticket, text=words)

    def staff_resolve(self, ticket: Ticket | None) -> None:
        """Staff press 対応済み, as the console stores it."""
        self._put_event("ticket.resolve_requested", "ticket-resolved", ticket)

    def _put_event(self, kind: str, prefix: str, ticket: Ticket | None, **data: Any) -> None:
        assert ticket is not None
        conversation = Conversation.get_by_id(ticket.conversation_id)
        with write_transaction():
            inbox.put(
                kind,
                f"{prefix}:{uuid.uuid4()}",
                conversation.key,
                {"ticket_id": ticket.id, "staff_id": STAFF, **data},
                line_user_id=conversation.line_user_id,
            )
        self.settle()

    def pass_time(self, **delta: float) -> None:
        """Let time pass, then let the clock do its work."""
        self.sleep(**delta)
        timetable.run_all()
        self.settle()

    def sleep(self, **delta: float) -> None:
        """Let time pass without any work."""
        self._now += timedelta(**delta)
        localtime._fixed = self._now

    def hears_from_line(self, *events: Event, body: bytes | None = None) -> int:
        """Post one webhook body with these events, signed; the response's status."""
        webhook_sender = self.platform.channel.webhook_sender
        status = webhook_sender.send_again(*events) if body is None else None
        self.settle()
        assert status is not None
        return status

    def event(self, kind: str, **parts: Any) -> Event:
        """An event of somebody the shop does not know; `parts` may replace any field."""
        stamp = int(localtime.now().timestamp() * 1000)
        return event(kind, f"U{uuid.uuid4().hex}", stamp) | parts

    def settle(self) -> None:
        """Deliver every webhook, handle every event, send every message, until nothing is left to do."""
        busy = True
        while busy:
            for channel in self.platform.channels:
                channel.webhook_sender.deliver_all()
            busy = bool(handle_next(self.sender))
            while self.sender.backlog() or self.sender.fetcher.held():
                busy = True
                time.sleep(0.0005)  # a tighter loop would keep the senders from running
            self.sender.maintain()
            sweep(self.sender)
            while self.multicasts.send_next():
                busy = True
            busy = busy or bool(self.sender.backlog() or self.sender.fetcher.held())

    def faults_of_sending(self) -> list[str]:
        """Reply tokens of more than one call, and quick replies on a message where LINE would not show them: it
        accepts a token once, and shows those of a call's last message."""
        rows = list(OutboxMessage.select().where(OutboxMessage.kind.in_(SHOWN)))
        tokens = Counter(row.reply_token for row in rows if row.reply_token)
        hidden = [row.cause for row in rows for each in json.loads(row.messages)[:-1] if "quickReply" in each]
        return [f"two messages for {token}" for token, count in tokens.items() if count > 1] + [
            f"quick replies that nobody sees: {cause}" for cause in hidden
        ]

    def parked(self) -> list[str]:
        """Why anything was parked."""
        events = [str(row.error) for row in InboxEvent.select().where(InboxEvent.state == "parked")]
        pending = [row.body for row in InboxEvent.select().where(InboxEvent.state == "pending")]
        refused = [
            f"{row.line_status} {row.line_answer}: {json.loads(row.messages)}"
            for row in OutboxMessage.select().where(OutboxMessage.state == "parked")
        ]
        return events + pending + refused


_seen_valid: set[str] = set()


def _assert_valid(message: dict[str, Any]) -> None:
    """Each distinct message is checked once: most are greetings that were checked before."""
    content = json.dumps(message, sort_keys=True)
    if content not in _seen_valid:
        assert_valid([message])
        _seen_valid.add(content)


def said(messages: list[str]) -> str:
    """All messages as one text to search in."""
    return "\n".join(messages)
