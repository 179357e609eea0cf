"""What is sent unasked, when and how: a table of situations, and what holds for all of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.sending.limits import (
    A_WEEK,
    Decision,
    Limits,
    Planned,
    Recipient,
    SentLately,
    Verdict,
    decide,
    may_share_a_push,
    next_open,
)
from journeys.sending.message_kinds import CLASS_RULES, MessageClass

TOKYO = ZoneInfo("Asia/Tokyo")
LIMITS = Limits()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That time in April 2026 in the shop's zone."""
    return datetime(2026, 4, day, hour, minute, tzinfo=TOKYO)


NOON, NIGHT, DAWN = at(15, 12), at(15, 22), at(16, 3)
NINE_TODAY, NINE_TOMORROW = at(15, 9), at(16, 9)
NOBODY_SPECIAL, NOTHING_SENT = Recipient(), SentLately()
SENT_TODAY = SentLately((at(15, 10),))
SENT_THRICE = SentLately((at(10, 22), at(12, 12), at(14, 12)))
IN_A_TICKET, BASIC = Recipient(has_ticket=True), Recipient(is_basic=True)
RESTING, OPTED_OUT = Recipient(rests_until=at(18, 11)), Recipient(is_opted_out=True)


def due(message_class: str, **more: object) -> Planned:
    """A message that has reached its deadline."""
    planned = Planned(MessageClass(message_class), at(12, 12), at(15, 12))
    return replace(planned, **more)  # type: ignore[arg-type]


def early(message_class: str) -> Planned:
    """A message that may wait two days more for a reply."""
    return Planned(MessageClass(message_class), at(14, 12), at(17, 12))


RIDE, PUSH = Decision(Verdict.RIDE), Decision(Verdict.PUSH)


def hold(reason: str, until: datetime) -> Decision:
    return Decision(Verdict.HOLD, reason, until)


def drop(reason: str) -> Decision:
    return Decision(Verdict.DROP, reason)


PUSHES = [
    ("at its deadline it is pushed", due("care"), NOBODY_SPECIAL, NOTHING_SENT, NOON, PUSH),
    (
        "until then it waits for a reply",
        early("care"),
        NOBODY_SPECIAL,
        NOTHING_SENT,
        NOON,
        hold("free-ride", at(17, 12)),
    ),
    ("at night", due("care"), NOBODY_SPECIAL, NOTHING_SENT, NIGHT, hold("quiet-hours", NINE_TOMORROW)),
    (
        "before the morning",
        due("care"),
        NOBODY_SPECIAL,
        NOTHING_SENT,
        DAWN,
        hold("quiet-hours", NINE_TOMORROW),
    ),
    ("at nine", due("care"), NOBODY_SPECIAL, NOTHING_SENT, NINE_TOMORROW, PUSH),
    (
        "an order message at night",
        due("order"),
        NOBODY_SPECIAL,
        NOTHING_SENT,
        NIGHT,
        hold("quiet-hours", NINE_TOMORROW),
    ),
    (
        "a ticket message at night",
        due("ticket"),
        NOBODY_SPECIAL,
        NOTHING_SENT,
        NIGHT,
        hold("quiet-hours", NINE_TOMORROW),
    ),
    (
        "about an order placed just now",
        due("order", awake_until=at(15, 22, 30)),
        NOBODY_SPECIAL,
        NOTHING_SENT,
        NIGHT,
        PUSH,
    ),
    ("had one today", due("care"), NOBODY_SPECIAL, SENT_TODAY, NOON, hold("daily-limit", NINE_TOMORROW)),
    ("an order message is not counted", due("order"), NOBODY_SPECIAL, SENT_TODAY, NOON, PUSH),
    (
        "had three this week",
        due("care"),
        NOBODY_SPECIAL,
        SENT_THRICE,
        NOON,
        hold("weekly-limit", at(18, 9)),
    ),
    ("the week is over", due("care"), NOBODY_SPECIAL, SENT_THRICE, at(18, 9), PUSH),
    (
        "skipped rather than late",
        due("selling", may_skip=True),
        NOBODY_SPECIAL,
        SENT_TODAY,
        NOON,
        Decision(Verdict.SKIP, "daily-limit"),
    ),
    ("in a ticket", due("care"), IN_A_TICKET, NOTHING_SENT, NOON, hold("ticket", NINE_TOMORROW)),
    ("an order message in a ticket", due("order"), IN_A_TICKET, NOTHING_SENT, NOON, PUSH),
    ("after a complaint", due("care"), RESTING, NOTHING_SENT, NOON, hold("quiet-period", at(18, 11))),
    ("the days after a complaint are over", due("care"), RESTING, NOTHING_SENT, at(18, 11), PUSH),
    ("opted out", due("care"), OPTED_OUT, NOTHING_SENT, NOON, drop("opted-out")),
    ("an order message after an opt-out", due("order"), OPTED_OUT, NOTHING_SENT, NOON, PUSH),
    ("blocked", due("order"), Recipient(is_blocked=True), NOTHING_SENT, NOON, drop("blocked")),
    ("an offer to Basic", due("selling"), BASIC, NOTHING_SENT, NOON, drop("basic")),
    ("care for Basic", due("care"), BASIC, NOTHING_SENT, NOON, PUSH),
    ("two weeks too late", due("care"), IN_A_TICKET, NOTHING_SENT, at(29, 12), drop("too-late")),
    (
        "past its own end",
        due("care", expires_at=at(15, 11)),
        NOBODY_SPECIAL,
        NOTHING_SENT,
        NOON,
        drop("too-late"),
    ),
    (
        "looked at when it ends",
        due("care", expires_at=at(15, 20)),
        NOBODY_SPECIAL,
        SENT_TODAY,
        NOON,
        hold("daily-limit", at(15, 20)),
    ),
]


