"""Decides to whom the question was put, and because of what: once a cause."""

import peewee

from bot import localtime
from bot.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.customer import Customer


class SurveyInvitation(Model):
    """The question put to one customer once."""

    customer = peewee.ForeignKeyField(Customer, index=False)
    customer_id: int
    cause = peewee.CharField(unique=True)
    """`purchase:12`, `word:<event>`, `staff:<event>`, `ticket:7`."""
    asked_at = UtcDateTimeField()

    class Meta:
        table_name = "survey_invitation"
        indexes = ((("customer", "id"), False),)


def invite(customer_id: int, cause: str) -> int:
    """The invitation's id; the same one when that cause has already led to one."""
    require_transaction()
    made = insert_once(SurveyInvitation, customer=customer_id, cause=cause, asked_at=localtime.now())
    return made or SurveyInvitation.get(SurveyInvitation.cause == cause).id


def latest_of(customer_id: int) -> SurveyInvitation | None:
    """The customer's newest invitation: whatever old button is tapped, it speaks for this one."""
    query = SurveyInvitation.select().where(SurveyInvitation.customer == customer_id)
    found: SurveyInvitation | None = query.order_by(SurveyInvitation.id.desc()).first()
    return found
