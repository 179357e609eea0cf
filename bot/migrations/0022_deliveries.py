"""Where each order went, as a keyed hash: two who share a home are recognised when one refers the other."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    run(migrator.add_column("purchase", "delivery_hash", peewee.CharField(64, null=True)))
