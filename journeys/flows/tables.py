"""The tables of flows and their versions; `stock.py` writes them."""

import peewee

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField

DRAFT, ON, PAUSED, OFF = "draft", "on", "paused", "off"


class Flow(Model):
    """A flow of the shop. Its content is in its versions; `draft` is what the owner edits and has not published."""

    key = peewee.CharField(64, unique=True)
    name = peewee.CharField(120)
    state = peewee.CharField(8, default=DRAFT)
    """`draft` (never on), `on`, `paused` (nobody enters, nobody goes on), `off` (nobody enters, those inside end)."""
    trigger_on = peewee.CharField(32)
    """What the published version is triggered by, to find the flows of an event."""
    version_id = peewee.IntegerField(null=True)
    """The published version; null while there is none."""
    draft = peewee.TextField(null=True)
    starts_at = UtcDateTimeField(null=True)
    """Triggers before this moment enter nobody: the day after it was switched on."""
    changed_at = UtcDateTimeField()
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "flow"


class FlowVersion(Model):
    """A published version. Its wording may be changed in place, its structure never."""

    flow = peewee.ForeignKeyField(Flow, on_delete="CASCADE", backref="+", index=False)
    flow_id: int
    number = peewee.IntegerField()
    definition = peewee.TextField()
    """`journeys/flows/definition.py`'s `FlowDefinition` as JSON."""
    published_at = UtcDateTimeField()
    published_by = peewee.IntegerField(null=True)
    """The member of staff; null for the command line."""

    class Meta:
        table_name = "flow_version"
        indexes = ((("flow", "number"), True),)


erasure.nothing("It is about the shop's flows.", Flow, FlowVersion)
