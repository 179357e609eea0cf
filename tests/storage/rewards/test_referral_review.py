"""Held referrals: for a decision by staff with the evidence, or for a waiting period. In doubt nobody is rewarded."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.conversations import ensure
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.orders import purchases
from customers.orders.buyers import Buyer
from customers.orders.order import Order
from customers.people import customer as customers
from handlers import referral_jobs
from rewards.ledger import ledger
from rewards.referrals import referrals, reversal, review
from rewards.referrals.review import ReferralVerdict
from rewards.referrals.tables import Referral, ReferralOutcome, ReferralState

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
STAFF = 7


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield
    shop.use({})


def line_user(letter: str) -> str:
    return "U" + letter * 32


def a_customer(letter: str) -> int:
    return int(customers.follow(line_user(letter)).id)


def come(referrer_id: int, letter: str) -> ReferralOutcome:
    return referrals.join(referrals.get_or_create_code(referrer_id), a_customer(letter), is_new=True)


def buy(
    letter: str | None,
    order_number: str,
    email: str | None = None,
    phone: str | None = None,
    number: str | None = None,
    delivery: str | None = None,
) -> referrals.ReferralReward | None:
    now = localtime.now()
    order = Order(
        source="test",
        order_number=order_number,
        ordered_at=now,
        ordered_on=localtime.local_date(now),
        total_yen=3_980,
        line_user_id=line_user(letter) if letter else None,
        customer_number=number,
        email_hash=email,
        phone_hash=phone,
        delivery_hash=delivery,
    )
    purchases.record(order)
    return referrals.reward_first_purchase(a_customer(letter), f"order:{order_number}") if letter else None


def judge(*, approve: bool) -> review.ReferralDecision:
    return review.decide(Referral.get().id, STAFF, "同じ方でした", approve=approve)


@pytest.mark.parametrize("shared", [{"email": "e" * 64}, {"phone": "p" * 64}])
def test_one_address_for_both_is_held_with_the_evidence(shared: dict[str, str]) -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        buy("a", "1", **shared)
        assert come(hanako, "b") is ReferralOutcome.ATTRIBUTED
        assert buy("b", "2", **shared) is None
        [held] = review.held()
    assert held.referral.reason == "shared_identity"
    assert held.shared == list(shared)
    assert [order.number for order in held.orders] == ["2"]
    assert (held.referrer.id, held.referee.id, held.joined_that_day_count) == (hanako, taro, 1)
    assert ledger.balance(hanako) == ledger.balance(taro) == 0


def test_one_home_for_both_is_held_even_when_only_an_earlier_order_went_there() -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        buy("a", "1", delivery="h" * 64)
        buy("a", "2", delivery="o" * 64)
        come(hanako, "b")
        assert buy("b", "3", delivery="h" * 64) is None
        [held] = review.held()
        assert (held.referral.reason, held.shared) == ("shared_delivery", ["delivery"])
        assert judge(approve=True).verdict is ReferralVerdict.REWARDED
    assert (ledger.balance(hanako), ledger.balance(taro)) == (200, 200)


def test_the_home_of_some_other_customer_is_no_doubt() -> None:
    """The friend's family may have bought here long before."""
    with write_transaction():
        hanako = a_customer("a")
        buy("a", "1", delivery="o" * 64)
        buy("c", "2", delivery="h" * 64)
        come(hanako, "b")
        assert buy("b", "3", delivery="h" * 64) is not None


def test_orders_that_name_no_place_share_none() -> None:
    with write_transaction():
        hanako = a_customer("a")
        buy("a", "1")
        come(hanako, "b")
        assert buy("b", "2") is not None


def test_another_customers_address_is_held_too() -> None:
    with write_transaction():
        hanako = a_customer("a")
        buy("c", "1", email="e" * 64)
        come(hanako, "b")
        assert buy("b", "2", email="e" * 64) is None
        assert Referral.get().reason == "known_buyer"


def test_the_address_of_a_buyer_without_a_line_user_is_held_too() -> None:
    """An old customer with a new account at the shop, who has just come to LINE."""
    with write_transaction():
        hanako = a_customer("a")
        buy(None, "1", email="e" * 64, number="C-1")
        come(hanako, "b")
        assert buy("b", "2", email="e" * 64, number="C-2") is None
    assert Referral.get().reason == "known_buyer"


def test_orders_of_an_unlinked_buyer_are_still_the_customers_own() -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        come(hanako, "b")
        buy("b", "1", email="e" * 64, number="C-1")
        reversal.take_back(taro, "1", "order_cancelled")
        purchases.unlink_buyer(Buyer.get())
        buy(None, "2", number="C-1")
        assert buy("b", "3") is not None


def test_different_people_are_rewarded_at_once() -> None:
    with write_transaction():
        hanako = a_customer("a")
        buy("a", "1", email="e" * 64, phone="p" * 64)
        come(hanako, "b")
        bought = buy("b", "2", email="f" * 64, phone="q" * 64)
    assert bought is not None
    assert ledger.balance(hanako) == 200


def test_approved_both_earn_once() -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        buy("a", "1", phone="p" * 64)
        come(hanako, "b")
        buy("b", "2", phone="p" * 64)
        first, second = judge(approve=True), judge(approve=True)
    assert (first.verdict, second.verdict) == (ReferralVerdict.REWARDED, ReferralVerdict.DECIDED_BEFORE)
    assert (ledger.balance(hanako), ledger.balance(taro)) == (200, 200)
    row = Referral.get()
    assert (row.state, row.decided_by, row.decided_at) == (ReferralState.REWARDED, STAFF, NOON)
    assert referrals.totals().bought_count == 1


