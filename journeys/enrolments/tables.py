"""The tables of enrolments, one row for each customer's way through a flow, and of the variants they were given."""

import json

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer
from journeys.flows.tables import Flow

WAITING, SENDING, HELD = "waiting", "sending", "held"
DONE, GOAL, ENDED, HELD_OUT = "done", "goal", "ended", "held-out"
INSIDE = (WAITING, SENDING, HELD)
ERASED = "erased"
"""Why it ended: the customer was erased."""
PAUSED, ERROR = "paused", "error"
"""Why those are held who wait for no moment: until the flow goes on, until somebody tries their step again."""


class Enrolment(Model):
    """Where a customer stands in a flow."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", index=False)
    customer_id: int
    flow = peewee.ForeignKeyField(Flow, on_delete="CASCADE", backref="+", index=False)
    flow_id: int
    entry_key = peewee.CharField(150)
    """What makes it the only one: `once`, `order:1001`, `again:3`."""
    version_id = peewee.IntegerField()
    state = peewee.CharField(10, default=WAITING)
    """`waiting` (until `due_at` or for an event), `sending` (its message is planned), `held` (ticket, pause, error);
    ended: `done`, `goal`, `ended`; `held-out` of the beginning."""
    step_key = peewee.CharField(64)
    """The step that comes next, or whose message is planned."""
    due_at = UtcDateTimeField(null=True)
    """When the clock takes it; null while its event is in the inbox, so that a take changes one index alone."""
    base_at = UtcDateTimeField()
    """When the step before was due; the next wait of days counts from here. Of one that is taken, when its own step
    was due."""
    waits_for = peewee.CharField(100, null=True)
    """The event that ends the wait early: `tag:has-concern`, `order`."""
    take_count = peewee.IntegerField(default=0)
    """How often it was taken, for the ids of its events."""
    cause = peewee.CharField(255)
    """The event that made the customer enter."""
    data = peewee.TextField(default="{}")
    """Facts of the trigger as JSON: the order's number, its products."""
    entered_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)
    end_reason = peewee.CharField(32, default="")
    """Why it was held or ended: `goal`, `blocked`, `opted-out`, `step-deleted`, `off` …"""

    @property
    def is_taken(self) -> bool:
        """Whether the clock has taken it: the event of its step is in the inbox."""
        waits_for_nothing = self.due_at is None and self.state in (WAITING, HELD)
        return waits_for_nothing and not (self.state == HELD and self.end_reason in (PAUSED, ERROR))

    @property
    def products(self) -> list[str]:
        """The product codes of the order by which the customer entered; empty where it was none."""
        return [str(code) for code in json.loads(self.data).get("products", [])]

    @property
    def order_number(self) -> str | None:
        """The number of the order by which the customer entered."""
        number = json.loads(self.data).get("order")
        return str(number) if number else None

    class Meta:
        table_name = "enrolment"
        indexes = (
            (("customer", "flow", "entry_key"), True),
            (("flow", "state", "step_key", "version_id"), False),
        )


class StepAssignment(Model):
    """Which variant of a step the customer of an enrolment was given, stored when the step's message is planned."""

    enrolment = peewee.ForeignKeyField(Enrolment, on_delete="CASCADE", backref="+", index=False)
    enrolment_id: int
    step_key = peewee.CharField(64)
    variant = peewee.CharField(64)
    """`a` is the step's own message."""
    assigned_at = UtcDateTimeField()

    class Meta:
        table_name = "step_assignment"
        indexes = ((("enrolment", "step_key"), True),)


erasure.blanked(
    Enrolment,
    lambda: {
        "data": "{}",
        "due_at": None,
        "waits_for": None,
        "end_reason": peewee.Case(None, [(Enrolment.state.in_(INSIDE), ERASED)], Enrolment.end_reason),
        "ended_at": erasure.unless_set(Enrolment.ended_at, localtime.now()),
        "state": peewee.Case(None, [(Enrolment.state.in_(INSIDE), ENDED)], Enrolment.state),
    },
)
erasure.detached(StepAssignment, "Which wording was tried, for its effect.")