@pytest.mark.parametrize(
    ("message", "customer", "sent", "now", "right"), [case[1:] for case in PUSHES], ids=[c[0] for c in PUSHES]
)
def test_without_a_reply_to_go_along_with(
    message: Planned, customer: Recipient, sent: SentLately, now: datetime, right: Decision
) -> None:
    assert decide(message, customer, sent, now, LIMITS, reply_has_room=False) == right


@pytest.mark.parametrize(
    ("message", "customer", "sent", "now", "right"),
    [
        (early("care"), NOBODY_SPECIAL, NOTHING_SENT, NOON, RIDE),
        (early("care"), NOBODY_SPECIAL, SENT_TODAY, NIGHT, RIDE),
        (due("order"), NOBODY_SPECIAL, NOTHING_SENT, NIGHT, RIDE),
        (early("selling"), NOBODY_SPECIAL, SENT_TODAY, NOON, RIDE),
        (early("selling"), NOBODY_SPECIAL, NOTHING_SENT, at(15, 21), hold("free-ride", at(17, 12))),
        (
            early("selling"),
            NOBODY_SPECIAL,
            SentLately((), (at(15, 9),)),
            NOON,
            hold("free-ride", at(17, 12)),
        ),
        (early("care"), IN_A_TICKET, NOTHING_SENT, NOON, hold("ticket", NINE_TOMORROW)),
        (early("care"), OPTED_OUT, NOTHING_SENT, NOON, drop("opted-out")),
        (
            Planned(MessageClass.CARE, at(16, 12), at(17, 12)),
            NOBODY_SPECIAL,
            NOTHING_SENT,
            NOON,
            hold("free-ride", at(17, 12)),
        ),
    ],
)
def test_with_a_reply_that_has_room(
    message: Planned, customer: Recipient, sent: SentLately, now: datetime, right: Decision
) -> None:
    assert decide(message, customer, sent, now, LIMITS, reply_has_room=True) == right


def test_a_message_waits_for_the_budget_but_neither_orders_nor_a_shared_push_do() -> None:
    def decided(message: Planned, *, reply_has_room: bool = False) -> Decision:
        return decide(
            message,
            NOBODY_SPECIAL,
            NOTHING_SENT,
            NOON,
            LIMITS,
            reply_has_room=reply_has_room,
            waits_for_budget=True,
        )

    assert decided(due("care")) == hold("budget", NINE_TOMORROW)
    assert decided(due("care"), reply_has_room=True) == RIDE
    assert decided(due("order")) == PUSH
    assert may_share_a_push(due("care"), NOBODY_SPECIAL, NOTHING_SENT, NOON, LIMITS)


def test_a_push_to_somebody_who_is_awake_at_night_takes_along_all_but_offers() -> None:
    def may_share(message_class: str) -> bool:
        return may_share_a_push(due(message_class), NOBODY_SPECIAL, NOTHING_SENT, NIGHT, LIMITS)

    assert may_share("care")
    assert may_share("order")
    assert not may_share("selling")
    assert not may_share_a_push(due("care"), NOBODY_SPECIAL, SENT_TODAY, NIGHT, LIMITS)


