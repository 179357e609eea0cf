"""Decides which day is a customer's birthday and who has one today; no year is asked for, as none is needed."""

import re
import unicodedata
from datetime import date
from typing import Any

from peewee import ForeignKeyField, IntegerField, SmallIntegerField

from bot import localtime
from bot.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.customer import Customer

LEAP_YEAR = 2024
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?(?!\d)|^\s*(\d{2})(\d{2})\s*$")


class Birthday(Model):
    """A customer's birthday. Told once: who could change it could have one every week."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    month = SmallIntegerField()
    day = SmallIntegerField()
    told_at = UtcDateTimeField()
    changed_by_id = IntegerField(null=True)

    class Meta:
        table_name = "birthday"
        indexes = ((("month", "day"), False),)


def read(text: str) -> tuple[int, int] | None:
    """Month and day in what somebody wrote: 4月1日, 4/1, 0401, in any width; None when there is no such day."""
    found = _DAY.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    month, day = (int(part) for part in found.groups() if part is not None)
    return (month, day) if is_day(month, day) else None


def is_day(month: int, day: int) -> bool:
    """Whether some year has that day."""
    try:
        date(LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True


def of_customer(customer_id: int) -> Birthday | None:
    """What the customer told."""
    found: Birthday | None = Birthday.get_or_none(Birthday.customer == customer_id)
    return found


def learn(customer_id: int, month: int, day: int) -> bool:
    """Keep it; False when it is known already."""
    require_transaction()
    row = insert_once(Birthday, customer=customer_id, month=month, day=day, told_at=localtime.now())
    return row is not None


def change(customer_id: int, month: int, day: int, staff_id: int) -> None:
    """Staff put it right, at the customer's word. Gifts still come once a year."""
    require_transaction()
    if not is_day(month, day):
        raise ValueError(f"no year has a day {month}/{day}")
    values: dict[Any, Any] = {
        Birthday.month: month,
        Birthday.day: day,
        Birthday.told_at: localtime.now(),
        Birthday.changed_by_id: staff_id,
    }
    Birthday.insert({Birthday.customer: customer_id, **values}).on_conflict(
        conflict_target=[Birthday.customer], update=values
    ).execute()


def today(limit: int, after: int = 0) -> list[int]:
    """Customers whose birthday is today, by id after that one; who was born on 29 February has it on the 28th, too."""
    day = localtime.today()
    days = (Birthday.month == day.month) & (Birthday.day == day.day)
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        days |= (Birthday.month == 2) & (Birthday.day == 29)
    rows: Any = (
        Birthday.select(Birthday.customer)
        .where(days, Birthday.customer > after)
        .order_by(Birthday.customer)
        .limit(limit)
        .tuples()
    )
    return [int(customer_id) for (customer_id,) in rows]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