def test_rejected_nobody_earns_then_or_later() -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        buy("a", "1", phone="p" * 64)
        come(hanako, "b")
        buy("b", "2", phone="p" * 64)
        assert judge(approve=False).verdict is ReferralVerdict.REJECTED
        assert judge(approve=True).verdict is ReferralVerdict.DECIDED_BEFORE
        assert buy("b", "3") is None
    assert ledger.balance(hanako) == ledger.balance(taro) == 0
    assert (Referral.get().state, Referral.get().reason) == (ReferralState.REJECTED, "同じ方でした")


def test_approved_before_buying_it_goes_its_ordinary_way_and_can_be_held_again() -> None:
    shop.use({"referrals": {"joined_a_day": 1}})
    with write_transaction():
        hanako = a_customer("a")
        buy("a", "1", phone="p" * 64)
        come(hanako, "b")
        come(hanako, "c")
        [held] = review.held()
        decided = review.decide(held.referral.id, STAFF, "", approve=True)
        assert (decided.verdict, decided.friend_waits) == (ReferralVerdict.MAY_COME, True)
        with localtime.fixed(NOON + timedelta(hours=1)):
            assert buy("c", "2", phone="p" * 64) is None
            [again] = review.held()
    assert again.event_id != held.event_id
    assert referrals.totals().joined_count == 2


def test_the_hold_ends_on_its_day_and_both_earn_once() -> None:
    shop.use({"referrals": {"hold_days": 8}})
    with write_transaction():
        hanako = a_customer("a")
        come(hanako, "b")
        assert buy("b", "1") is None
        referral = Referral.get()
        assert referral.state == ReferralState.BOUGHT
        assert review.release(referral.id) is None
        with localtime.fixed(NOON + timedelta(days=7)):
            assert review.due(0, 10) == []
        with localtime.fixed(NOON + timedelta(days=8)):
            assert review.due(0, 10) == [referral]
            assert review.release(referral.id) is not None
            assert review.release(referral.id) is None
            assert review.due(0, 10) == []
    assert ledger.balance(hanako) == 200


def test_one_who_cannot_be_notified_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first has no chat: their hold is due each time anew."""
    monkeypatch.setattr(referral_jobs, "CHUNK", 1)
    shop.use({"referrals": {"hold_days": 8}})
    with write_transaction():
        hanako = a_customer("a")
        customers.follow(line_user("c"), ensure(line_user("c"), line_user("c")))
        for letter in "bc":
            come(hanako, letter)
            buy(letter, letter)
    with localtime.fixed(NOON + timedelta(days=8)):
        assert (referral_jobs.end_holds(), referral_jobs.end_holds()) == (1, 0)
    assert InboxEvent.get().conversation.key == line_user("c")


def test_an_order_taken_back_during_the_hold_earns_nobody_and_the_next_one_counts() -> None:
    shop.use({"referrals": {"hold_days": 8}})
    with write_transaction():
        hanako = a_customer("a")
        come(hanako, "b")
        buy("b", "1")
        order = purchases.find("1")
        assert order is not None
        purchases.cancel(order)
        with localtime.fixed(NOON + timedelta(days=8)):
            assert review.release(Referral.get().id) is None
            assert Referral.get().state == ReferralState.JOINED
            buy("b", "2")
        with localtime.fixed(NOON + timedelta(days=16)):
            assert review.release(Referral.get().id) is not None
    assert ledger.balance(hanako) == 200
    assert referrals.totals().bought_count == 1


def test_an_order_taken_back_during_the_hold_begins_it_anew_with_the_next() -> None:
    shop.use({"referrals": {"hold_days": 14}})
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        come(hanako, "b")
        assert buy("b", "1") is None
        gone = reversal.take_back(taro, "1", "order_cancelled")
        assert gone is not None
        assert (gone.referrer_points, gone.referee_points) == (0, 0)
        row = Referral.get()
        assert (row.state, row.due_on, row.purchase_cause) == (ReferralState.JOINED, None, None)
        assert referrals.totals().bought_count == 0
    with localtime.fixed(NOON + timedelta(days=14)), write_transaction():
        assert review.release(row.id) is None
        assert buy("b", "2") is None
        assert referrals.totals().bought_count == 1
    with localtime.fixed(NOON + timedelta(days=28)), write_transaction():
        assert review.release(row.id) is not None
        assert (ledger.balance(hanako), ledger.balance(taro)) == (200, 200)
        reversal.take_back(taro, "2", "order_cancelled")
        assert (ledger.balance(hanako), ledger.balance(taro)) == (0, 0)
        assert buy("b", "3") is None
    with localtime.fixed(NOON + timedelta(days=42)), write_transaction():
        assert review.release(row.id) is not None
        assert (ledger.balance(hanako), ledger.balance(taro)) == (200, 200)


def test_what_is_doubtful_after_a_reversal_says_why() -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        buy("a", "1", phone="p" * 64)
        come(hanako, "b")
        assert buy("b", "2") is not None
        reversal.take_back(taro, "2", "order_cancelled")
        assert buy("b", "3", phone="p" * 64) is None
        row = Referral.get()
        assert (row.state, row.reason) == (ReferralState.HELD, "shared_identity")