@pytest.mark.parametrize(
    ("hours", "moment", "right"),
    [
        ((21, 9), at(15, 20, 59), at(15, 20, 59)),
        ((21, 9), at(15, 21), at(16, 9)),
        ((21, 9), at(16, 8, 59), at(16, 9)),
        ((1, 7), at(15, 3), at(15, 7)),
        ((1, 7), at(15, 0, 30), at(15, 0, 30)),
        ((9, 9), at(15, 3), at(15, 3)),
    ],
)
def test_the_end_of_quiet_hours(hours: tuple[int, int], moment: datetime, right: datetime) -> None:
    assert next_open(moment, Limits(*hours)) == right


# What holds for all messages

MOMENTS = st.integers(0, 60 * 24 * 40).map(lambda minutes: at(1, 0) + timedelta(minutes=minutes))
CLASSES = st.sampled_from(MessageClass)


@st.composite
def messages(draw: st.DrawFn) -> Planned:
    earliest_at = draw(MOMENTS)
    latest_at = earliest_at + timedelta(hours=draw(st.integers(0, 100)))
    expires_at = draw(st.none() | st.integers(0, 500).map(lambda hours: latest_at + timedelta(hours=hours)))
    return Planned(draw(CLASSES), earliest_at, latest_at, expires_at, draw(st.booleans()))


CUSTOMERS = st.builds(
    Recipient, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.none() | MOMENTS
)
SENT = st.builds(SentLately, st.lists(MOMENTS, max_size=6).map(tuple), st.just(()))


@given(messages(), CUSTOMERS, SENT, MOMENTS, st.booleans())
def test_what_is_sent_is_permitted(
    message: Planned, customer: Recipient, sent: SentLately, now: datetime, reply_has_room: bool
) -> None:
    decision = decide(message, customer, sent, now, LIMITS, reply_has_room=reply_has_room)
    rules = CLASS_RULES[message.message_class]
    if decision.verdict is Verdict.PUSH:
        assert 9 <= now.hour < 21
        assert now >= message.latest_at
        if rules.counts:
            assert not any(moment.date() == now.date() for moment in sent.counted_at)
    if decision.verdict in (Verdict.PUSH, Verdict.RIDE):
        assert not customer.is_blocked
        assert now >= message.earliest_at
        if message.message_class is MessageClass.SELLING:
            assert not (customer.is_basic or customer.has_ticket or customer.is_opted_out)
            assert customer.rests_until is None or now >= customer.rests_until
            assert 9 <= now.hour < 21
    if not rules.counts:
        assert decision.reason not in ("daily-limit", "weekly-limit", "opted-out", "budget", "ticket")


@given(messages(), CUSTOMERS, SENT, MOMENTS)
def test_what_is_held_is_decided_on_later_and_never_beyond_its_end(
    message: Planned, customer: Recipient, sent: SentLately, now: datetime
) -> None:
    decision = decide(message, customer, sent, now, LIMITS, reply_has_room=False)
    if decision.verdict is Verdict.HOLD:
        assert decision.until is not None
        assert now < decision.until <= message.given_up_at
    ended = decide(message, customer, sent, message.given_up_at, LIMITS, reply_has_room=True)
    assert ended.verdict is Verdict.DROP


@given(st.lists(messages(), min_size=1, max_size=12), st.integers(1, 3), st.integers(1, 6))
def test_however_many_are_planned_the_limits_of_a_customer_hold(
    planned: list[Planned], a_day: int, a_week: int
) -> None:
    """A customer's month, in which each message is looked at when the decision before said so."""
    shop_limits = Limits(a_day=a_day, a_week=a_week)
    waiting = [(each.latest_at, number) for number, each in enumerate(planned)]
    sent, pushed_at, steps = SentLately(), [], 0
    while waiting:
        now, number = min(waiting)
        waiting.remove((now, number))
        steps += 1
        assert steps < 1_000, "every message ends"
        decision = decide(planned[number], NOBODY_SPECIAL, sent, now, shop_limits, reply_has_room=False)
        if decision.verdict is Verdict.HOLD:
            assert decision.until is not None
            waiting.append((decision.until, number))
        elif decision.verdict is Verdict.PUSH:
            sent = sent.plus(now, {planned[number].message_class})
            if CLASS_RULES[planned[number].message_class].counts:
                pushed_at.append(now)
    for moment in pushed_at:
        assert sum(other.date() == moment.date() for other in pushed_at) <= a_day
        assert sum(moment - A_WEEK < other <= moment for other in pushed_at) <= a_week
