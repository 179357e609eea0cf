"""Every outcome that the calls of one message can have, against a fake that keeps LINE's rules strictly.

Each attempt is the real sender's, on a real database; a crash may come before, in and after any call. What
must hold:

- A message is marked sent only when LINE accepted it. The one doubt: a reply without a response, whose token
  is then refused within its life, is taken as delivered.
- It is delivered once. The one doubt: a reply whose outcome is not known is pushed once its token's life is
  over.
- It is never lost: it is sent, or it is parked for a person, who reads that it may have arrived.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import conversations, localtime
from bot.db.database import write_transaction
from bot.line.delivery import DUE, PARKED, SENT, Answer, DeliveryVerdict
from bot.line.messages import text
from bot.queue import leases, outbox
from bot.queue.outbox import OutboxMessage, OutboxRow
from bot.routing.events import REPLY_TOKEN_LIVES, TextReceived
from bot.worker.sender import Sender
from tests.storage.inbox_scene import NoteTakingLine

SAID = [text("やあ")]
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
TOKEN_LIVES, KEY_LIVES = timedelta(minutes=1), timedelta(hours=24)
CLEAR, LOST, UNREACHED, BROKEN_AFTER, BROKEN_BEFORE, RATE, MONTH = (
    *(
        "clear",
        "answer lost",
        "not reached",
        "500 after taking it",
        "500 before taking it",
        "429",
        "month spent",
    ),
)
FATES = (CLEAR, LOST, UNREACHED, BROKEN_AFTER, BROKEN_BEFORE, RATE, MONTH)
NO_CRASH, BEFORE, IN_CALL, AFTER = "no crash", "before the call", "in the call", "before it is written down"
WAITS = tuple(timedelta(seconds=each) for each in (2, 20, 56, 62, 3600, 23 * 3600, 25 * 3600))


class Crash(BaseException):
    """kill -9."""


@dataclass
class StrictLine(NoteTakingLine):
    """LINE's rules for one message: a token works once in its life, a retry key is known for a day."""

    token_lives: timedelta = TOKEN_LIVES
    fate: str = CLEAR
    crash: str = NO_CRASH
    made: list[tuple[str, str]] = field(default_factory=list)
    """Each call and LINE's response to it, whether or not that arrived."""
    token_used: bool = False
    taken_keys: dict[str, datetime] = field(default_factory=dict)
    delivered_at: list[datetime] = field(default_factory=list)

    def reply(self, reply_token: str | None, messages: list[Any]) -> Answer:
        assert (reply_token, messages) == ("token", SAID)
        return self._call("reply", self._take_reply)

    def push(self, to: str, messages: list[Any], retry_key: str, unit: str | None = None) -> Answer:
        assert (to, messages, unit) == ("U1", SAID, None)
        return self._call("push", lambda: self._take_push(retry_key))

    def month_is_spent(self) -> bool:
        return self.fate == MONTH

    @property
    def delivered(self) -> int:
        return len(self.delivered_at)

    def _call(self, kind: str, take: Any) -> Answer:
        if self.crash == BEFORE:
            raise Crash
        fate = CLEAR if self.fate == MONTH and kind == "reply" else self.fate
        if fate in (UNREACHED, BROKEN_BEFORE, RATE, MONTH):
            clear = Answer(429, "rate") if fate in (RATE, MONTH) else None
            unclear = Answer(500) if fate == BROKEN_BEFORE else Answer(None, "ReadTimeoutError")
            self.made.append((kind, "429" if clear else "nothing"))
            answer = clear or unclear
        else:
            answer = take()
            self.made.append((kind, str(answer.status)))
            if fate in (LOST, BROKEN_AFTER):
                answer = Answer(None if fate == LOST else 500)
        if self.crash == IN_CALL:
            raise Crash
        return answer

    def _take_reply(self) -> Answer:
        if self.token_used or localtime.now() >= NOON + self.token_lives:
            return Answer(400, json.dumps({"message": "Invalid reply token"}))
        self.token_used = True
        self.delivered_at.append(localtime.now())
        return Answer(200)

    def _take_push(self, key: str) -> Answer:
        known = self.taken_keys.get(key)
        if known is not None and localtime.now() < known + KEY_LIVES:
            return Answer(409, json.dumps({"message": "The retry key is already accepted"}))
        self.taken_keys[key] = localtime.now()
        self.delivered_at.append(localtime.now())
        return Answer(200)


