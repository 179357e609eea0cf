"""Staff's own messages of the last weeks (今日の連絡), and what customers answered; and the second LINE account, which
some of them have added.

The product finds who is due and sends what staff write (`weeks.py`).
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial

from bot import localtime
from bot.config import settings
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from customers.people.customer import Customer
from demo.line import gestures
from demo.phone.client import Handset
from demo.phone.platform import Platform
from demo.shop.chats import answered
from demo.shop.plan.agenda import Event
from journeys.contacts import contacts
from journeys.contacts.rules import draft_key
from journeys.contacts.tables import CONTACTED, Contact
from journeys.contacts.words import ContactWords, words
from support.bad_moments import quiet_period
from support.tickets import tickets

AT_WORK, ANSWERED, ANSWERED_AGAIN = time(10, 40), time(12, 20), time(16, 10)
EVERY_DAYS = 1
"""Staff find time for it on one day of so many: a few minutes each day."""
WRITTEN_TO, LEFT_TODAY = 2, 4
"""They write to so many at once, and leave so many for whoever tries the demo."""
MOST_DUE = 40
LAST_DAYS_WITHOUT = timedelta(days=3)
ANSWERS = (
    "ちょうどなくなりそうでした。使いごこち、とてもよかったです。",
    "お気づかいありがとうございます。まだ少し残っています。",
    "覚えていてくださってうれしいです！また注文します。",
)
REPLY = "ご返信ありがとうございます。またいつでも、このトークでお声がけくださいね。"
SUPPORT_FRIENDS = 9
ADDED_AGO = timedelta(days=30)


class StaffContacts:
    """A member of staff writes to a few each week; some answer, and some buy again."""

    def __init__(
        self, platform: Platform, on_the_phone: set[str], buy: Callable[[str], None], staff: tuple[int, str]
    ) -> None:
        self._platform, self._on_the_phone, self._buy = platform, on_the_phone, buy
        self._staff_id, self._staff_name = staff
        self._chance = random.Random(13)  # noqa: S311 - a sample, and the same one each time
        self._written = 0

    def events(self, begins: datetime, ends: datetime) -> Iterator[Event]:
        """What happens in these weeks, but for the last days."""
        day = localtime.local(begins).replace(second=0, microsecond=0) + timedelta(days=1)
        while day < ends - LAST_DAYS_WITHOUT:
            yield _at(day, AT_WORK), self._write
            yield _at(day, ANSWERED), self._somebody_answers
            yield _at(day, ANSWERED_AGAIN), self._staff_reply
            yield _at(day + timedelta(days=2), ANSWERED), self._somebody_buys
            day += timedelta(days=EVERY_DAYS)

    def add_friends(self, user_ids: Sequence[str], ends: datetime) -> Iterator[Event]:
        """These customers add the second account, one after the other."""
        for number, user_id in enumerate(user_ids):
            yield ends - ADDED_AGO + timedelta(days=number * 2), partial(self._add, user_id)

    def _add(self, user_id: str) -> None:
        person = self._platform.channel.people.get(user_id)
        if person is not None and self._platform.support is not None:
            support = self._platform.support
            gestures.follow(support, gestures.same_person(support, person))

    def _write(self) -> None:
        """Write to the most valuable of those who are due, with the draft as it is."""
        rows = contacts.queue(localtime.today(), MOST_DUE, quiet_period.among)
        due = [each for each in rows if each.customer.line_user_id not in self._on_the_phone]
        for row in due[: max(0, min(WRITTEN_TO, len(due) - LEFT_TODAY))]:
            said = self._draft(row)
            with write_transaction():
                attempt = contacts.take(row.id, self._staff_id, said, row.attempt_count)
                chat = Conversation.get_by_id(row.customer.conversation_id)
                inbox.put(
                    event_kinds.CONTACT_SEND_REQUESTED,
                    f"contact-send:{row.id}:{attempt}",
                    chat.key,
                    {"contact_id": row.id, "attempt": attempt, "staff_id": self._staff_id, "text": said},
                    line_user_id=chat.line_user_id,
                )

    def _draft(self, row: Contact) -> str:
        given: ContactWords = words()
        said: str = getattr(given, draft_key(2, row.product_name))
        return said.format(
            name=given.name.format(name=row.customer.display_name),
            product=row.product_name,
            shop=settings.current().shop_name,
            staff=self._staff_name,
        )

    def _somebody_answers(self) -> None:
        """Every third of those who got a message today answers it, in the chat that it came to."""
        for row in self._written_to(within=timedelta(hours=12)):
            self._written += 1
            if self._written % 3 == 0:
                self._phone_of(row.customer).say(ANSWERS[self._written // 3 % len(ANSWERS)])

    def _staff_reply(self) -> None:
        """The person who wrote replies, and closes the ticket."""
        for row in self._written_to(within=timedelta(hours=12)):
            ticket = tickets.open_ticket_of(row.customer_id)
            if ticket is not None and row.replied_at is not None:
                with write_transaction():
                    tickets.record_staff_answer(ticket.id, self._staff_id)
                    answered(row.customer, REPLY, localtime.now(), self._staff_id)
                    tickets.resolve(ticket.id, self._staff_id)

    def _somebody_buys(self) -> None:
        """Of those who were written to some days ago, every tenth comes back because of it."""
        for row in self._written_to(within=timedelta(days=3)):
            if row.won_on is None and self._chance.random() < 0.1:
                self._buy(row.customer.line_user_id or "")

    def _written_to(self, within: timedelta) -> list[Contact]:
        query = Contact.select(Contact, Customer).join(Customer)
        since = Contact.contacted_at > localtime.now() - within
        return list(query.where(Contact.state == CONTACTED, since).order_by(Contact.id))

    def _phone_of(self, customer: Customer) -> Handset:
        """The phone with the chat to which messages of staff come."""
        person = self._platform.channel.people.get(customer.line_user_id or "")
        if person is None:
            raise LookupError(f"customer {customer.id} has no phone")
        support = self._platform.support
        there = support.people.get(person.user_id) if support is not None else None
        if support is not None and there is not None and there.reachable:
            return Handset(support, there)
        return Handset(self._platform.channel, person)


def _at(day: datetime, when: time) -> datetime:
    return day.replace(hour=when.hour, minute=when.minute)
