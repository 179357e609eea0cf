"""The testimonials that count for the rank: those the shop shows now. Points for writing one are `ledger/`'s,
whether or not it is shown."""

from collections.abc import Sequence
from typing import Any

from peewee import CharField, DateField, ForeignKeyField

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, insert_once, require_transaction
from customers.people.customer import Customer


class ShownTestimonial(Model):
    """One testimonial that the shop shows."""

    customer = ForeignKeyField(Customer, index=False)
    cause = CharField(190, unique=True)
    shown_on = DateField()

    class Meta:
        table_name = "shown_testimonial"
        indexes = ((("customer", "shown_on"), False),)


def add(customer_id: int, cause: str) -> bool:
    """Counts the testimonial from today; False when it is counted already."""
    require_transaction()
    made = insert_once(ShownTestimonial, customer=customer_id, cause=cause, shown_on=localtime.today())
    return made is not None


def remove(cause: str) -> bool:
    """Stops counting the testimonial. The rank falls late and after a warning, as for everything that no
    longer counts."""
    require_transaction()
    return bool(ShownTestimonial.delete().where(ShownTestimonial.cause == cause).execute())


def writers_among(customer_ids: Sequence[int]) -> set[int]:
    """Those of the customers of whom a testimonial is shown, in one statement."""
    shown: Any = ShownTestimonial.select(ShownTestimonial.customer).where(
        ShownTestimonial.customer.in_(customer_ids)
    )
    return {customer_id for (customer_id,) in shown.distinct().tuples()}


erasure.detached(ShownTestimonial, "A day on which a perk was shown.")