class Notes:
    """Takes the place of the recorder: writes at once, unless the process dies before."""

    def __init__(self, line: StrictLine) -> None:
        self.line = line

    def note(self, row: OutboxRow, verdict: DeliveryVerdict, answer: Answer) -> None:
        if self.line.crash == AFTER:
            raise Crash
        with write_transaction():
            leases.record(row, verdict, answer)

    def stop(self) -> None:
        """Nothing is buffered here."""


Step = tuple[str, str, timedelta]


@dataclass
class Outcome:
    """The final state of a message."""

    row: OutboxMessage
    line: StrictLine
    crashed: bool


def run(steps: list[Step], *, has_token: bool, token_lives: timedelta) -> Outcome:
    """Apply these steps to a message: an outcome, a crash, a wait; then LINE works, until the message is settled."""
    line = StrictLine(token_lives=token_lives)
    sender = Sender(line, thread_count=0)
    sender._recorder.stop()
    sender._recorder = Notes(line)  # type: ignore[assignment]
    at = NOON
    with localtime.fixed(at):
        row: OutboxRow | None = written(sender, has_token)
    crashed = False
    for line.fate, line.crash, wait in [*steps, *[(CLEAR, NO_CRASH, timedelta(seconds=2))] * 3]:
        with localtime.fixed(at):
            if row is None:
                row = taken_over(sender)
            if row is not None:
                try:
                    row.attempt_count += 1
                    row = row if sender._deliver(row) is not None else None
                except Crash:
                    crashed, row = True, None
                    sender.presence.key += "'"  # the next process
            elif line.fate != MONTH:
                with write_transaction():
                    outbox.release_held()
        at += wait
    return Outcome(OutboxMessage.get(), line, crashed)


def written(sender: Sender, has_token: bool) -> OutboxRow:
    OutboxMessage.delete().execute()
    event = TextReceived(
        event_id="e",
        conversation_id=conversations.ensure("U1"),
        user_id="U1",
        occurred_at=NOON,
        received_at=NOON,
        reply_token="token" if has_token else None,
        text="…",
    )
    with outbox.collect(sender.presence.key) as rows, write_transaction():
        outbox.reply(event, SAID)
    return rows[0]


def taken_over(sender: Sender) -> OutboxRow | None:
    with write_transaction():
        return next(iter(leases.take_over(sender.presence.key)), None)


steps = st.lists(
    st.tuples(
        st.sampled_from(FATES),
        st.sampled_from([NO_CRASH, NO_CRASH, NO_CRASH, BEFORE, IN_CALL, AFTER]),
        st.sampled_from(WAITS),
    ),
    max_size=7,
)
SHORT, LONG, A_DAY = WAITS[0], WAITS[3], WAITS[-1]


