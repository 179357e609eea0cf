"""Who gets an alert by which ways: joins staff's accounts, what they chose, and who has the chat open."""

from dataclasses import dataclass

from bot import localtime
from console.auth.staff_accounts import Staff
from support.alerts import choices
from support.alerts.alerts import StaffAlert
from support.alerts.rules import SILENT, Choices, Kind, Ways, ways_for
from support.tickets import presence


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, and the ways by which the alert reaches them."""

    staff_id: int
    language: str
    ways: Ways


def of(alert: StaffAlert) -> list[Recipient]:
    """The people whom the alert reaches by any way. Nobody who has the chat open already."""
    people = list(Staff.select(Staff.id, Staff.language).where(Staff.disabled_at.is_null()))
    chosen = choices.of_many([each.id for each in people])
    here = presence.others(int(alert.ticket_id), 0)
    found = [
        Recipient(each.id, str(each.language), to(alert, each.id, chosen[each.id]))
        for each in people
        if each.id not in (*here.typing, *here.viewing)
    ]
    return [each for each in found if each.ways != SILENT]


def to(alert: StaffAlert, staff_id: int, chosen: Choices) -> Ways:
    """By which ways the alert reaches that person."""
    for_staff_id = None if alert.for_staff_id is None else int(alert.for_staff_id)
    return ways_for(Kind(alert.kind), for_staff_id, staff_id, chosen, localtime.local(alert.made_at))
