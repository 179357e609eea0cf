"""Customers' birthdays, without a year, and the customers whose birthday it is."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from peewee import ForeignKeyField, IntegerField, SmallIntegerField, Value, fn

from bot import localtime
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.queue.inbox import InboxEvent
from customers.people.customer import Customer

LEAP_YEAR = 2024
LONGEST = 200
"""The most letters in which a day is searched."""
_DAY = re.compile(r"(?<!\d)(\d{1,2}) ?[月/.-] ?(\d{1,2})(?: ?日)?(?!\d)|\A(\d{2})(\d{2})\Z")


class Birthday(Model):
    """A customer's birthday. Customers enter it once, so that nobody has several a year."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    month = SmallIntegerField()
    day = SmallIntegerField()
    entered_at = UtcDateTimeField(column_name="told_at")
    changed_by_id = IntegerField(null=True)

    class Meta:
        table_name = "birthday"
        indexes = ((("month", "day"), False),)


@dataclass(frozen=True, slots=True)
class DueBirthday:
    """The event of one customer's birthday in one year, and the conversation in whose queue it is handled."""

    event_id: str
    conversation_key: str
    line_user_id: str


def read(text: str) -> tuple[int, int] | None:
    """Month and day in a customer's text: 4月1日, 4/1, 0401, in any width; None when there is no such day."""
    found = _DAY.search(" ".join(unicodedata.normalize("NFKC", text[:LONGEST]).split()))
    if found is None:
        return None
    month, day = (int(part) for part in found.groups() if part is not None)
    return (month, day) if is_day(month, day) else None


def is_day(month: int, day: int) -> bool:
    """Whether that day exists in some year."""
    try:
        date(LEAP_YEAR, month, day)
    except (ValueError, OverflowError):
        return False
    return True


def of_customer(customer_id: int) -> Birthday | None:
    """The customer's birthday; None while it is unknown."""
    found: Birthday | None = Birthday.get_or_none(Birthday.customer == customer_id)
    return found


def learn(customer_id: int, month: int, day: int) -> bool:
    """Stores the birthday; False when it is known already."""
    require_transaction()
    row = insert_once(Birthday, customer=customer_id, month=month, day=day, entered_at=localtime.now())
    return row is not None


def change(customer_id: int, month: int, day: int, staff_id: int) -> None:
    """Corrects the birthday, by staff on the customer's request. Gifts still come once a year. Raises
    ValueError for a day that no year has."""
    require_transaction()
    if not is_day(month, day):
        raise ValueError(f"no year has a day {month}/{day}")
    values: dict[Any, Any] = {
        Birthday.month: month,
        Birthday.day: day,
        Birthday.entered_at: localtime.now(),
        Birthday.changed_by_id: staff_id,
    }
    Birthday.insert({Birthday.customer: customer_id, **values}).on_conflict(
        conflict_target=[Birthday.customer], update=values
    ).execute()


def is_anybodys(days: Iterable[date]) -> bool:
    """Whether anybody has their birthday on one of these days: cheaper to ask than `without_event` for each."""
    return bool(Birthday.select(Value(1)).where(reduce(or_, map(_is_on, days))).exists())


def without_event(day: date, limit: int) -> list[DueBirthday]:
    """Customers on LINE whose birthday is on that day, entered by then, and who have no event for it that
    year.

    Those born on 29 February have it on the 28th in other years.
    """
    event_id = Value("birthday:").concat(Birthday.customer.cast("TEXT")).concat(f":{day.year}")
    known = InboxEvent.select(Value(1)).where(InboxEvent.event_id == event_id)
    rows: Any = (
        Birthday.select(Birthday.customer, Conversation.key, Conversation.line_user_id)
        .join(Customer)
        .join(Conversation)
        .where(_is_on(day), Birthday.entered_at < localtime.start_of(day + timedelta(days=1)))
        .where(Conversation.line_user_id.is_null(False), ~fn.EXISTS(known))
        .order_by(Birthday.customer)
        .limit(limit)
        .tuples()
    )
    return [DueBirthday(f"birthday:{who}:{day.year}", key, user_id) for who, key, user_id in rows]


def _is_on(day: date) -> Any:
    born = (Birthday.month == day.month) & (Birthday.day == day.day)
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        born |= (Birthday.month == 2) & (Birthday.day == 29)
    return born


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


erasure.deleted(Birthday)
