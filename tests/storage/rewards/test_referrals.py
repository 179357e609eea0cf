"""Referrals: attributed once, held when in doubt, and both rewarded when the friend first buys."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders import purchases
from customers.orders.order import Order
from customers.people import customer as customers
from rewards.ledger import ledger
from rewards.ledger.ledger import EntryKind
from rewards.referrals import referrals
from rewards.referrals.codes import find_code
from rewards.referrals.tables import Referral, ReferralOutcome, ReferralState

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


def line_user(letter: str) -> str:
    return "U" + letter * 32


def a_customer(letter: str) -> int:
    return int(customers.follow(line_user(letter)).id)


def come(referrer_id: int, letter: str, *, is_new: bool = True) -> ReferralOutcome:
    return referrals.join(referrals.get_or_create_code(referrer_id), a_customer(letter), is_new=is_new)


def buy(letter: str, number: str, *, ago: timedelta = timedelta()) -> None:
    at = localtime.now() - ago
    purchases.record(
        Order(
            source="test",
            order_number=number,
            ordered_at=at,
            ordered_on=localtime.local_date(at),
            total_yen=3_980,
            line_user_id=line_user(letter),
        )
    )


def test_a_code_is_made_once_and_reads_well() -> None:
    with write_transaction():
        hanako = a_customer("a")
        code = referrals.get_or_create_code(hanako)
        assert referrals.get_or_create_code(hanako) == code
        assert referrals.get_or_create_code(a_customer("b")) != code
    assert find_code(code) == code
    assert referrals.owner_of(code) == hanako
    assert referrals.owner_of("K7MP-4XWD") is None


def test_an_invitation_counts_once_a_day() -> None:
    with write_transaction():
        hanako = a_customer("a")
        for hours in (0, 1, 11, 12, 13, 36):
            with localtime.fixed(NOON + timedelta(hours=hours)):
                referrals.invite(hanako)
    assert referrals.totals().invited_count == 3


def test_a_friend_joins_and_buys_and_both_are_thanked_once() -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        referrals.invite(hanako)
        joined = come(hanako, "b")
        assert joined is ReferralOutcome.ATTRIBUTED
        assert referrals.reward_first_purchase(hanako, "order:0") is None
        buy("b", "1")
        bought = referrals.reward_first_purchase(taro, "order:1")
        assert referrals.reward_first_purchase(taro, "order:1") is None
        assert referrals.reward_first_purchase(taro, "order:2") is None
    assert bought is not None
    assert (bought.referrer_id, bought.referee_id) == (hanako, taro)
    assert (bought.referrer_points, bought.referee_points) == (200, 200)
    assert (ledger.balance(hanako), ledger.balance(taro)) == (200, 200)
    assert ledger.entry_of(f"referral:{bought.id}:referrer") is not None
    assert ledger.entry_of(f"referral:{bought.id}:referee") is not None
    stored = Referral.get()
    assert (stored.state, stored.invited_at, stored.rewarded_at) == (ReferralState.REWARDED, NOON, NOON)
    totals = referrals.totals()
    assert (totals.invited_count, totals.joined_count, totals.bought_count, totals.held_count) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        ("nobody's code", ReferralOutcome.UNKNOWN_CODE),
        ("own code", ReferralOutcome.OWN_CODE),
        ("known before", ReferralOutcome.ALREADY_CUSTOMER),
        ("second code", ReferralOutcome.ALREADY_JOINED),
        ("same code again", ReferralOutcome.ALREADY_JOINED),
    ],
)
def test_what_is_no_referral_is_said_and_earns_nobody(what: str, outcome: ReferralOutcome) -> None:
    with write_transaction():
        hanako, taro, jiro = a_customer("a"), a_customer("b"), a_customer("c")
        code = referrals.get_or_create_code(hanako)
        match what:
            case "nobody's code":
                result = referrals.join("K7MP-4XWD", taro, is_new=True)
            case "own code":
                result = referrals.join(code, hanako, is_new=True)
            case "known before":
                result = referrals.join(code, taro, is_new=False)
            case _:
                come(hanako, "b")
                other = code if what == "same code again" else referrals.get_or_create_code(jiro)
                result = referrals.join(other, taro, is_new=False)
    assert result is outcome
    assert Referral.select().count() == (1 if outcome is ReferralOutcome.ALREADY_JOINED else 0)


def test_a_circle_is_held_and_never_paid() -> None:
    """A invited B, B invited C; now A comes by C's code."""
    with write_transaction():
        a, b, c = a_customer("a"), a_customer("b"), a_customer("c")
        assert come(a, "b") is ReferralOutcome.ATTRIBUTED
        assert come(b, "c") is ReferralOutcome.ATTRIBUTED
        result = referrals.join(referrals.get_or_create_code(c), a, is_new=True)
        assert referrals.reward_first_purchase(a, "order:1") is None
    assert result is ReferralOutcome.CIRCULAR
    held = Referral.get(Referral.referee == a)
    assert (held.state, held.reason, held.bought_at) == (ReferralState.HELD, "circular", NOON)
    assert ledger.balance(c) == ledger.balance(a) == 0
    assert referrals.totals().held_count == 1


