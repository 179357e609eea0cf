"""The replay of past messages: rides first, then pushes that share, within the limits of `limits.py`."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.sending import limits, replay
from journeys.sending.limits import Limits
from journeys.sending.message_kinds import MessageClass
from journeys.sending.replay import PastMessage

ORDER, TICKET, CARE, SELLING = MessageClass
TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 2, tzinfo=TOKYO)
USUAL = Limits()


def at(day: int, hour: float = 12) -> datetime:
    """That hour so many days after Monday."""
    return MONDAY + timedelta(days=day, hours=hour)


def message(
    name: str, earliest: datetime, days: float = 0, kind: MessageClass = CARE, priority: int = 30
) -> PastMessage:
    """A message that waits so many days for a reply."""
    return PastMessage(name, kind, priority, earliest, earliest + timedelta(days=days))


TIP = message("tip", at(0), 3)
RANK = message("rank", at(1), 2, priority=50)
OFFER = message("offer", at(0), 3, SELLING, 20)


@pytest.mark.parametrize(
    ("said", "replies", "rides", "pushes", "shared"),
    [
        ([TIP], [], [], ["tip"], []),
        ([TIP], [at(2)], ["tip"], [], []),
        ([TIP], [at(-1)], [], ["tip"], []),  # before it is ready
        ([TIP], [at(4)], [], ["tip"], []),  # after its latest time
        ([TIP, RANK], [], [], ["rank"], ["tip"]),  # both on Thursday: one push, the more important pays
        ([TIP, OFFER], [at(1)], ["tip", "offer"], [], []),
        ([TIP, OFFER], [at(1, 22)], ["tip"], ["offer"], []),  # no offer in the quiet hours
        ([message("a", at(0)), message("b", at(0, 15))], [], [], ["a", "b"], []),  # one a day
        ([message("a", at(0), kind=ORDER), message("b", at(0, 15))], [], [], ["a", "b"], []),
    ],
)
def test_free_first(
    said: list[PastMessage], replies: list[datetime], rides: list[str], pushes: list[str], shared: list[str]
) -> None:
    cost = replay.free_first(said, replies, USUAL)
    found = (cost.rides, cost.pushes, cost.shared)
    assert found == (Counter(rides), Counter(pushes), Counter(shared))
    assert not cost.dropped


def test_a_reply_carries_three_at_most_the_most_important_first() -> None:
    said = [message(str(number), at(0), 3, priority=number) for number in range(5)]
    cost = replay.free_first(said, [at(1)], USUAL)
    assert set(cost.rides) == {"4", "3", "2"}
    assert (dict(cost.pushes), dict(cost.shared)) == ({"1": 1}, {"0": 1})


def test_a_push_carries_five_at_most() -> None:
    said = [message(str(number), at(0), priority=number) for number in range(7)]
    cost = replay.free_first(said, [], USUAL)
    assert cost.pushes == Counter("61"), "the other two follow the day after"
    assert cost.shared == Counter("54320")


def test_what_the_limits_hold_too_long_is_dropped() -> None:
    said = [message(str(number), at(0, 12 + number / 10)) for number in range(12)]
    cost = replay.free_first(said, [], Limits(a_day=1, a_week=1))
    assert cost.pushes.total() + cost.shared.total() + cost.dropped.total() == 12


messages = st.builds(
    message,
    st.sampled_from("abc"),
    st.builds(at, st.integers(0, 20), st.floats(0, 23.9)),
    st.sampled_from([0, 2, 3]),
    st.sampled_from(MessageClass),
    st.integers(0, 100),
)
moments = st.builds(at, st.integers(-1, 25), st.floats(0, 23.9))
rules = st.builds(Limits, st.just(21), st.just(9), st.integers(1, 3), st.integers(1, 5))


@given(st.lists(messages, max_size=15), st.lists(moments, max_size=10), rules)
def test_each_message_goes_out_once_or_is_dropped_and_never_dearer_than_singly(
    said: list[PastMessage], replies: list[datetime], given_rules: Limits
) -> None:
    cost = replay.free_first(said, replies, given_rules)
    assert cost.rides + cost.pushes + cost.shared + cost.dropped == replay.singly(said).pushes
    assert not cost.dropped or given_rules.a_week < 15


@given(st.lists(messages, max_size=15), st.lists(moments, max_size=10), rules)
def test_every_push_is_one_that_the_limits_allow(
    said: list[PastMessage], replies: list[datetime], given_rules: Limits
) -> None:
    pushed: list[datetime] = []

    class Watched(replay._Replay):
        def _send(
            self, call: list[int], now: datetime, counter: Counter[str], counted: list[int] | None = None
        ) -> None:
            if counter is self._cost.pushes:
                assert limits.next_open(now, given_rules) == now, "in the quiet hours"
                if any(self._waiting[one].message_class in (CARE, SELLING) for one in counted or []):
                    pushed.append(now)
            super()._send(call, now, counter, counted)

    Watched(said, given_rules).run(replies)
    for now in pushed:
        week = [each for each in pushed if now - timedelta(days=7) < each <= now]
        assert len([each for each in week if each.date() == now.date()]) <= given_rules.a_day
        assert len(week) <= given_rules.a_week
