"""The tables of short links and clicks."""

import peewee

from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer


class ShortLink(Model):
    """A short link of one customer in one message, to an address the shop stored."""

    code = peewee.CharField(16, unique=True)
    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
    customer_id: int
    url = peewee.CharField(1000)
    cause = peewee.CharField(255)
    """The cause of the planned message that carries it."""
    flow_key = peewee.CharField(64, null=True)
    step_key = peewee.CharField(64, null=True)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "short_link"
        indexes = ((("cause", "url"), False),)


class LinkClick(Model):
    """A person opened a short link. Visits of programs that make previews are not stored."""

    link = peewee.ForeignKeyField(ShortLink, on_delete="CASCADE", backref="+")
    link_id: int
    clicked_at = UtcDateTimeField()

    class Meta:
        table_name = "link_click"
