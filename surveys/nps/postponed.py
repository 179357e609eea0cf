"""Decides what becomes of a question that was due at a bad moment: it waits, and is made up when it can be."""

from datetime import date
from typing import Any

import peewee

from bot import localtime
from bot.db.database import Model, insert_once, require_transaction
from customers.people.customer import Customer


class PostponedQuestion(Model):
    """A question that came due outside the hours, or during a talk with staff."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    cause = peewee.CharField(unique=True)
    postponed_on = peewee.DateField(index=True)
    """The last day on which it could not be put."""

    class Meta:
        table_name = "postponed_question"


def postpone(customer_id: int, cause: str) -> None:
    """Keep it for a better moment."""
    require_transaction()
    today = localtime.today()
    if insert_once(PostponedQuestion, customer=customer_id, cause=cause, postponed_on=today) is None:
        PostponedQuestion.update(postponed_on=today).where(PostponedQuestion.cause == cause).execute()


def settle(cause: str) -> None:
    """It was put, or will never be."""
    require_transaction()
    PostponedQuestion.delete().where(PostponedQuestion.cause == cause).execute()


def forget_before(day: date) -> int:
    """What nobody could put for so long is not made up any more; how many those were."""
    require_transaction()
    return int(PostponedQuestion.delete().where(PostponedQuestion.postponed_on < day).execute())


def since(day: date) -> list[tuple[int, str, date]]:
    """What waits: customer, cause, and the last day on which it could not be put; the longest waiting first."""
    rows: Any = (
        PostponedQuestion.select(
            PostponedQuestion.customer, PostponedQuestion.cause, PostponedQuestion.postponed_on
        )
        .where(PostponedQuestion.postponed_on >= day)
        .order_by(PostponedQuestion.id)
        .tuples()
    )
    return list(rows)
