"""Stores surveys that came due at a bad moment, so that the clock can send them later."""

from datetime import date
from typing import Any

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, insert_once, require_transaction
from customers.people.customer import Customer


class PostponedQuestion(Model):
    """A survey that came due outside the allowed hours, or while staff had the chat."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    cause = peewee.CharField(unique=True)
    postponed_on = peewee.DateField(index=True)
    """The last day on which it could not be sent."""

    class Meta:
        table_name = "postponed_question"


def postpone(customer_id: int, cause: str) -> None:
    """Store it for a later day, or move its day to today."""
    require_transaction()
    today = localtime.today()
    if insert_once(PostponedQuestion, customer=customer_id, cause=cause, postponed_on=today) is None:
        PostponedQuestion.update(postponed_on=today).where(PostponedQuestion.cause == cause).execute()


def settle(cause: str) -> None:
    """Remove it: it was sent, or never will be."""
    require_transaction()
    PostponedQuestion.delete().where(PostponedQuestion.cause == cause).execute()


def forget_before(day: date) -> int:
    """Remove those that could not be sent since that day; how many."""
    require_transaction()
    return int(PostponedQuestion.delete().where(PostponedQuestion.postponed_on < day).execute())


def since(day: date) -> list[tuple[int, str, date]]:
    """Those postponed on that day or later: customer, cause, and the last day on which it could not be sent;
    oldest first."""
    rows: Any = (
        PostponedQuestion.select(
            PostponedQuestion.customer, PostponedQuestion.cause, PostponedQuestion.postponed_on
        )
        .where(PostponedQuestion.postponed_on >= day)
        .order_by(PostponedQuestion.id)
        .tuples()
    )
    return list(rows)


erasure.deleted(PostponedQuestion)
