"""The tables of short links and clicks: links of one customer each, and links that all recipients share."""

import peewee

from bot.db import erasure
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


class SharedLink(Model):
    """A short link that is the same for all recipients, because they got the same text in one call: its clicks count
    as a sum, and of nobody in particular."""

    code = peewee.CharField(16, unique=True)
    subject = peewee.CharField(150)
    """What it belongs to, such as `campaign:3`."""
    url = peewee.CharField(1000)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "shared_link"
        indexes = ((("subject", "url"), True),)


class SharedClick(Model):
    """Somebody opened a shared link."""

    link = peewee.ForeignKeyField(SharedLink, on_delete="CASCADE", backref="+")
    clicked_at = UtcDateTimeField()

    class Meta:
        table_name = "shared_click"


erasure.blanked(ShortLink, lambda: {"code": erasure.code("e:", ShortLink.id)})
erasure.detached(LinkClick, "When a link was opened that leads nowhere from then on.")
erasure.nothing("They are the same for all recipients.", SharedLink, SharedClick)
