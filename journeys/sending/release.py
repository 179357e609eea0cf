"""Sends one customer's planned messages that may be sent now: along with a reply, or all of them as one push.

What is permitted is in `limits.py`. What the customer's facts are and what a message says is passed in by
`handlers/after_event.py`. Runs in an event of the customer's own conversation, so never twice at once.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot import localtime, log, notices, outages
from bot.config import shop
from bot.db import conflicts
from bot.line.channels import SUPPORT
from bot.line.messages import MOST_MESSAGES, Message
from bot.notices import notice_text
from bot.queue import outbox, support_friends
from journeys.sending import limits, planned
from journeys.sending.budget_state import waits_for_budget
from journeys.sending.limits import Decision, Recipient, Verdict
from journeys.sending.message_kinds import INDIVIDUAL_KINDS, STAFF_KINDS, MessageClass
from journeys.sending.settings import SendingRules
from journeys.sending.tables import DROPPED, SENT, SKIPPED, WAITING, PlannedMessage
from journeys.sending.waiting import as_planned, sent_lately

ASK_AGAIN = timedelta(hours=1)
"""When a row that its maker postponed is asked about again."""
NOTICE = "planned-error:"
"""Begins the cause of the notice of a message that could not be made; the kind follows."""
NEXT_ROUND = timedelta(minutes=1)
"""When the clock takes what may be pushed and did not fit into this call."""

Render = Callable[[PlannedMessage], list[Message] | None]
"""Makes what a row says; None when it no longer applies."""
Settled = Callable[[PlannedMessage], None]
"""Called once when a row was sent, skipped or dropped."""


@dataclass(slots=True)
class Call:
    """The rows that share one call, most important first, and what each says."""

    content: list[tuple[PlannedMessage, list[Message]]] = field(default_factory=list)
    from_second_account: bool = False
    """It goes from the second LINE account, so it holds individual messages only."""

    @property
    def rows(self) -> list[PlannedMessage]:
        """The rows of the call."""
        return [row for row, _ in self.content]

    @property
    def messages(self) -> list[Message]:
        """Everything the call says, in its order."""
        return [message for _, said in self.content for message in said]

    @property
    def staff_id(self) -> int | None:
        """The member of staff who wrote it; None for the bot."""
        return _author(self.content[0][0]) if self.content else None

    def has_room_for(self, said: Sequence[Message], room: int) -> bool:
        """Whether it fits: within the objects, and without hiding another's quick replies."""
        fits = len(self.messages) + len(said) <= room
        return fits and not (_has_quick_replies(said) and _has_quick_replies(self.messages))


