"""The messages that a flow would have sent one customer in the past, had it been on: for `manage.py budget simulate`.

Follows the waits of the steps. Conditions are taken as met and waits for something to happen last their whole time,
so that the flow costs rather too much than too little. What a flow really does is in `steps.py`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from journeys.enrolments import waits
from journeys.enrolments.waits import Repurchase
from journeys.flows.definition import Again, FlowDefinition, Step
from journeys.flows.occurrences import On
from journeys.sending.message_kinds import MessageClass, step_priority
from journeys.sending.replay import PastMessage

KNOWN_TRIGGERS = (On.FOLLOW, On.ORDER, On.RANK, On.COUPON)
"""What the database remembers well enough to replay flows by."""
Bought = tuple[datetime, int | None]
"""When an order was made, and after how many days its products are usually bought again."""


def messages(
    definition: FlowDefinition,
    triggered_at: Sequence[datetime],
    ended_at: Sequence[datetime],
    since: datetime,
    until: datetime,
    bought: Sequence[Bought] = (),
) -> Iterator[PastMessage]:
    """The flow's messages between the two moments. `triggered_at`: every time its trigger happened, before `since`,
    too; `ended_at`: every time its goal was reached; `bought`: the customer's orders. All times in the shop's zone, in
    order."""
    for entered_at in _entries(definition, triggered_at):
        goal_at = next((at for at in ended_at if at > entered_at), until)
        for each in _steps(definition, entered_at, bought):
            if each.earliest_at >= min(goal_at, until):
                break
            if each.earliest_at >= since and entered_at >= since:
                yield each


def _entries(definition: FlowDefinition, triggered_at: Sequence[datetime]) -> Iterator[datetime]:
    """When the customer enters, by the flow's policy."""
    last: datetime | None = None
    for at in triggered_at:
        if last is not None:
            if definition.entry == "once":
                return
            if isinstance(definition.entry, Again) and at < last + timedelta(
                days=definition.entry.again_after_days
            ):
                continue
        last = at
        yield at


def _steps(
    definition: FlowDefinition, entered_at: datetime, bought: Sequence[Bought]
) -> Iterator[PastMessage]:
    """The messages on the way through the flow; a way that leads back to a step ends there."""
    base, step, passed = entered_at, definition.step[0], set[str]()
    while step.key not in passed:
        passed.add(step.key)
        zone, order_at = base.tzinfo or UTC, entered_at if definition.trigger.on is On.ORDER else base
        base = max(waits.due_at(step.wait, base, zone, _newest(bought, order_at)).astimezone(zone), base)
        if step.has_message:
            yield _message(definition, step, base)
        following = definition.find(definition.after(step) or "")
        if following is None:
            return
        step = following


def _message(definition: FlowDefinition, step: Step, due_at: datetime) -> PastMessage:
    message_class = MessageClass(definition.class_of(step))
    latest_at = due_at + timedelta(days=step.latest_days)
    return PastMessage(definition.key, message_class, step_priority(message_class), due_at, latest_at)


def _newest(bought: Sequence[Bought], until: datetime) -> Repurchase | None:
    """The newest order made by then; None where its products have no days, or there is none."""
    made = [each for each in bought if each[0] <= until]
    return Repurchase(made[-1][0], made[-1][1]) if made and made[-1][1] is not None else None
