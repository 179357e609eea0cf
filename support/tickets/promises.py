"""By when an answer is promised, in staff's working hours: by the ticket's cause, and sooner after anger or harm.

The hours by cause are in `settings.py`.
"""

from datetime import UTC, datetime

from bot import localtime
from support.hours import business_hours
from support.hours import settings as hours_settings
from support.tickets import settings as ticket_settings
from support.tickets.severity import Severity
from support.tickets.tables import ASKED, DANGER, HARM, UPSET

_CAUSE_OF = {Severity.ANGER: UPSET, Severity.HARM: HARM, Severity.DANGER: DANGER}


def due(cause: str, severity: int = Severity.OTHER) -> datetime:
    """By when an answer is due if the customer begins to wait now, in UTC: by the cause, or sooner by the severity."""
    causes = {cause, _CAUSE_OF.get(Severity(severity), cause)}
    local, hours = localtime.local(localtime.now()), hours_settings.hours()
    return min(
        business_hours.due_after(hours, local, ticket_settings.promised(each)) for each in causes
    ).astimezone(UTC)


def of_new_wait(promised_at: datetime | None, cause: str, severity: int) -> datetime:
    """By when to answer a customer who begins to wait for a person now: as soon as anybody who asks for one, and no
    later than was promised before, unless that time has passed."""
    due_at = min(due(cause, severity), due(ASKED))
    return min(due_at, promised_at) if promised_at is not None and promised_at > localtime.now() else due_at
