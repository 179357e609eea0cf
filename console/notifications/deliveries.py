"""Stores what is sent to which device: one row for each alert and device, leased for each try.

A try that ended without a record is made again; the notification on the device then replaces the first one.
"""

from datetime import timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.web_push.answers import Outcome, Verdict
from console.auth.push_devices import PushDevice
from support.alerts.alerts import StaffAlert

DUE, SENT, FAILED, DROPPED = "due", "sent", "failed", "dropped"
LEASE = timedelta(minutes=1)
"""Longer than a try lasts at most."""


class AlertDelivery(Model):
    """An alert that goes to a device; without an alert it is a test."""

    alert = peewee.ForeignKeyField(StaffAlert, null=True, on_delete="CASCADE", backref="+", index=False)
    alert_id: int | None
    device = peewee.ForeignKeyField(PushDevice, on_delete="CASCADE", backref="+")
    device_id: int
    state = peewee.CharField(10, default=DUE)
    attempt_count = peewee.SmallIntegerField(default=0)
    status = peewee.IntegerField(null=True)
    """What the push service last answered; None when it did not."""
    made_at = UtcDateTimeField()
    not_before = UtcDateTimeField()

    class Meta:
        indexes = ((("alert", "device"), True),)


def put(alert_id: int | None, device_id: int, made_at: object) -> int | None:
    """Store that the alert goes to the device; None when it does already."""
    require_transaction()
    now = localtime.machine_now()
    return insert_once(AlertDelivery, alert=alert_id, device=device_id, made_at=made_at, not_before=now)


def due(limit: int = 20) -> list[AlertDelivery]:
    """What is to be tried now."""
    waits = (AlertDelivery.state == peewee.SQL("'due'")) & (
        AlertDelivery.not_before <= localtime.machine_now()
    )
    return list(AlertDelivery.select().where(waits).order_by(AlertDelivery.not_before).limit(limit))


def take(delivery: AlertDelivery) -> bool:
    """Lease it for one try. False when another process has it."""
    require_transaction()
    now = localtime.machine_now()
    free = (
        (AlertDelivery.id == delivery.id) & (AlertDelivery.state == DUE) & (AlertDelivery.not_before <= now)
    )
    changed = AlertDelivery.update(
        not_before=now + LEASE, attempt_count=AlertDelivery.attempt_count + 1
    ).where(free)
    return bool(changed.execute())


def drop(delivery_id: int) -> None:
    """It is not sent any more."""
    require_transaction()
    AlertDelivery.update(state=DROPPED).where(
        AlertDelivery.id == delivery_id, AlertDelivery.state == DUE
    ).execute()


def record(delivery: AlertDelivery, verdict: Verdict, status: int | None) -> None:
    """Record a try. A device whose subscription has ended is removed, with all that waits for it."""
    require_transaction()
    mine = AlertDelivery.id == delivery.id
    match verdict.outcome:
        case Outcome.SENT:
            AlertDelivery.update(state=SENT, status=status).where(mine).execute()
            sent = PushDevice.update(sent_at=localtime.machine_now())
            sent.where(PushDevice.id == delivery.device_id).execute()
        case Outcome.GONE:
            PushDevice.delete().where(PushDevice.id == delivery.device_id).execute()
        case Outcome.AGAIN:
            AlertDelivery.update(status=status, not_before=localtime.machine_now() + verdict.wait).where(
                mine
            ).execute()
        case Outcome.FAILED:
            AlertDelivery.update(state=FAILED, status=status).where(mine).execute()


erasure.nothing("It says which device of staff an alert went to.", AlertDelivery)