@given(steps=steps, has_token=st.booleans())
@example(steps=[(LOST, NO_CRASH, SHORT)], has_token=True)
@example(steps=[(LOST, NO_CRASH, LONG)], has_token=True)
@example(steps=[(RATE, NO_CRASH, LONG), (LOST, NO_CRASH, SHORT)], has_token=True)
@example(
    steps=[(LOST, NO_CRASH, LONG), (LOST, NO_CRASH, SHORT), (UNREACHED, NO_CRASH, SHORT)], has_token=True
)
@example(steps=[(CLEAR, AFTER, SHORT)], has_token=True)
@example(steps=[(CLEAR, AFTER, LONG)], has_token=True)
@example(steps=[(LOST, NO_CRASH, A_DAY)], has_token=False)
@example(steps=[(CLEAR, IN_CALL, A_DAY)], has_token=False)
@example(steps=[(LOST, NO_CRASH, SHORT), (MONTH, NO_CRASH, A_DAY)], has_token=False)
@hypothesis_settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_message_is_sent_once_whatever_the_outcome_of_its_calls(
    database: peewee.Database, steps: list[Step], has_token: bool
) -> None:
    outcome = run(steps, has_token=has_token, token_lives=TOKEN_LIVES)
    row, line = outcome.row, outcome.line
    assert row.state in (SENT, PARKED), "it is lost"
    if row.state == SENT:
        assert line.delivered >= 1, f"called sent, and nobody has it: {line.made}"
    else:
        assert row.doubt.is_any, "staff cannot see that it may have arrived"
        assert row.doubt.push_unsure_since is not None, "given up without need"
    by_key = sum(1 for kind, word in line.made if (kind, word) == ("push", "200"))
    assert by_key <= 1, f"pushed twice: {line.made}"
    if line.delivered > 1:
        # The reply was delivered without a response, and the token's life was over before it could be tried
        # again.
        assert (line.delivered, line.token_used) == (2, True)
        assert line.delivered_at[1] >= NOON + REPLY_TOKEN_LIVES, f"said twice without need: {line.made}"


@given(steps=steps)
@example(steps=[(CLEAR, NO_CRASH, SHORT)])
@example(steps=[(LOST, NO_CRASH, SHORT)])
@example(steps=[(UNREACHED, NO_CRASH, SHORT)])
@hypothesis_settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_token_that_is_expired_from_the_beginning(database: peewee.Database, steps: list[Step]) -> None:
    outcome = run(steps, has_token=True, token_lives=timedelta())
    calls = outcome.line.made
    assert outcome.row.state in (SENT, PARKED), "it is lost"
    replies = [word for kind, word in calls if kind == "reply"]
    if outcome.row.state == SENT and not outcome.line.delivered:
        unanswered = outcome.crashed or "nothing" in replies or len(replies) > 1
        assert unanswered, f"called sent, and nobody has it: {calls}"
        assert outcome.row.sent_as == "reply"
    assert outcome.line.delivered <= 1


@pytest.mark.parametrize("push", [LOST, UNREACHED, BROKEN_AFTER, BROKEN_BEFORE, RATE])
@pytest.mark.parametrize("crash", [NO_CRASH, IN_CALL])
def test_a_refused_token_is_never_tried_again(database: peewee.Database, push: str, crash: str) -> None:
    """The reply is refused, the push that follows ends without a response: the reply was not delivered."""
    line = StrictLine(token_lives=timedelta())
    sender = Sender(line, thread_count=0)
    sender._recorder.stop()
    sender._recorder = Notes(line)  # type: ignore[assignment]
    with localtime.fixed(NOON):
        row = written(sender, has_token=True)
        refuse, line.reply = line.reply, lambda *_: refused(line)  # type: ignore[method-assign]
        line.fate, line.crash = push, crash
        try:
            sender._deliver(row)
        except Crash:
            sender.presence.key += "'"
            row = taken_over(sender) or row
        line.fate, line.crash, line.reply = CLEAR, NO_CRASH, refuse  # type: ignore[method-assign]
        assert OutboxMessage.get().state == DUE
    with localtime.fixed(NOON + SHORT):
        sender._deliver(row)
    assert [kind for kind, _ in line.made].count("reply") == 1
    assert (OutboxMessage.get().state, OutboxMessage.get().sent_as) == (SENT, "push")
    assert line.delivered == 1


def refused(line: StrictLine) -> Answer:
    line.made.append(("reply", "400"))
    return Answer(400, json.dumps({"message": "Invalid reply token"}))


def test_what_the_month_holds_after_a_push_without_an_answer_is_not_sent_twice(
    database: peewee.Database,
) -> None:
    outcome = run(
        [(LOST, NO_CRASH, SHORT), (MONTH, NO_CRASH, A_DAY), (MONTH, NO_CRASH, SHORT)],
        has_token=False,
        token_lives=TOKEN_LIVES,
    )
    assert (outcome.row.state, outcome.line.delivered) == (PARKED, 1)
