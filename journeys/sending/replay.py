"""Replays one customer's unasked messages of the past under today's limits, to compare what they would have cost. Pure.

What was said in the past is read by `handlers/past_messages.py`; steps of flows that were not on then are in
`journeys/enrolments/past_steps.py`. What is permitted is in `limits.py`.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.line.message_limits import MESSAGES_A_CALL
from journeys.sending import limits
from journeys.sending.limits import Limits, Planned, Recipient, SentLately, Verdict
from journeys.sending.message_kinds import MessageClass

REPLY_ROOM = 3
"""Objects that a usual answer of the bot leaves free."""
_REPLY, _DUE = 0, 1


@dataclass(frozen=True, slots=True)
class PastMessage:
    """One unasked message. Times are aware and in the shop's zone."""

    name: str
    """Its kind, or the key of its flow."""
    message_class: MessageClass
    priority: int
    earliest_at: datetime
    latest_at: datetime

    @property
    def planned(self) -> Planned:
        """It, as the limits take it."""
        return Planned(self.message_class, self.earliest_at, self.latest_at)


@dataclass(slots=True)
class Cost:
    """How messages went out, each counted by name."""

    rides: Counter[str] = field(default_factory=Counter)
    """Free, along with a reply."""
    pushes: Counter[str] = field(default_factory=Counter)
    """Calls that cost something, counted for their most important message."""
    shared: Counter[str] = field(default_factory=Counter)
    """Free, in a push that another message paid for."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Not sent at all, because the limits held it too long."""

    def add(self, other: "Cost") -> None:
        """Count the other's, too."""
        self.rides += other.rides
        self.pushes += other.pushes
        self.shared += other.shared
        self.dropped += other.dropped


def singly(said: Iterable[PastMessage]) -> Cost:
    """Each message as a push of its own."""
    return Cost(pushes=Counter(each.name for each in said))


def free_first(said: Sequence[PastMessage], replies_at: Iterable[datetime], rules: Limits) -> Cost:
    """Each message along with a reply until its latest time, then as a push that carries everything due; within
    the customer's limits and outside the quiet hours. `replies_at`: when the shop answered the customer and had
    room."""
    return _Replay(said, rules).run(replies_at)


class _Replay:
    """One customer's time, event by event."""

    def __init__(self, said: Sequence[PastMessage], rules: Limits) -> None:
        order = sorted(said, key=lambda each: (-each.priority, each.earliest_at))
        self._waiting = dict(enumerate(order))
        self._rules, self._sent, self._cost = rules, SentLately(), Cost()

    def run(self, replies_at: Iterable[datetime]) -> Cost:
        """Everything until no message waits."""
        ahead = [(each.latest_at, _DUE, number) for number, each in self._waiting.items()]
        ahead += [(at, _REPLY, -1) for at in replies_at]
        heapq.heapify(ahead)
        while ahead and self._waiting:
            now, what, number = heapq.heappop(ahead)
            if what == _REPLY:
                self._take_along(now)
            elif number in self._waiting and (again_at := self._push(number, now)):
                heapq.heappush(ahead, (again_at, _DUE, number))
        return self._cost

    def _take_along(self, now: datetime) -> None:
        call: list[int] = []
        for number, each in self._ready(now):
            decision = self._decide(each, now, reply_has_room=True)
            if decision.verdict is Verdict.RIDE and self._fits(call, each, REPLY_ROOM):
                call.append(number)
        self._send(call, now, self._cost.rides)

    def _push(self, number: int, now: datetime) -> datetime | None:
        """Push the message with what may share its call; when to decide again if it is held."""
        decision = self._decide(self._waiting[number], now)
        if decision.verdict is Verdict.HOLD:
            return decision.until
        if decision.verdict is not Verdict.PUSH:
            self._cost.dropped[self._waiting.pop(number).name] += 1
            return None
        call = [number]
        for other, each in self._ready(now):
            if other != number and self._fits(call, each, MESSAGES_A_CALL) and self._may_share(each, now):
                call.append(other)
        call.sort()  # by importance
        self._send(call[:1], now, self._cost.pushes, counted=call)
        self._send(call[1:], now, self._cost.shared, counted=[])
        return None

    def _ready(self, now: datetime) -> list[tuple[int, PastMessage]]:
        return [(number, each) for number, each in self._waiting.items() if each.earliest_at <= now]

    def _fits(self, call: list[int], each: PastMessage, room: int) -> bool:
        """One offer a call at most."""
        is_offer = each.message_class is MessageClass.SELLING
        has_offer = any(self._waiting[one].message_class is MessageClass.SELLING for one in call)
        return len(call) < room and not (is_offer and has_offer)

    def _decide(self, each: PastMessage, now: datetime, *, reply_has_room: bool = False) -> limits.Decision:
        facts = Recipient()
        return limits.decide(
            *(each.planned, facts, self._sent, now, self._rules), reply_has_room=reply_has_room
        )

    def _may_share(self, each: PastMessage, now: datetime) -> bool:
        return limits.may_share_a_push(each.planned, Recipient(), self._sent, now, self._rules)

    def _send(
        self, call: list[int], now: datetime, counter: Counter[str], counted: list[int] | None = None
    ) -> None:
        """Count the messages of a call; `counted` are those that count against the customer's limits."""
        classes = {self._waiting[one].message_class for one in (call if counted is None else counted)}
        recent = SentLately(
            tuple(at for at in self._sent.counted_at if at > now - limits.A_WEEK),
            tuple(at for at in self._sent.selling_at if at > now - limits.A_WEEK),
        )
        self._sent = recent.plus(now, classes)
        for one in call:
            counter[self._waiting.pop(one).name] += 1
