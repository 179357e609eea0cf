"""Records the days on which a customer wrote to us or opened a personal link; `rewards/ranks/` counts them.

LINE reports to nobody who read a message. What a customer sends and taps reaches us, and so does a visit to a
link that is one customer's. A day counts once however much happens on it.
"""

from datetime import date
from enum import StrEnum

from peewee import CompositeKey, DateField, FixedCharField, ForeignKeyField

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, insert_once, require_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from customers.people import customer as customers
from customers.people.customer import Customer


class DayKind(StrEnum):
    """The kind of activity, as one letter, since there are many rows."""

    WROTE = "w"
    OPENED = "o"


class CustomerDay(Model):
    """A day on which a customer was active in one way. Never changed; at most one row a customer, day and
    kind."""

    id = None  # type: ignore[assignment]  # its key is the three columns below
    customer = ForeignKeyField(Customer, on_delete="CASCADE", index=False)
    customer_id: int
    kind = FixedCharField(1)
    day = DateField()

    class Meta:
        table_name = "customer_day"
        primary_key = CompositeKey("customer", "kind", "day")


def record_message_day(customer: Customer, day: date) -> bool:
    """Records that the customer wrote or tapped something on that day.

    False, without a query, when the customer's last message was on the same day.
    """
    if customer.last_wrote_on == day:
        return False
    note(customer.id, DayKind.WROTE, day)
    if customer.last_wrote_on is None or customer.last_wrote_on < day:
        Customer.update(last_wrote_on=day).where(Customer.id == customer.id).execute()
        customer.last_wrote_on = day
    return True


def note(customer_id: int, kind: DayKind, day: date) -> bool:
    """Records an active day, once; False when it was recorded already."""
    require_transaction()
    return insert_once(CustomerDay, customer=customer_id, kind=kind, day=day) is not None


def record_link_opened(customer_id: int) -> bool:
    """Puts an event into the inbox that a link of that customer's was opened, once a day; False when it is
    there."""
    day = localtime.today()
    chat = customers.conversation_of(customer_id)
    if chat is None:
        return False
    event_id = _event_id(customer_id, day)
    return inbox.put(
        event_kinds.LINK_OPENED, event_id, chat.key, {"day": day.isoformat()}, line_user_id=chat.line_user_id
    )


def is_opening_known(customer_id: int) -> bool:
    """Whether today's visit was stored already; asked first, so that opening a page again takes no lock."""
    return inbox.was_stored(_event_id(customer_id, localtime.today()))


def _event_id(customer_id: int, day: date) -> str:
    return f"opened:{customer_id}:{day}"


erasure.detached(CustomerDay, "Days on which somebody wrote or came, for the figures of those months.")