def test_a_chain_is_no_circle() -> None:
    with write_transaction():
        for before, letter in itertools.pairwise("abcdefgh"):
            assert come(a_customer(before), letter) is ReferralOutcome.ATTRIBUTED


def test_too_many_friends_in_a_day_wait_for_a_person() -> None:
    try:
        shop.use({"referrals": {"joined_a_day": 2}})
        with write_transaction():
            hanako = a_customer("a")
            assert [come(hanako, letter) for letter in "bcd"] == [
                ReferralOutcome.ATTRIBUTED,
                ReferralOutcome.ATTRIBUTED,
                ReferralOutcome.TOO_MANY,
            ]
            with localtime.fixed(NOON + timedelta(days=1)):
                assert come(hanako, "e") is ReferralOutcome.ATTRIBUTED
    finally:
        shop.use({})


@pytest.mark.parametrize("ago", [timedelta(days=1), timedelta(hours=2)])
def test_a_friend_who_had_bought_before_is_no_new_customer(ago: timedelta) -> None:
    """The order came in late: at joining nobody knew of it."""
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        assert come(hanako, "b") is ReferralOutcome.ATTRIBUTED
        buy("b", "1", ago=ago)
        assert referrals.reward_first_purchase(taro, "order:1") is None
        buy("b", "2")
        assert referrals.reward_first_purchase(taro, "order:2") is None
    assert ledger.balance(hanako) == 0
    held = Referral.get()
    assert (held.state, held.reason) == (ReferralState.HELD, "bought_before_joining")


@pytest.mark.parametrize("ago", [timedelta(minutes=1), timedelta(hours=12)])
def test_an_order_of_that_minute_or_of_that_day_without_its_time_may_have_come_after(ago: timedelta) -> None:
    """Shops' clocks differ a little, and their files may name the day alone, which stands for its midnight."""
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        come(hanako, "b")
        buy("b", "1", ago=ago)
        assert referrals.reward_first_purchase(taro, "order:1") is not None


def test_past_the_limit_of_a_day_the_friend_earns_and_the_referrer_is_refused() -> None:
    try:
        shop.use({"points": {"referrals_a_day": 1}})
        with write_transaction():
            hanako = a_customer("a")
            for letter in "bc":
                come(hanako, letter)
                last = referrals.reward_first_purchase(a_customer(letter), f"order:{letter}")
    finally:
        shop.use({})
    assert last is not None
    assert (last.referrer_points, last.referee_points) == (0, 200)
    refused = ledger.entry_of(f"referral:{last.id}:referrer")
    assert refused is not None
    assert refused.kind == EntryKind.REFUSED
