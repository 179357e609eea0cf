"""Keeps the day a customer told us once, and finds whose day has come. Only staff change it.

A day that could be changed at will would come round every month.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import ForeignKeyField, IntegerField, SmallIntegerField, Value, fn

from bot import localtime
from bot.conversations import Conversation
from bot.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.inbox import InboxEvent
from customers.customer import Customer
from rewards.day_said import days_to_keep, is_day

ONE_DAY = timedelta(days=1)
CATCH_UP_DAYS = 7
"""A wish may come so many days late: the machine was off."""


class Birthday(Model):
    """Month and day; the year is nobody's business."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    month = SmallIntegerField()
    day = SmallIntegerField()
    told_at = UtcDateTimeField()
    changed_by_id = IntegerField(null=True)

    class Meta:
        table_name = "birthday"
        indexes = ((("month", "day"), False),)


@dataclass(frozen=True, slots=True)
class Come:
    """Somebody's day, this year's or the one that has just passed."""

    customer_id: int
    on: date
    conversation_key: str
    line_user_id: str | None

    @property
    def event_id(self) -> str:
        return f"birthday:{self.customer_id}:{self.on.year}"


def tell(customer_id: int, month: int, day: int) -> bool:
    """The customer told their day; False when they had told one before: that one stays."""
    require_transaction()
    _check(month, day)
    values = {"month": month, "day": day, "told_at": localtime.now()}
    return insert_once(Birthday, customer=customer_id, **values) is not None


def change(customer_id: int, month: int, day: int, staff_id: int) -> None:
    """Staff put it right, at the customer's word. Points still come once a year."""
    require_transaction()
    _check(month, day)
    values: dict[Any, Any] = {
        Birthday.month: month,
        Birthday.day: day,
        Birthday.told_at: localtime.now(),
        Birthday.changed_by_id: staff_id,
    }
    Birthday.insert({Birthday.customer: customer_id, **values}).on_conflict(
        conflict_target=[Birthday.customer], update=values
    ).execute()


def of_customer(customer_id: int) -> Birthday | None:
    """The day the customer told, if they did."""
    found: Birthday | None = Birthday.get_or_none(Birthday.customer == customer_id)
    return found


def come(limit: int) -> list[Come]:
    """Customers on LINE whose day is today or was a few days ago, and for whom this year's event is not there yet."""
    found: list[Come] = []
    for on, month, day in days_to_keep(localtime.today(), CATCH_UP_DAYS):
        event_id = Value("birthday:").concat(Birthday.customer.cast("TEXT")).concat(f":{on.year}")
        known = InboxEvent.select(Value(1)).where(InboxEvent.event_id == event_id)
        rows: Any = (
            Birthday.select(Birthday.customer, Conversation.key, Conversation.line_user_id)
            .join(Customer)
            .join(Conversation)
            .where(Birthday.month == month, Birthday.day == day, ~fn.EXISTS(known))
            .where(Conversation.line_user_id.is_null(False), Customer.blocked_at.is_null())
            # Who tells on the 9th that it was on the 5th is wished well next year.
            .where(Birthday.told_at < localtime.start_of(on) + ONE_DAY)
            .limit(limit - len(found))
            .tuples()
        )
        found += [Come(customer_id, on, key, user_id) for customer_id, key, user_id in rows]
        if len(found) >= limit:
            break
    return found


def _check(month: int, day: int) -> None:
    if not is_day(month, day):
        raise ValueError(f"no year has a day {month}/{day}")
