"""Stores changes of the shop's settings that come into force on a day, such as rank rules after a simulation.

On that day the clock makes a version of each (`handlers/settings_jobs.py`, by `bot/shop_versions.py`): of the values it
names alone, so that whatever else is changed until then stays.
"""

from datetime import date

import peewee

from bot import localtime
from bot.config import shop, shop_toml, toml_values
from bot.config.toml_values import Parts
from bot.db.database import Model, UtcDateTimeField, require_transaction
from bot.shop_versions import ShopVersion, Values

WAITING, IN_FORCE, TAKEN_BACK, REFUSED = "waiting", "in-force", "taken-back", "refused"


class PlannedShopChange(Model):
    """A change that waits for its day, or what became of it."""

    content = peewee.TextField()
    """TOML of the values it changes."""
    from_on = peewee.DateField(index=True)
    """On the shop's calendar."""
    made_at = UtcDateTimeField()
    made_by_id = peewee.IntegerField(null=True)
    note = peewee.TextField(default="")
    state = peewee.CharField(16, default=WAITING)
    settled_at = UtcDateTimeField(null=True)
    settled_by_id = peewee.IntegerField(null=True)
    version_id = peewee.IntegerField(null=True)
    """The version it became."""
    fault = peewee.TextField(default="")
    """Why it could not come into force."""

    class Meta:
        table_name = "planned_shop_change"

    def values(self) -> Parts:
        """The values it changes."""
        return shop.parts_of(shop_toml.parsed(self.content))


def plan(values: Values, from_on: date, by: int | None, note: str = "") -> PlannedShopChange:
    """Store the change for that day. Its values must have been checked. Needs a write transaction."""
    require_transaction()
    made: PlannedShopChange = PlannedShopChange.create(
        content=toml_values.written(values),
        from_on=from_on,
        made_at=localtime.now(),
        made_by_id=by,
        note=note.strip(),
    )
    return made


def take_back(number: int, by: int | None) -> bool:
    """Take a change back before its day; False when it is settled already."""
    return _settle(number, TAKEN_BACK, settled_by_id=by)


def begin(number: int) -> bool:
    """Claim a change whose day has come; False when it was taken back meanwhile, or another clock has it."""
    return _settle(number, IN_FORCE)


def became(number: int, version: ShopVersion) -> None:
    """Note the version that a claimed change became."""
    PlannedShopChange.update(version_id=version.id).where(PlannedShopChange.id == number).execute()


def refuse(number: int, fault: str) -> None:
    """Note why a claimed change could not come into force."""
    PlannedShopChange.update(state=REFUSED, fault=fault).where(PlannedShopChange.id == number).execute()


def waiting() -> list[PlannedShopChange]:
    """What waits for its day, the next first."""
    query = PlannedShopChange.select().where(PlannedShopChange.state == WAITING)
    return list(query.order_by(PlannedShopChange.from_on, PlannedShopChange.id))


def due() -> list[PlannedShopChange]:
    """What waits and whose day has come."""
    return [each for each in waiting() if each.from_on <= localtime.today()]


def refused() -> list[PlannedShopChange]:
    """What could not come into force."""
    return list(
        PlannedShopChange.select().where(PlannedShopChange.state == REFUSED).order_by(PlannedShopChange.id)
    )


def _settle(number: int, state: str, **more: object) -> bool:
    require_transaction()
    changed = (
        PlannedShopChange.update(state=state, settled_at=localtime.now(), **more)
        .where(PlannedShopChange.id == number, PlannedShopChange.state == WAITING)
        .execute()
    )
    return bool(changed)
