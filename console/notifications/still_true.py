"""Whether an alert is still worth sending: not answered, read or handed on meanwhile, and not too old."""

from bot import localtime
from support.alerts.alerts import StaffAlert
from support.alerts.rules import STALE_AFTER, Occasion
from support.tickets import notes, tickets


def is_still_true(alert: StaffAlert) -> bool:
    """Whether whoever gets the alert now still has something to do."""
    if not localtime.now() - alert.made_at < STALE_AFTER:
        return False
    ticket = tickets.find(int(alert.ticket_id))
    if ticket is None or ticket.state == tickets.RESOLVED or ticket.snoozed_until is not None:
        return False
    match alert.occasion:
        case Occasion.MENTION:
            return notes.is_asked(ticket.id, alert.for_staff_id or 0)
        case Occasion.ASSIGNED:
            return bool(ticket.assignee_id == alert.for_staff_id)
        case _:
            return bool(ticket.state == tickets.WAITING)