class Release:
    """The decisions about one customer's waiting rows in one event."""

    def __init__(
        self, rows: Sequence[PlannedMessage], customer: Recipient, render: Render, settled: Settled
    ) -> None:
        self._rows, self._customer, self._render, self._settled = rows, customer, render, settled
        self._now = localtime.local(localtime.now())
        self._limits = shop.get(SendingRules).limits()
        self._sent = sent_lately(rows[0].customer_id)
        self._postponed: dict[int, Decision] = {}
        self._has_second_account = support_friends.channel_of(rows[0].conversation_id) == SUPPORT

    def along_with_a_reply(self, room: int) -> Call:
        """The rows that go along with a reply that has room for so many objects; the others are held."""
        call = Call()
        for row in self._rows:
            decision = self.decide(row, reply_has_room=True)
            if decision.verdict is Verdict.RIDE and not self._goes_from_second(row) and _author(row) is None:
                self._add(call, row, room)
        return self._complete(call)

    def as_a_push(self) -> Call:
        """The rows that share a push; an empty call when none has reached its deadline. The others are held, those
        of the other LINE account until the next round."""
        call = Call()
        for row in self._rows:
            if self.decide(row).verdict is Verdict.PUSH:
                self._add(call, row, MOST_MESSAGES)
        for row in self._rows:
            if call.rows and row.state == WAITING and row not in call.rows and self._may_share(row):
                self._add(call, row, MOST_MESSAGES)
        return self._complete(call)

    def decide(self, row: PlannedMessage, *, reply_has_room: bool = False) -> Decision:
        """What is done with the row now."""
        message_class = MessageClass(row.message_class)
        budget_holds = not self._goes_from_second(row) and waits_for_budget(message_class, row.priority)
        return limits.decide(
            *(as_planned(row), self._customer, self._sent, self._now, self._limits),
            reply_has_room=reply_has_room,
            waits_for_budget=budget_holds,
        )

    def settle(self, call: Call, outbox_id: int) -> None:
        """Record the call's rows as sent with that row of the outbox."""
        for number, row in enumerate(call.rows):
            self._finish(row, SENT, outbox_id=outbox_id, carries_cost=number == 0)

    def _may_share(self, row: PlannedMessage) -> bool:
        return limits.may_share_a_push(as_planned(row), self._customer, self._sent, self._now, self._limits)

    def _goes_from_second(self, row: PlannedMessage) -> bool:
        """Whether it goes from the second account, which has a plan of its own: the main one's budget holds
        nothing of it."""
        return self._has_second_account and row.kind in INDIVIDUAL_KINDS

    def _complete(self, call: Call) -> Call:
        """Hold, skip or give up what is not in the call, now that it counts against the limits."""
        call.content.sort(key=lambda each: (-each[0].priority, each[0].id))
        self._sent = self._sent.plus(self._now, {MessageClass(row.message_class) for row in call.rows})
        for row in self._rows:
            if row.state == WAITING and row not in call.rows:
                self._leave(row, self._postponed.get(row.id) or self.decide(row))
        return call

    def _add(self, call: Call, row: PlannedMessage, room: int) -> None:
        """Make what the row says and add it if it fits. What making it wrote is undone if it does not."""
        if call.rows and call.from_second_account != self._goes_from_second(row):
            return
        is_offer = row.message_class == MessageClass.SELLING
        if is_offer and any(each.message_class == MessageClass.SELLING for each in call.rows):
            return  # one offer a call
        if call.rows and (_author(row), call.staff_id) != (None, None):
            return  # what a person wrote goes by itself, under their name
        try:
            with outbox.savepoint():
                said = self._render(row)
                if said is not None and len(said) > MOST_MESSAGES:
                    raise ValueError(f"{len(said)} objects; LINE takes {MOST_MESSAGES} in a call")
                if said is not None and not call.has_room_for(said, room):
                    raise _NoRoom
        except _NoRoom:
            return
        except Postponed as postponed:
            self._postponed[row.id] = Decision(Verdict.HOLD, postponed.reason, self._now + ASK_AGAIN)
            return
        except Exception as error:  # one faulty row must not hold back the others
            if conflicts.is_conflict(error) or outages.classify(error) is not None:
                raise
            self._give_up(row, error)
            return
        if said:
            call.content.append((row, said))
            call.from_second_account = self._goes_from_second(row)
        else:
            self._finish(row, DROPPED, reason=limits.NO_LONGER_APPLIES)

    def _give_up(self, row: PlannedMessage, error: Exception) -> None:
        log.error("a planned message cannot be made", planned=row.id, kind=row.kind, error=repr(error)[:500])
        self._finish(row, DROPPED, reason=limits.ERROR)
        notices.notify(
            f"{NOTICE}{row.kind}",
            notice_text(
                "お知らせ（%(kind)s）を作れず、送るのをやめたものがあります（最初は #%(number)s "
                "%(error)s）。ほかのお知らせは送っています。",
                kind=row.kind,
                number=row.id,
                error=type(error).__name__,
            ),
        )

    def _finish(self, row: PlannedMessage, state: str, *, reason: str = "", **columns: Any) -> None:
        """The row leaves: record it once, and have whoever planned it go on."""
        columns |= {"state": state, "reason": reason, "settled_at": localtime.now()}
        mine = (PlannedMessage.id == row.id) & (PlannedMessage.state == WAITING)
        if PlannedMessage.update(columns).where(mine).execute() != 1:
            return
        for name, value in columns.items():
            setattr(row, name, value)
        _note(row, state, reason)
        try:
            with outbox.savepoint():
                self._settled(row)
        except Exception as error:
            if conflicts.is_conflict(error) or outages.classify(error) is not None:
                raise
            log.exception("what follows a planned message failed", planned=row.id, kind=row.kind)
            notices.notify(
                f"{NOTICE}{row.kind}",
                notice_text(
                    "お知らせ（%(kind)s #%(number)s）のあとの処理に失敗しました（%(error)s）。",
                    kind=row.kind,
                    number=row.id,
                    error=type(error).__name__,
                ),
            )

    def _leave(self, row: PlannedMessage, decision: Decision) -> None:
        """What becomes of a row that is not sent now. The record gets a line for each new reason to wait."""
        if decision.verdict in (Verdict.SKIP, Verdict.DROP):
            state = SKIPPED if decision.verdict is Verdict.SKIP else DROPPED
            self._finish(row, state, reason=decision.reason)
            return
        until, reason = decision.until or self._now + NEXT_ROUND, decision.reason or row.reason
        if (row.reason, row.due_at) == (reason, until):
            return
        PlannedMessage.update(reason=reason, due_at=until).where(PlannedMessage.id == row.id).execute()
        if row.reason != reason:
            _note(row, "held", reason)


class Postponed(Exception):
    """Raised by whoever makes a row's messages: not now, for that reason; it is asked again in an hour."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _NoRoom(Exception):
    """What a row says does not fit into the call."""


def _author(row: PlannedMessage) -> int | None:
    """The member of staff who wrote what the row says; None for the bot."""
    author: int | None = json.loads(row.data).get("staff_id") if row.kind in STAFF_KINDS else None
    return author


def _has_quick_replies(said: Sequence[Message]) -> bool:
    return any("quickReply" in each for each in said)


def _note(row: PlannedMessage, what: str, detail: str) -> None:
    planned.note(
        row.customer_id,
        what,
        planned_id=row.id,
        enrolment_id=row.enrolment_id,
        step_key=row.step_key,
        detail=detail,
    )
