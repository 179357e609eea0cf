"""What becomes of a message of the second LINE account that LINE refuses, does not answer, or that outlives its
process: it arrives once, from one of the two accounts, or a person is asked."""

import json
from dataclasses import dataclass
from datetime import timedelta

import peewee
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import conversations, localtime, notices
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.line.channels import MAIN, SUPPORT
from bot.line.delivery import NO_DOUBT, PARKED, SENT, Answer, Doubt, second_account_cannot
from bot.queue import outbox, support_friends
from bot.queue.outbox import OutboxMessage, OutboxRow
from bot.worker.sender import Sender
from tests.faults.test_doubt import (
    AFTER,
    BEFORE,
    BROKEN_AFTER,
    BROKEN_BEFORE,
    CLEAR,
    IN_CALL,
    LOST,
    MONTH,
    NO_CRASH,
    NOON,
    RATE,
    SAID,
    UNREACHED,
    Crash,
    Notes,
    StrictLine,
    taken_over,
)

NO_FRIEND, NO_TOKEN = "no friend", "token refused"
REFUSALS = {
    NO_FRIEND: Answer(400, json.dumps({"message": "Failed to send messages"})),
    NO_TOKEN: Answer(401, json.dumps({"message": "Authentication failed"})),
}
FATES = (CLEAR, LOST, UNREACHED, BROKEN_AFTER, BROKEN_BEFORE, RATE, MONTH, NO_FRIEND, NO_TOKEN)
CRASHES = (NO_CRASH, NO_CRASH, NO_CRASH, BEFORE, IN_CALL, AFTER)


@dataclass
class SecondLine(StrictLine):
    """The strict LINE, which also knows no friend, or not the token. A key that it took is known first."""

    def _take_push(self, key: str) -> Answer:
        if self.fate in REFUSALS and (key not in self.taken_keys or self.fate == NO_TOKEN):
            return REFUSALS[self.fate]
        return super()._take_push(key)


@pytest.fixture(autouse=True)
def _two_accounts(database: peewee.Database, settings: bot_settings.Settings) -> None:
    """A shop with a second account."""
    second = {"line_support_channel_secret": "s", "line_support_channel_access_token": "t"}
    bot_settings.use(settings.model_copy(update=second))


def run(steps: list[tuple[str, str]]) -> tuple[OutboxMessage, StrictLine, SecondLine]:
    """A push of the second account through these outcomes and crashes; then LINE works. Both lines and the row."""
    main, second = StrictLine(), SecondLine()
    sender = Sender(main, thread_count=0, support=second)
    sender._recorder.stop()
    sender._recorder = Notes(second)  # type: ignore[assignment]
    at = NOON
    with localtime.fixed(at):
        row: OutboxRow | None = written(sender)
    for second.fate, second.crash in [*steps, *[(CLEAR, NO_CRASH)] * 3]:
        main.crash = second.crash if second.crash != AFTER else NO_CRASH
        with localtime.fixed(at):
            row = row or taken_over(sender)
            if row is not None:
                try:
                    row.attempt_count += 1
                    row = row if sender._deliver(row) is not None else None
                except Crash:
                    row = None
                    sender.presence.key += "'"  # the next process
            elif second.fate != MONTH:
                with write_transaction():
                    outbox.release_held()
        at += timedelta(seconds=2)
    return OutboxMessage.get(), main, second


def written(sender: Sender) -> OutboxRow:
    conversation_id = conversations.ensure("U1")
    OutboxMessage.delete().execute()
    with outbox.collect(sender.presence.key) as rows, write_transaction():
        support_friends.SupportFriend.delete().execute()
        support_friends.follow(conversation_id, NOON)
        outbox.push_individually(conversation_id, SAID, cause="answer")
    return rows[0]


@given(st.lists(st.tuples(st.sampled_from(FATES), st.sampled_from(CRASHES)), max_size=4))
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_arrives_once_or_a_person_is_asked(steps: list[tuple[str, str]]) -> None:
    row, main, second = run(steps)
    delivered = main.delivered + second.delivered
    assert delivered <= 1, (steps, main.made, second.made)
    assert row.state in (SENT, PARKED), (steps, row.state)
    if row.state == SENT:
        assert delivered == 1, (steps, main.made, second.made)
        assert row.channel == (MAIN if main.delivered else SUPPORT)
    else:
        assert row.line_status in (401, 403), "only a token that must be mended parks it"
    assert {kind for kind, _ in [*main.made, *second.made]} <= {"push"}


@pytest.mark.parametrize(
    ("fate", "is_friend", "notice"),
    [
        (NO_FRIEND, False, None),
        (NO_TOKEN, True, "support-token-refused"),
        (MONTH, True, "support-month-is-spent"),
    ],
)
def test_a_refusal_sends_it_from_the_main_account_at_once(
    fate: str, is_friend: bool, notice: str | None
) -> None:
    row, main, second = run([(fate, NO_CRASH)])
    assert (row.state, row.channel, row.attempt_count) == (SENT, MAIN, 1)
    assert (main.delivered, second.delivered) == (1, 0)
    assert main.taken_keys.keys() == {row.retry_key}
    assert support_friends.is_friend(row.conversation_id) == is_friend
    assert notice is None or notice in {each.cause for each in notices.current()}


def test_a_message_that_is_wrong_in_itself_is_parked_by_the_second_account() -> None:
    wrong = Answer(400, json.dumps({"message": "The request body has 1 error(s)"}))
    assert not second_account_cannot(wrong, NO_DOUBT, month_is_spent=False)


@pytest.mark.parametrize(("status", "spent"), [(401, False), (403, False), (429, True)])
def test_what_may_have_arrived_is_not_sent_from_the_main_account(status: int, spent: bool) -> None:
    unsure = Doubt(push_unsure_since=NOON)
    assert second_account_cannot(Answer(status), NO_DOUBT, month_is_spent=spent)
    assert not second_account_cannot(Answer(status), unsure, month_is_spent=spent)
    assert second_account_cannot(REFUSALS[NO_FRIEND], unsure, month_is_spent=spent)


def test_what_waits_goes_from_the_main_account_once_the_customer_has_left() -> None:
    main, second = StrictLine(), SecondLine()
    sender = Sender(main, thread_count=0, support=second)
    with localtime.fixed(NOON):
        row = written(sender)
        with write_transaction():
            support_friends.leave(row.conversation_id, NOON)
        sender._deliver(row)
    sender.stop()
    assert (main.delivered, second.made) == (1, [])
