"""Multicasts: each recipient gets one once, whatever LINE answers and whichever process dies, and its outcome is
reported once."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import peewee
import pytest

from bot import conversations, localtime, notices
from bot.db.database import write_transaction
from bot.line.delivery import DROPPED, IN_A_CALL, PARKED, PUSH, SENT, Answer
from bot.line.messages import Message, text
from bot.line.month import Month
from bot.line.multicast_delivery import MulticastVerdict
from bot.queue import (
    leases,
    message_changes,
    month_quota,
    multicast_leases,
    multicasts,
    offered_actions,
    outbox,
)
from bot.queue.multicasts import Multicast, Recipient
from bot.queue.outbox import OutboxMessage
from bot.worker.multicast_sender import MulticastSender
from bot.worker.worker_processes import Presence
from support.transcript import transcript
from tests.storage.inbox_scene import NOON, NoteTakingLine

pytestmark = pytest.mark.usefixtures("any_database")

RATE = Answer(429, '{"message":"The API rate limit has been exceeded. Try again later."}')
MONTH = Answer(429, '{"message":"You have reached your monthly limit."}')
TIMEOUT = Answer(None, "ReadTimeoutError")
BROKEN = Answer(500, "Internal server error")
REPEATED = Answer(409, '{"message":"The retry key is already accepted"}')
BAD = Answer(400, '{"message":"The request body has 1 error(s)"}')
NOBODY = Answer(400, '{"message":"The property, \'to[0]\', in the request body is invalid"}')
RIGHT = Answer(200, "{}")
NO_TOKEN = Answer(401, "Authentication failed")

Outcomes = list[tuple[str, str, str, list[Recipient]]]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def line() -> NoteTakingLine:
    return NoteTakingLine()


@pytest.fixture
def me() -> Presence:
    made = Presence()
    made.enter()
    return made


@pytest.fixture
def sender(line: NoteTakingLine, me: Presence) -> MulticastSender:
    return MulticastSender(line, me)


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> Outcomes:
    """What was reported: cause, state, reason and recipients."""
    monkeypatch.setattr(multicasts, "_listeners", {})
    found: Outcomes = []

    def note(row: Multicast, state: str) -> None:
        found.append((row.cause, state, row.reason, multicasts.recipients(row.id)))

    multicasts.on_settled("campaign:", note)
    return found


def people(count: int) -> list[int]:
    return [conversations.ensure(user_id(number)) for number in range(count)]


def user_id(number: int) -> str:
    return f"U{number:032x}"


def create(
    chats: list[int], cause: str = "campaign:1:1", words: str = "春の便り", unit: str | None = None
) -> int:
    with write_transaction():
        return multicasts.create(chats, [text(words)], cause=cause, aggregation_unit=unit)


def later(sender: MulticastSender, **after: float) -> bool:
    with localtime.fixed(NOON + timedelta(**after)):
        return sender.send_next()


def states(multicast_id: int) -> Counter[str]:
    return Counter(each.state for each in multicasts.recipients(multicast_id))


def test_one_call_reaches_all_and_counts_a_push_for_each(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    made = create(people(3), unit="campaign_1")
    assert states(made) == {IN_A_CALL: 3}
    assert sender.send_next()
    assert not sender.send_next()
    assert line.calls == [("multicast", ",".join(map(user_id, range(3))), "春の便り")]
    assert line.units == ["campaign_1"]
    rows = list(OutboxMessage.select().where(OutboxMessage.multicast_id == made))
    assert {(row.state, row.sent_as, row.sent_at, row.request_id) for row in rows} == {
        (SENT, PUSH, NOON, "request-1")
    }
    assert [(cause, state) for cause, state, _, _ in outcomes] == [("campaign:1:1", "sent")]
    assert Counter(each.state for each in outcomes[0][3]) == {SENT: 3}


@pytest.mark.parametrize(
    ("chats", "messages", "error"),
    [
        (lambda: [], [text("あ")], "0 recipients"),
        (lambda: people(1) * 2, [text("あ")], "2 recipients"),
        (lambda: people(501), [text("あ")], "501 recipients"),
        (lambda: people(1), [], "0 messages"),
        (lambda: people(1), [text("あ")] * 6, "6 messages"),
        (lambda: [conversations.ensure("buyer:1")], [text("あ")], "not on LINE"),
    ],
)
def test_what_line_would_refuse_is_refused(
    chats: Callable[[], list[int]], messages: list[Message], error: str
) -> None:
    found = chats()
    with pytest.raises(ValueError, match=error), write_transaction():
        multicasts.create(found, messages, cause="campaign:1:1")
    assert OutboxMessage.select().count() == Multicast.select().count() == 0


def test_a_cause_makes_one_multicast() -> None:
    create(people(2))
    with pytest.raises(peewee.IntegrityError):
        create(people(2))
    assert OutboxMessage.select().count() == 2


def test_nothing_else_takes_its_rows(line: NoteTakingLine, me: Presence) -> None:
    made = create(people(2))
    with write_transaction():
        assert multicast_leases.take_next(me.key) is not None
        OutboxMessage.update(state=PARKED).execute()
        assert outbox.unsent(PARKED) == []
        assert not outbox.replay(multicasts.recipients(made)[0].outbox_id)


@pytest.mark.parametrize("doubtful", [TIMEOUT, BROKEN])
@pytest.mark.parametrize("at_last", [RIGHT, REPEATED])
def test_a_call_in_doubt_is_repeated_with_its_key(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes, doubtful: Answer, at_last: Answer
) -> None:
    made = create(people(2))
    line.answers.extend([doubtful, doubtful, at_last])
    assert sender.send_next()
    assert not later(sender, seconds=1.9)
    assert later(sender, seconds=2)
    assert not later(sender, seconds=5.9)
    assert later(sender, hours=1), "a call in doubt goes on, however old it is"
    assert states(made) == {SENT: 2}
    assert len(line.keys) == 3
    assert len(set(line.keys)) == 1
    assert [state for _, state, _, _ in outcomes] == ["sent"]


def test_a_day_in_doubt_is_for_a_person(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    made = create(people(2))
    line.answers.append(TIMEOUT)
    sender.send_next()
    later(sender, hours=23, minutes=50)
    assert len(line.calls) == 1
    assert [(state, reason) for _, state, reason, _ in outcomes] == [("parked", "in-doubt")]
    assert states(made) == {PARKED: 2}
    assert all(row.doubt.is_any for row in OutboxMessage.select())
    assert [each.cause for each in notices.current()] == [f"multicast-parked:{made}"]
    assert "二重" in notices.current()[0].sentence


def test_the_rate_limit_is_waited_for(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    made = create(people(2))
    line.this_month = Month(30_000, 10)
    line.answers.append(RATE)
    sender.send_next()
    assert Multicast.get_by_id(made).unsure_since is None
    assert later(sender, seconds=2)
    assert len(set(line.keys)) == 1
    assert [state for _, state, _, _ in outcomes] == ["sent"]


@pytest.mark.parametrize("month", [Month(5, 4), None])
def test_a_month_with_too_little_left_gives_the_recipients_back(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes, month: Month | None
) -> None:
    made = create(people(2))
    line.this_month = month
    line.answers.append(MONTH)
    sender.send_next()
    assert [(state, reason) for _, state, reason, _ in outcomes] == [("dissolved", "quota")]
    assert states(made) == {"dissolved": 2}
    assert not later(sender, minutes=1)
    assert OutboxMessage.select().where(OutboxMessage.sent_as == PUSH).count() == 0


def test_a_call_in_doubt_is_never_given_back(line: NoteTakingLine, me: Presence, outcomes: Outcomes) -> None:
    allowed = True
    sender = MulticastSender(line, me, may_send=lambda _: allowed)
    create(people(2))
    line.this_month = Month(5, 5)
    line.answers.extend([TIMEOUT, MONTH, REPEATED])
    sender.send_next()
    later(sender, seconds=10)
    allowed = False
    assert later(sender, minutes=1)
    assert (len(line.calls), outcomes) == (2, [])
    allowed = True
    assert later(sender, hours=2)
    assert [state for _, state, _, _ in outcomes] == ["sent"]


@pytest.mark.parametrize("by_hour", [True, False])
def test_what_may_not_be_sent_now_is_given_back(
    line: NoteTakingLine, me: Presence, outcomes: Outcomes, by_hour: bool
) -> None:
    asked: list[str] = []

    def may_send(cause: str) -> bool:
        asked.append(cause)
        return by_hour

    sender = MulticastSender(line, me, may_send, may_write_now=lambda: not by_hour)
    create(people(2))
    sender.send_next()
    assert line.calls == []
    assert asked == ([] if by_hour else ["campaign:1:1"])
    assert [(state, reason) for _, state, reason, _ in outcomes] == [("dissolved", "forbidden")]


def test_after_ten_minutes_it_is_given_back(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    create(people(2))
    line.answers.append(RATE)
    sender.send_next()
    assert later(sender, minutes=10, seconds=1)
    assert len(line.calls) == 1
    assert [(state, reason) for _, state, reason, _ in outcomes] == [("dissolved", "too-old")]


def test_who_blocked_the_shop_meanwhile_is_left_out(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    chats = people(3)
    create(chats[:2])
    create(chats[2:], cause="campaign:1:2")
    conversations.block(chats[0])
    conversations.block(chats[2])
    assert sender.send_next()
    assert sender.send_next()
    assert line.calls == [("multicast", user_id(1), "春の便り")]
    assert [each.state for each in outcomes[0][3]] == [DROPPED, SENT]
    assert outcomes[1][1:3] == ("dissolved", "empty")


def test_the_recipients_of_a_retry_key_stay_the_same(line: NoteTakingLine, sender: MulticastSender) -> None:
    chats = people(2)
    create(chats)
    line.answers.append(TIMEOUT)
    sender.send_next()
    conversations.block(chats[0])
    later(sender, seconds=2)
    assert line.calls[0] == line.calls[1]


@pytest.mark.parametrize("count", [1, 2, 7, 500])
def test_refused_people_are_found_and_the_others_get_it(me: Presence, outcomes: Outcomes, count: int) -> None:
    wrong = {user_id(number) for number in (0, count // 2, count - 1)}

    class Choosy(NoteTakingLine):
        def multicast(
            self, to: list[str], messages: list[Message], retry_key: str, unit: str | None = None
        ) -> Answer:
            super().multicast(to, messages, retry_key, unit)
            return NOBODY if wrong & set(to) else RIGHT

    line = Choosy()
    sender = MulticastSender(line, me)
    create(people(count))
    while sender.send_next():
        pass
    reached = Counter(
        conversations.Conversation.get_by_id(each.conversation_id).line_user_id
        for _, state, _, each_of in outcomes
        if state == "sent"
        for each in each_of
    )
    refused = [each for _, state, _, each_of in outcomes if state == "failed" for each in each_of]
    assert set(reached) == {user_id(number) for number in range(count)} - wrong
    assert set(reached.values()) <= {1}
    assert [each.state for each in refused] == [DROPPED] * len(wrong)
    assert {row.state for row in OutboxMessage.select()} <= {SENT, DROPPED}
    assert len(set(line.keys)) == len(line.keys), "each part has a key of its own"
    assert notices.current() == []


def test_refused_messages_are_for_a_person(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    made = create(people(3))
    line.answers.extend([BAD, BAD])
    sender.send_next()
    assert [call[0] for call in line.calls] == ["multicast", "validate"]
    assert [(state, reason) for _, state, reason, _ in outcomes] == [("parked", "refused")]
    assert states(made) == {PARKED: 3}
    assert [each.cause for each in notices.current()] == [f"multicast-parked:{made}"]
    assert [each.id for each in multicasts.parked()] == [made]


def test_a_check_that_fails_is_repeated(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    create(people(1))
    line.answers.extend([NOBODY, BROKEN, NOBODY, RIGHT])
    sender.send_next()
    assert outcomes == []
    later(sender, seconds=2)
    assert [state for _, state, _, _ in outcomes] == ["failed"]


def test_a_refused_unit_is_left_out(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    create(people(1), unit="campaign_1")
    line.answers.append(Answer(403, "no units here"))
    sender.send_next()
    assert line.units == ["campaign_1", None]
    assert [state for _, state, _, _ in outcomes] == ["sent"]


def test_a_refused_access_token_parks_it(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    create(people(1))
    line.answers.append(NO_TOKEN)
    sender.send_next()
    assert [(state, reason) for _, state, reason, _ in outcomes] == [("parked", "refused")]
    assert [each.cause for each in notices.current()] == ["token-refused"]


def test_a_person_gives_the_recipients_of_a_parked_one_back(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes
) -> None:
    refused, doubtful = create(people(2)), create(people(2), cause="campaign:1:2")
    line.answers.extend([NO_TOKEN, TIMEOUT])
    sender.send_next()
    sender.send_next()
    later(sender, hours=24)
    for each in (refused, doubtful):
        with write_transaction():
            assert multicast_leases.replay(each)
            assert not multicast_leases.replay(each)
    assert [(state, reason) for _, state, reason, _ in outcomes[2:]] == [("dissolved", "replay")] * 2
    assert states(refused) == {"dissolved": 2}
    assert states(doubtful) == {PARKED: 2}, "the chat goes on to show what may have come"
    assert multicasts.parked() == []


class TestProcesses:
    def test_only_one_of_two_sends_it(self, line: NoteTakingLine, me: Presence) -> None:
        other = Presence()
        other.enter()
        create(people(2))
        with write_transaction():
            assert multicast_leases.take_next(me.key) is not None
        assert not multicast_leases.anything_due(other.key)
        assert not MulticastSender(line, other).send_next()

    @pytest.mark.parametrize("accepted", [True, False])
    def test_the_call_of_one_that_died_is_repeated_with_its_key(
        self, line: NoteTakingLine, me: Presence, outcomes: Outcomes, accepted: bool
    ) -> None:
        died = Presence()
        died.enter()
        create(people(2))
        with write_transaction():
            call = multicast_leases.take_next(died.key)
        died.leave()
        assert call is not None
        line.answers.append(REPEATED if accepted else RIGHT)
        sender = MulticastSender(line, me)
        assert later(sender, hours=1)
        assert line.keys == [call.retry_key]
        assert [state for _, state, _, _ in outcomes] == ["sent"]

    def test_the_outcome_of_one_declared_dead_counts_if_line_accepted_it(
        self, me: Presence, outcomes: Outcomes
    ) -> None:
        other = Presence()
        other.enter()
        create(people(2))
        with write_transaction():
            mine = multicast_leases.take_next(me.key)
        me.leave()
        with write_transaction():
            assert mine is not None
            assert multicast_leases.take_next(other.key) is not None
            assert not multicast_leases.record(mine, verdict("dissolved"), RIGHT)
            assert multicast_leases.record(mine, verdict("sent"), RIGHT)
            assert not multicast_leases.record(mine, verdict("sent"), RIGHT)
        assert [state for _, state, _, _ in outcomes] == ["sent"]


def verdict(state: str) -> MulticastVerdict:
    return MulticastVerdict(state)


def test_a_fault_where_it_is_reported_holds_no_other_back(
    line: NoteTakingLine, sender: MulticastSender, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_row: Multicast, _state: str) -> None:
        raise LookupError("a fault of ours")

    create(people(1), cause="broken:1")
    create(people(1))
    multicasts.on_settled("broken:", fail)
    assert sender.send_next()
    assert sender.send_next()
    assert [cause for cause, _, _, _ in outcomes] == ["campaign:1:1"]
    multicasts.on_settled("broken:", lambda *_: None)
    line.answers.append(REPEATED)
    assert later(sender, minutes=11)
    assert line.keys[0] == line.keys[2]
    assert {row.state for row in OutboxMessage.select()} == {SENT}


class TestReaders:
    """What the recipients' rows of the outbox count for elsewhere."""

    def test_the_chat_shows_it_unless_it_was_given_back(
        self, line: NoteTakingLine, sender: MulticastSender
    ) -> None:
        (chat,) = people(1)
        create([chat])
        assert [each.state for each in transcript.page(chat).lines] == ["queued"]
        line.answers.append(TIMEOUT)
        sender.send_next()
        later(sender, hours=24)
        assert [(each.text, each.state) for each in transcript.page(chat).lines] == [("春の便り", "unknown")]
        create([chat], cause="campaign:1:2", words="夏の便り")
        later(sender, hours=24)
        assert len(transcript.page(chat).lines) == 1

    def test_its_buttons_can_be_named(self) -> None:
        (chat,) = people(1)
        with write_transaction():
            button = {"type": "message", "label": "見る", "text": "見る"}
            multicasts.create(
                [chat], [{**text("春"), "quickReply": {"items": [{"action": button}]}}], cause="a"
            )
        assert [each.label for each in offered_actions.actions(chat)] == ["見る"]

    def test_the_months_figures_count_it_from_its_creation(
        self, line: NoteTakingLine, sender: MulticastSender
    ) -> None:
        create(people(3))
        with write_transaction():
            month_quota.keep(Month(100, 10))
        create(people(2), cause="campaign:1:2")
        assert month_quota.left() == 85
        assert later(sender, seconds=1)
        assert month_quota.left() == 85
        line.answers.append(MONTH)
        assert later(sender, seconds=1)
        assert month_quota.left() == 87

    def test_a_text_that_a_customer_unsent_stays_in_it(self) -> None:
        (chat,) = people(1)
        create([chat], words="春の新作をみなさまにお届けします")
        with write_transaction():
            message_changes.forget(chat, "1", ["春の新作をみなさまにお届けします"], None, ["春の新作"])
        assert "春の新作" in OutboxMessage.get().messages

    def test_no_other_message_waits_for_it(self, me: Presence) -> None:
        (chat,) = people(1)
        create([chat])
        with write_transaction():
            outbox.push(chat, [text("別の便り")], cause="other")
            assert [each.cause for each in leases.take_over(me.key)] == ["other"]


def test_messages_are_stored_as_line_gets_them(line: NoteTakingLine) -> None:
    made = create(people(1))
    row = OutboxMessage.get(OutboxMessage.multicast_id == made)
    assert json.loads(row.messages) == json.loads(Multicast.get_by_id(made).messages) == [text("春の便り")]
    assert isinstance(row.created_at, datetime)
