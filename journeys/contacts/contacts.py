"""The queue of individual messages, and what staff do with a customer in it: write, snooze, say that it is not needed.

Each change is conditional on the state before it, so that of two members of staff at once one succeeds. Who may not
be written to now is passed in where it comes from other domains. What came of it is in `outcomes.py`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot import localtime
from bot.config import shop
from bot.db.database import insert_once, require_transaction
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.contacts import rules
from journeys.contacts.settings import ContactRules
from journeys.contacts.tables import CONTACTED, DUE, DUE_AS_LITERAL, NOT_NEEDED, SENDING, Contact, ContactDay

CHUNK = 200
SNOOZE_DAYS = (1, 3, 7, 14)
REASONS = ("spoken", "gift", "moved", "other")
"""Why no message is needed: spoke with them elsewhere, bought as a present, lives elsewhere or no longer needs it,
something else."""

Hidden = Callable[[Sequence[int]], set[int]]
"""Of these customers, those not to be written to now, by facts of other domains."""


def capacity(today: date) -> int:
    """How many customers staff can write to on that day."""
    row = ContactDay.get_or_none(ContactDay.day == today)
    return shop.get(ContactRules).a_day if row is None or row.capacity is None else int(row.capacity)


def set_capacity(today: date, count: int) -> None:
    """Staff say how many they can write to on that day."""
    require_transaction()
    insert_once(ContactDay, day=today)
    ContactDay.update(capacity=count).where(ContactDay.day == today).execute()


def taken_today(today: date) -> list[Contact]:
    """Those whom staff wrote to on that day, the latest first, with their customers."""
    begin, end = localtime.start_of(today), localtime.start_of(today + timedelta(days=1))
    query = Contact.select(Contact, Customer).join(Customer)
    query = query.where(Contact.taken_at >= begin, Contact.taken_at < end)
    return list(query.where(Contact.state.in_((SENDING, CONTACTED))).order_by(Contact.taken_at.desc()))


def queue(today: date, count: int, hidden: Hidden) -> list[Contact]:
    """The `count` most valuable customers who may be written to today, with their customers, in order."""
    found: list[Contact] = []
    after: tuple[int, int] | None = None
    while count and (rows := _visible_rows(today, after)):
        hide = hidden([row.customer_id for row in rows])
        found += [row for row in rows if row.until_on > today and row.customer_id not in hide]
        after = rows[-1].year_yen, rows[-1].id
        # Those with the same sales are ordered by what only `rules.py` computes, so all of them are needed.
        if len(found) > count and found[count - 1].year_yen > after[0]:
            break
    return sorted(found, key=lambda row: importance(row, today))[:count]


def importance(row: Contact, today: date) -> tuple[int, float, int]:
    """The row's key in the order of the queue."""
    days_since, from_days = (today - row.purchased_on).days, (row.due_on - row.purchased_on).days
    return rules.importance(row.year_yen, days_since, row.usual_days, from_days, row.id)


def find(contact_id: int) -> Contact | None:
    """That contact with its customer."""
    query = Contact.select(Contact, Customer).join(Customer).where(Contact.id == contact_id)
    found: Contact | None = query.first()
    return found


def may_be_written_to(contact_id: int, today: date) -> bool:
    """Whether the customer is one that the queue could show, as far as is known here."""
    return bool(_visible(today).where(Contact.id == contact_id, Contact.until_on > today).exists())


def newest_of(customer_id: int) -> Contact | None:
    """The customer's newest contact, in whatever state."""
    found: Contact | None = (
        Contact.select().where(Contact.customer == customer_id).order_by(Contact.id.desc()).first()
    )
    return found


def take(contact_id: int, staff_id: int, text: str, attempts_seen: int) -> int | None:
    """A member of staff sends that text; the number of this attempt, or None when somebody did before or the
    customer is no longer in the queue."""
    require_transaction()
    changed = _change(
        (Contact.id == contact_id) & (Contact.state == DUE) & (Contact.attempt_count == attempts_seen),
        state=SENDING,
        staff_id=staff_id,
        text=text,
        reason="",
        taken_at=localtime.now(),
        attempt_count=attempts_seen + 1,
    )
    return attempts_seen + 1 if changed else None


def snooze(contact_id: int, staff_id: int, days: int, today: date) -> bool:
    """Leave the customer out of the queue for so many days. False when they are no longer in it."""
    waiting = (Contact.id == contact_id) & (Contact.state == DUE)
    return _change(waiting, show_on=today + timedelta(days=days), staff_id=staff_id)


def set_not_needed(contact_id: int, staff_id: int, reason: str) -> bool:
    """No message is needed, for one of REASONS. False when the customer is no longer in the queue."""
    waiting = (Contact.id == contact_id) & (Contact.state == DUE)
    return _change(waiting, state=NOT_NEEDED, reason=reason, staff_id=staff_id, ended_at=localtime.now())


def cause_of(contact_id: int, attempt: int) -> str:
    """The cause of the planned message of that attempt."""
    return f"contact:{contact_id}:{attempt}"


def record_sent(contact_id: int, attempt: int, at: datetime) -> bool:
    """The message of that attempt left for LINE."""
    return _change(_sending(contact_id, attempt), state=CONTACTED, contacted_at=at, ended_at=at)


def record_not_sent(contact_id: int, attempt: int, reason: str) -> bool:
    """The message of that attempt was given up: the customer is in the queue again, with the reason."""
    return _change(_sending(contact_id, attempt), state=DUE, reason=reason, taken_at=None)


def awaiting_answer(customer_id: int) -> Contact | None:
    """The contact that a text of the customer answers now: the message was sent within the days that count and
    has had no answer."""
    since = localtime.now() - timedelta(days=shop.get(ContactRules).answer_days)
    theirs = (Contact.customer == customer_id) & (Contact.state == CONTACTED) & (Contact.contacted_at > since)
    found: Contact | None = (
        Contact.select().where(theirs, Contact.replied_at.is_null()).order_by(Contact.id.desc()).first()
    )
    return found


def record_answered(contact_id: int) -> bool:
    """The customer answered. False when they had before."""
    return _change((Contact.id == contact_id) & Contact.replied_at.is_null(), replied_at=localtime.now())


def _sending(contact_id: int, attempt: int) -> Any:
    return (Contact.id == contact_id) & (Contact.state == SENDING) & (Contact.attempt_count == attempt)


def _visible(today: date) -> Any:
    """Query of contacts with their customers, without those not to be written to by what is known here. Those whose
    time has passed are left to the caller: with the condition, SQLite would not read in the order of the sales."""
    return (
        Contact.select(Contact, Customer)
        .join(Customer)
        .where(
            Contact.state == DUE_AS_LITERAL,
            Contact.show_on.is_null() | (Contact.show_on <= today),
            Customer.last_purchased_on == Contact.purchased_on,
            customers.can_be_written_to(),
        )
    )


def _visible_rows(today: date, after: tuple[int, int] | None) -> Sequence[Contact]:
    query = _visible(today)
    if after is not None:
        yen, row_id = after
        query = query.where((Contact.year_yen < yen) | ((Contact.year_yen == yen) & (Contact.id > row_id)))
    return list(query.order_by(Contact.year_yen.desc(), Contact.id).limit(CHUNK))


def _change(condition: Any, **columns: Any) -> bool:
    require_transaction()
    return bool(Contact.update(**columns).where(condition).execute() == 1)
