"""Stores what staff are alerted of, in the transaction in which it happened; unique by its cause.

An alert holds no word and no name of a customer. Who gets it is in `rules.py`; whether it is still true when it is
sent is asked by `console/notifications/still_true.py`.
"""

from datetime import datetime, timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from support.alerts.rules import COOLDOWN, Kind, Occasion, kind_of

FORGOTTEN_AFTER = timedelta(days=2)


class StaffAlert(Model):
    """One thing that staff are alerted of."""

    cause = peewee.CharField(120, unique=True)
    occasion = peewee.CharField(16)
    kind = peewee.CharField(16)
    ticket_id = peewee.IntegerField(index=True)
    for_staff_id = peewee.IntegerField(null=True)
    """The ticket's assignee, or the person mentioned."""
    made_at = UtcDateTimeField()
    addressed_at = UtcDateTimeField(null=True)
    """When it was decided which devices get it; None until then."""


def notify(
    occasion: Occasion,
    ticket_id: int,
    *,
    cause: str,
    assignee_id: int | None = None,
    urgency: int = 0,
) -> int | None:
    """Store an alert about that ticket, once for each cause; its id, or None when there was one before.

    `assignee_id` is the ticket's assignee, or the person mentioned; `urgency` the ticket's.
    """
    require_transaction()
    return insert_once(
        StaffAlert,
        cause=cause,
        occasion=occasion,
        kind=kind_of(occasion, assignee_id, urgency),
        ticket_id=ticket_id,
        for_staff_id=assignee_id,
        made_at=localtime.now(),
    )


def opened(ticket_id: int, assignee_id: int | None, urgency: int) -> None:
    """A ticket was opened."""
    notify(Occasion.OPENED, ticket_id, cause=f"opened:{ticket_id}", assignee_id=assignee_id, urgency=urgency)


def customer_wrote(ticket_id: int, assignee_id: int | None, urgency: int) -> None:
    """A customer wrote in a ticket that staff have. Ten messages in a row are one alert.

    The cause names the alert before it, so that of two messages at once only one alerts.
    """
    latest = latest_of(ticket_id)
    if latest is not None and localtime.now() - latest.made_at < COOLDOWN:
        return
    cause = f"wrote:{ticket_id}:{latest.id if latest else 0}"
    notify(Occasion.WROTE, ticket_id, cause=cause, assignee_id=assignee_id, urgency=urgency)


def became_urgent(ticket_id: int, assignee_id: int | None, urgency: int) -> None:
    """A ticket's urgency rose."""
    cause = f"urgent:{ticket_id}:{urgency}"
    notify(Occasion.URGENT, ticket_id, cause=cause, assignee_id=assignee_id, urgency=urgency)


def reopened(ticket_id: int, assignee_id: int | None, urgency: int) -> None:
    """A ticket was reopened because the customer was dissatisfied."""
    cause = f"reopened:{ticket_id}:{localtime.now().timestamp():.0f}"
    notify(Occasion.OPENED, ticket_id, cause=cause, assignee_id=assignee_id, urgency=urgency)


def assigned(ticket_id: int, to_id: int | None, by_id: int | None) -> None:
    """A ticket was assigned to somebody by somebody else; nothing when people take it for themselves."""
    if to_id is None or to_id == by_id:
        return
    latest = latest_of(ticket_id)
    cause = f"assigned:{ticket_id}:{to_id}:{latest.id if latest else 0}"
    notify(Occasion.ASSIGNED, ticket_id, cause=cause, assignee_id=to_id)


def mentioned(ticket_id: int, note_id: int, staff_id: int) -> None:
    """A note asks that person to read it."""
    notify(Occasion.MENTION, ticket_id, cause=f"mention:{note_id}:{staff_id}", assignee_id=staff_id)


def promise_near(ticket_id: int, due_at: datetime, assignee_id: int | None, urgency: int) -> bool:
    """The promised time of a ticket is near; False when staff were alerted of it before."""
    cause = f"promise:{ticket_id}:{due_at.timestamp():.0f}"
    made = notify(Occasion.PROMISE, ticket_id, cause=cause, assignee_id=assignee_id, urgency=urgency)
    return made is not None


def latest_of(ticket_id: int) -> StaffAlert | None:
    """The last alert about that ticket that was no mention."""
    query = StaffAlert.select().where(StaffAlert.ticket_id == ticket_id, StaffAlert.kind != Kind.MENTION)
    found: StaffAlert | None = query.order_by(StaffAlert.id.desc()).first()
    return found


def since(after_id: int, made_after: datetime, limit: int = 20) -> list[StaffAlert]:
    """The alerts after that one, and after that time, oldest first."""
    query = StaffAlert.select().where(StaffAlert.id > after_id, StaffAlert.made_at > made_after)
    return list(query.order_by(StaffAlert.id).limit(limit))


def newest_id() -> int:
    """The id of the newest alert; 0 without any."""
    return int(StaffAlert.select(peewee.fn.COALESCE(peewee.fn.MAX(StaffAlert.id), 0)).scalar())


def to_address(limit: int = 50) -> list[StaffAlert]:
    """Alerts for which it was not decided yet which devices get them, oldest first."""
    query = StaffAlert.select().where(StaffAlert.addressed_at.is_null())
    return list(query.order_by(StaffAlert.id).limit(limit))


def take_to_address(alert_id: int) -> bool:
    """Record that it is decided in this transaction; False when another process has done so."""
    require_transaction()
    mine = (StaffAlert.id == alert_id) & StaffAlert.addressed_at.is_null()
    return bool(StaffAlert.update(addressed_at=localtime.now()).where(mine).execute())


def forget_old() -> int:
    """Delete old alerts, with their deliveries; how many."""
    require_transaction()
    return int(StaffAlert.delete().where(StaffAlert.made_at < localtime.now() - FORGOTTEN_AFTER).execute())


erasure.nothing("It names a ticket by its number, for two days, and no customer.", StaffAlert)
