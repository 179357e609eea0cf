"""Plays a flow for one customer in simulated time: what would come when, and why, or why not.

It asks the engine's own rules (`waits.py`, `conditions.py`, `matching.py`, `journeys/sending/limits.py`) of values
alone: nothing is read or written here, so a draft can be played like a flow that is on. What else the shop would send
this customer in that time, and the month's budget, are not known to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from customers.people.tag_form import plain
from journeys.enrolments import conditions, matching, waits
from journeys.enrolments.customer_facts import CustomerFacts
from journeys.enrolments.stages import Stage
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.occurrences import Occurrence, On
from journeys.sending import limits as sending_limits
from journeys.sending.limits import Limits, Planned, SentLately, Verdict
from journeys.sending.message_kinds import CLASS_RULES, MessageClass

BY_CHAT = (On.FOLLOW, On.TAG, On.SCORE)
"""What the customer does in the chat, and the bot answers."""
BY_AN_ORDER = (On.ORDER, On.DISPATCH, On.DELIVERY)
"""Triggers that belong to an order, from which the repurchase days count."""
MOST_STEPS = 2_000
"""Where a flow with a loop is cut off; the check refuses such a flow before it is on."""


class What(StrEnum):
    """What happens at one point of a walk-through."""

    ENTERED = "entered"
    SENT = "sent"
    PASSED_OVER = "passed-over"
    SKIPPED = "skipped"
    DROPPED = "dropped"
    DID = "did"
    """The customer did something."""
    GOAL = "goal"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class WalkEvent:
    """One point of a walk-through."""

    at: datetime
    what: What
    step_key: str | None = None
    reason: str = ""
    """Passed over: `condition`, `no-testimonial`, `opted-out`; skipped and dropped: as for a planned message."""
    held_by: tuple[str, ...] = ()
    """Sent: what it waited for, in that order: `free-ride`, `quiet-hours`, `daily-limit` …"""
    is_free: bool = False
    """Sent: along with a reply."""
    did: Occurrence | None = None


@dataclass(frozen=True, slots=True)
class SimulatedAction:
    """Something that the customer does in the simulated time."""

    at: datetime
    did: Occurrence | None = None
    """None: they write something that the bot answers."""

    @property
    def is_in_chat(self) -> bool:
        """Whether the bot answers it, so that what waits can go along."""
        return self.did is None or self.did.on in BY_CHAT


@dataclass(frozen=True, slots=True)
class SimulationInput:
    """Whom the flow is played for, and in what shop."""

    facts: CustomerFacts
    zone: tzinfo
    limits: Limits = field(default_factory=Limits)
    sending: sending_limits.Recipient = field(default_factory=sending_limits.Recipient)
    sent: SentLately = field(default_factory=SentLately)
    """What they were sent in the days before."""
    bought: waits.Repurchase | None = None
    """The order from which waits for the repurchase days count. Another order that they make on the way is taken to
    be of the same products."""
    has_testimonial: bool = False
    recommends: frozenset[str] = frozenset()
    """What `recommend` may say so that there is a product for the customer."""
    """Whether there is a published testimonial to show."""


def play(
    definition: FlowDefinition,
    start: datetime,
    given: SimulationInput,
    actions: Sequence[SimulatedAction] = (),
) -> list[WalkEvent]:
    """Everything that happens from the trigger at `start` to the end of the flow, in order of time, when the customer
    does these things and nothing else. At the same moment, what is due comes before what the customer does."""
    walk = _Walk(definition, given, start, sorted(actions, key=lambda each: each.at))
    walk.run()
    return walk.events


class _GoalReached(Exception):
    """The goal was reached."""


class _Walk:
    """The state of one walk-through."""

    def __init__(
        self,
        definition: FlowDefinition,
        given: SimulationInput,
        start: datetime,
        actions: list[SimulatedAction],
    ) -> None:
        self.definition, self.given, self.start = definition, given, start
        self.facts, self.sent, self.now = given.facts, given.sent, start.astimezone(UTC)
        self.bought = given.bought
        self.to_come = [each for each in actions if each.at >= start]
        self.said: set[str] = set()
        self.replied_at = start if definition.trigger.on in BY_CHAT else None
        """When an answer goes out that a step which is carried out in the same event may go along with."""
        self.events = [WalkEvent(start, What.ENTERED)]

    def run(self) -> None:
        key: str | None = self.definition.step[0].key
        base = self.start
        try:
            for _ in range(MOST_STEPS):
                step = self.definition.find(key) if key else None
                if step is None:
                    break
                base = self._wait(step, base)
                key = self._take(step, base)
            self._note(What.DONE)
            while self.to_come:
                self._do_next()
        except _GoalReached:
            self._note(What.GOAL)

    def _wait(self, step: Step, base: datetime) -> datetime:
        """Let the time pass until the step is due, and return when that is. While the message before waits to be
        sent, its time may come and go: it is then due at once, and later days still count from its own time."""
        begins = self.now if step.wait.until is not None else base
        due = waits.due_at(step.wait, begins, self.given.zone, self.bought, self.now)
        while self.to_come and self.to_come[0].at < due:
            action = self._do_next()
            if action.did is not None and matching.ends(step.wait, action.did, self.definition.key):
                due = action.at
                self.replied_at = action.at if action.is_in_chat else None
                break
        self.now = max(self.now, due)
        return due

    def _take(self, step: Step, due: datetime) -> str | None:
        """What the step does now; the key of the next one."""
        passed_over = self._why_passed_over(step)
        if passed_over is not None:
            self._note(What.PASSED_OVER, step, reason=passed_over)
            return self.definition.after_passing(step)
        removed, added = ({plain(tag) for tag in tags} for tags in (step.remove_tags, step.set_tags))
        self.facts = replace(self.facts, tags=(self.facts.tags - removed) | added)
        if step.has_message and step.key not in self.said:
            self.said.add(step.key)
            self._send(step, due)
        return self.definition.after(step)

    def _why_passed_over(self, step: Step) -> str | None:
        message_class = MessageClass(self.definition.class_of(step))
        stops = CLASS_RULES[message_class].stopped_by_opt_out
        if step.has_message and stops and self.given.sending.is_opted_out:
            return "opted-out"
        if step.when is not None and not conditions.holds(step.when, self.facts):
            return "condition"
        if step.testimonial is not None and not self.given.has_testimonial:
            return "no-testimonial"
        if step.recommends_alone and step.recommend not in self.given.recommends:
            return "no-recommendation"
        return None

    def _send(self, step: Step, due: datetime) -> None:
        """Let the message wait until it may be sent."""
        message_class = MessageClass(self.definition.class_of(step))
        message = Planned(
            message_class,
            self._local(self.now),
            self._local(max(self.now, due + timedelta(days=step.latest_days))),
            may_skip=step.when_busy == "skip",
        )
        held_by: list[str] = []
        replies, self.replied_at = self.replied_at == self.now, None
        if not replies and self._local(self.now) < message.latest_at:
            held_by.append(sending_limits.FREE_RIDE)
            replies = self._pass_until(message.latest_at)
        while True:
            decision = sending_limits.decide(
                message,
                self.given.sending,
                self.sent,
                self._local(self.now),
                self.given.limits,
                reply_has_room=replies,
            )
            if decision.verdict is not Verdict.HOLD or decision.until is None:
                break
            if decision.reason not in held_by:
                held_by.append(decision.reason)
            replies = self._pass_until(decision.until)
        if decision.verdict in (Verdict.RIDE, Verdict.PUSH):
            self.sent = self.sent.plus(self._local(self.now), {message_class})
            self._note(What.SENT, step, held_by=tuple(held_by), is_free=decision.verdict is Verdict.RIDE)
        else:
            what = What.SKIPPED if decision.verdict is Verdict.SKIP else What.DROPPED
            self._note(what, step, reason=decision.reason)

    def _pass_until(self, moment: datetime) -> bool:
        """Let the time pass until then, or until the customer writes or taps; whether they did."""
        while self.to_come and self.to_come[0].at < moment:
            if self._do_next().is_in_chat:
                return True
        self.now = max(self.now, moment.astimezone(UTC))
        return False

    def _do_next(self) -> SimulatedAction:
        """What the customer does next happens. Raises _GoalReached when it is the goal."""
        action = self.to_come.pop(0)
        self.now = max(self.now, action.at.astimezone(UTC))
        self.events.append(WalkEvent(self.now, What.DID, did=action.did))
        if action.did is None or plain(action.did.tag or "") in self.facts.tags:  # a second tap sets no tag
            return replace(action, did=None)
        self.facts = after(self.facts, action.did)
        if (
            self.bought is not None
            and action.did.on is On.ORDER
            and self.definition.trigger.on not in BY_AN_ORDER
        ):
            self.bought = replace(self.bought, ordered_at=action.at)
        goal = self.definition.goal
        if goal is not None and matching.matches(goal, action.did, self.definition.key):
            raise _GoalReached
        return action

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.given.zone)

    def _note(self, what: What, step: Step | None = None, **more: object) -> None:
        self.events.append(WalkEvent(self.now, what, step.key if step else None, **more))  # type: ignore[arg-type]


def after(facts: CustomerFacts, did: Occurrence) -> CustomerFacts:
    """The customer as they are after that."""
    if did.on is On.TAG and did.tag:
        return replace(facts, tags=facts.tags | {plain(did.tag)})
    if did.on is On.CLICK and did.step:
        return replace(facts, clicked=facts.clicked | {did.step})
    if did.on is On.ORDER:
        stage = {Stage.ACQUIRED: Stage.FIRST, Stage.FIRST: Stage.REPEAT}.get(facts.stage, facts.stage)
        count = facts.order_count + 1
        products = facts.products | set(did.products)
        return replace(facts, bought=True, order_count=count, products=products, stage=stage)
    return facts
