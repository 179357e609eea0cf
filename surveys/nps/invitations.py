"""Stores to whom the survey was sent and for which cause, once for each cause; and whether a reminder was sent."""

from datetime import date, timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.orders.purchases import Purchase
from customers.people.customer import Customer

ASKED_FOR = "word:"
"""Begins the cause of a survey that the customer asked for."""


class SurveyInvitation(Model):
    """The survey sent to one customer once."""

    customer = peewee.ForeignKeyField(Customer, index=False)
    customer_id: int
    cause = peewee.CharField(unique=True)
    """`purchase:12`, `drip:7:2026-04-01`, `ticket:7`, `word:<event>`, `staff:<event>`."""
    asked_at = UtcDateTimeField(index=True)
    purchase = peewee.ForeignKeyField(Purchase, null=True, on_delete="SET NULL", index=False, backref="+")
    purchase_id: int | None
    """The purchase it was about."""
    reminded_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "survey_invitation"
        indexes = ((("customer", "id"), False),)


def invite(customer_id: int, cause: str) -> int:
    """Record the survey as sent; its id. The same id when that cause has led to one already."""
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
    """Record a reminder. False when one was sent before: there is one for each survey."""
    require_transaction()
    unreminded = (SurveyInvitation.id == invitation_id) & SurveyInvitation.reminded_at.is_null()
    return bool(SurveyInvitation.update(reminded_at=localtime.now()).where(unreminded).execute() == 1)


def written_count(day: date) -> int:
    """How many surveys and reminders the shop sent on that day, without those that customers asked for."""
    begin, end = localtime.start_of(day), localtime.start_of(day + timedelta(days=1))
    asked, reminded = SurveyInvitation.asked_at, SurveyInvitation.reminded_at
    unasked_for = SurveyInvitation.select().where(
        asked >= begin, asked < end, ~SurveyInvitation.cause.startswith(ASKED_FOR)
    )
    again = SurveyInvitation.select().where(reminded >= begin, reminded < end)
    return int(unasked_for.count()) + int(again.count())


def _purchase_of(cause: str) -> int | None:
    """The id of the purchase named by the cause, if it exists."""
    kind, _, number = cause.partition(":")
    if kind != "purchase" or not number.isdecimal():
        return None
    found = Purchase.get_or_none(Purchase.id == int(number))
    return found.id if found is not None else None


def latest_of(customer_id: int) -> SurveyInvitation | None:
    """The customer's newest invitation, to which taps on older messages are counted too."""
    query = SurveyInvitation.select().where(SurveyInvitation.customer == customer_id)
    found: SurveyInvitation | None = query.order_by(SurveyInvitation.id.desc()).first()
    return found


erasure.detached(SurveyInvitation, "When the question was asked; response rates stay.")
