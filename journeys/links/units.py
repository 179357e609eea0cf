"""Names the aggregation unit under which LINE sums up the pushes of a flow's step, or of a campaign, in a month.

`insight.py` reads the sums; `bot/queue/aggregation_units.py` stores them.
"""

import hashlib
from collections.abc import Sequence
from datetime import date

from bot import localtime
from bot.queue import aggregation_units
from journeys.enrolments.tables import Enrolment
from journeys.flows.tables import Flow
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage

LONGEST = 30
"""Characters of a name. https://developers.line.biz/en/reference/messaging-api/#send-push-message"""


def unit_of_call(rows: Sequence[PlannedMessage]) -> str | None:
    """The unit of a push with these messages: that of the first step of a flow or campaign among them, and None when
    there is none. What else is in the call is counted with it."""
    for row in rows:
        if row.kind == Kind.CAMPAIGN:
            return unit_of(row.cause.rpartition(":")[0])
        if row.enrolment_id is not None and row.step_key is not None:
            key = Flow.select(Flow.key).join(Enrolment).where(Enrolment.id == row.enrolment_id).scalar()
            return unit_for(str(key), row.step_key) if key is not None else None
    return None


def unit_for(flow_key: str, step_key: str) -> str | None:
    """The unit that a push of this step carries now, to be passed to `outbox.push`; None when LINE's names of
    the month are used up. In the transaction of the push."""
    return unit_of(subject_of(flow_key, step_key))


def unit_of(subject: str) -> str | None:
    """The same for any subject, such as a campaign's `campaign:3`."""
    unit = name_of(subject, localtime.today())
    return unit if aggregation_units.use(unit, subject) else None


def subject_of(flow_key: str, step_key: str) -> str:
    """What a step is called in `message_insight`; keys of flows and steps have no slash."""
    return f"{flow_key}/{step_key}"


def name_of(subject: str, day: date) -> str:
    """The same name for all pushes of that subject in the month of that day, in LINE's alphabet."""
    return f"g{day:%Y%m}_{hashlib.sha256(subject.encode()).hexdigest()}"[:LONGEST]
