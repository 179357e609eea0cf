"""Decides to whom the question was put, and because of what: once a cause. And whether it was put to mind again."""

from datetime import date, timedelta

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.orders.purchases import Purchase
from customers.people.customer import Customer

ASKED_FOR = "word:"
"""The causes of questions that the customer asked for."""


class SurveyInvitation(Model):
    """The question put to one customer once."""

    customer = peewee.ForeignKeyField(Customer, index=False)
    customer_id: int
    cause = peewee.CharField(unique=True)
    """`purchase:12`, `drip:7:2026-04-01`, `ticket:7`, `word:<event>`, `staff:<event>`."""
    asked_at = UtcDateTimeField()
    purchase = peewee.ForeignKeyField(Purchase, null=True, on_delete="SET NULL", index=False, backref="+")
    purchase_id: int | None
    """The purchase it was about."""
    reminded_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "survey_invitation"
        indexes = ((("customer", "id"), False),)


def invite(customer_id: int, cause: str) -> int:
    """The invitation's id; the same one when that cause has already led to one."""
    require_transaction()
    made = insert_once(
        SurveyInvitation,
        customer=customer_id,
        cause=cause,
        asked_at=localtime.now(),
        purchase=_purchase_of(cause),
    )
    return made or SurveyInvitation.get(SurveyInvitation.cause == cause).id


def remind(invitation_id: int) -> bool:
    """It is put to mind again now. False when it was before: once is kind, twice is not."""
    require_transaction()
    unreminded = (SurveyInvitation.id == invitation_id) & SurveyInvitation.reminded_at.is_null()
    return bool(SurveyInvitation.update(reminded_at=localtime.now()).where(unreminded).execute() == 1)


def written_count(day: date) -> int:
    """How many people the shop wrote to on that day because of the question, reminders included."""
    begin, end = localtime.start_of(day), localtime.start_of(day + timedelta(days=1))
    asked, reminded = SurveyInvitation.asked_at, SurveyInvitation.reminded_at
    unasked_for = SurveyInvitation.select().where(
        asked >= begin, asked < end, ~SurveyInvitation.cause.startswith(ASKED_FOR)
    )
    again = SurveyInvitation.select().where(reminded >= begin, reminded < end)
    return int(unasked_for.count()) + int(again.count())


def _purchase_of(cause: str) -> int | None:
    """That purchase, while it is there."""
    kind, _, number = cause.partition(":")
    if kind != "purchase" or not number.isdecimal():
        return None
    found = Purchase.get_or_none(Purchase.id == int(number))
    return found.id if found is not None else None


def latest_of(customer_id: int) -> SurveyInvitation | None:
    """The customer's newest invitation: whatever old button is tapped, it speaks for this one."""
    query = SurveyInvitation.select().where(SurveyInvitation.customer == customer_id)
    found: SurveyInvitation | None = query.order_by(SurveyInvitation.id.desc()).first()
    return found
