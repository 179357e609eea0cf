"""Stores the browsers of staff that take web push, each with the session it was added in.

A device gets nothing once that session has ended or expired, or the person is disabled (`live_of`).
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import peewee

from bot import localtime
from bot.config import settings
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from bot.web_push.client import Subscription
from console.auth.sessions import StaffSession
from console.auth.staff_accounts import Staff

MOST = 20
"""Devices of one person."""


class PushDevice(Model):
    """One browser that takes web push for one person."""

    session = peewee.ForeignKeyField(StaffSession, on_delete="CASCADE", backref="+")
    session_id: int
    staff_id = peewee.IntegerField(index=True)
    endpoint = peewee.CharField(1000, unique=True)
    browser_key = peewee.CharField(100)
    browser_secret = peewee.CharField(50)
    name = peewee.CharField(60)
    made_at = UtcDateTimeField()
    sent_at = UtcDateTimeField(null=True)
    """When its push service last took a message."""

    @property
    def subscription(self) -> Subscription:
        """Where and by which keys it is reached."""
        return Subscription(str(self.endpoint), str(self.browser_key), str(self.browser_secret))


def add(session: StaffSession, staff_id: int, subscription: Subscription) -> None:
    """Store the device, which may have been another person's before; the person's oldest one goes when there are too
    many."""
    require_transaction()
    of_person = {
        "session": session.id,
        "staff_id": staff_id,
        "browser_key": subscription.browser_key,
        "browser_secret": subscription.browser_secret,
        "name": session.device,
        "made_at": localtime.machine_now(),
    }
    PushDevice.insert(endpoint=subscription.endpoint, **of_person).on_conflict(
        conflict_target=[PushDevice.endpoint],
        update={getattr(PushDevice, name): value for name, value in of_person.items()},
    ).execute()
    mine = PushDevice.staff_id == staff_id
    newest = PushDevice.select(PushDevice.id).where(mine).order_by(PushDevice.id.desc()).limit(MOST)
    PushDevice.delete().where(mine, PushDevice.id.not_in([row.id for row in newest])).execute()


def of_staff(staff_id: int) -> list[PushDevice]:
    """The person's devices, also those whose session has expired, newest first."""
    return list(PushDevice.select().where(PushDevice.staff_id == staff_id).order_by(PushDevice.id.desc()))


def of_session(session_id: int) -> list[PushDevice]:
    """The devices that were added in that session: one, or none."""
    return list(PushDevice.select().where(PushDevice.session == session_id))


def remove(staff_id: int, device_id: int) -> bool:
    """Remove one of the person's devices. False when it was none of theirs."""
    require_transaction()
    mine = (PushDevice.id == device_id) & (PushDevice.staff_id == staff_id)
    return bool(PushDevice.delete().where(mine).execute())


def remove_endpoint(staff_id: int, endpoint: str) -> bool:
    """The same by its address: the browser ended the subscription."""
    require_transaction()
    mine = (PushDevice.endpoint == endpoint) & (PushDevice.staff_id == staff_id)
    return bool(PushDevice.delete().where(mine).execute())


def live_of(staff_ids: Collection[int]) -> list[PushDevice]:
    """The devices of these people that may get something now: enabled, signed in, and not expired."""
    now, rules = localtime.machine_now(), settings.current()
    query: Any = (
        PushDevice.select()
        .join(StaffSession, on=PushDevice.session == StaffSession.id)
        .join(Staff, on=StaffSession.staff == Staff.id)
    )
    return list(
        query.where(
            Staff.id.in_(list(staff_ids)),
            Staff.id == PushDevice.staff_id,
            Staff.disabled_at.is_null(),
            StaffSession.seen_at >= now - timedelta(days=rules.console_idle_days),
            StaffSession.made_at >= now - timedelta(days=rules.console_session_days),
        ).order_by(PushDevice.id)
    )


def is_live(device: PushDevice) -> bool:
    """Whether that device may get something now."""
    return any(each.id == device.id for each in live_of([device.staff_id]))


erasure.nothing("It is about staff.", PushDevice)
