"""Coupons: issued once for a cause, within stock, period, limit and rank; redeemed once; points spent once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.coupons import birthdays, coupons, reward_list
from rewards.coupons.reward_list import AboveTheCap, RewardDraft
from rewards.coupons.rules import Lack, RewardKind
from rewards.coupons.tables import Coupon, CouponState, Reward
from rewards.ledger import ledger
from rewards.ledger.ledger import EntryKind
from rewards.ledger.reconciliation import reconcile
from rewards.ranks.rules import Rank

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


def a_customer(letter: str, points: int = 0) -> int:
    with write_transaction():
        user_id = "U" + letter * 32
        customer_id = int(customers.follow(user_id, conversations.ensure(user_id, user_id)).id)
        if points:
            ledger.earn(customer_id, "purchase", points, f"order:{letter}")
    return customer_id


def a_reward(**more: Any) -> int:
    draft: dict[str, Any] = {
        "name": "ハンドクリーム",
        "kind": RewardKind.EXCHANGE,
        "value_text": "小さなハンドクリームを1本",
        "value_yen": 200,
    }
    with write_transaction():
        return reward_list.make(RewardDraft(**(draft | {"points_price": 300} | more)))


def ask(
    customer_id: int, reward_id: int, cause: str = "exchange:1", rank: Rank = Rank.BASIC
) -> coupons.IssueResult:
    with write_transaction():
        return coupons.issue(customer_id, reward_id, rank, cause)


def test_points_become_a_coupon_once() -> None:
    hanako, cream = a_customer("a", 500), a_reward()
    first = ask(hanako, cream)
    again = ask(hanako, cream)
    assert first.coupon is not None
    assert again.coupon == first.coupon
    assert ledger.balance(hanako) == 200
    spent = ledger.entry_of("coupon:exchange:1")
    assert spent is not None
    assert (spent.kind, spent.points, spent.note) == (EntryKind.BURN, -300, "ハンドクリーム")
    assert Reward.get_by_id(cream).issued_count == 1
    assert reconcile().faults == ()


@pytest.mark.parametrize(
    ("terms", "points", "missing"),
    [
        ({}, 299, Lack.POINTS),
        ({"stock": 1}, 600, Lack.SOLD_OUT),
        ({"per_customer": 1}, 600, Lack.HAD_ENOUGH),
        ({"minimum_rank": Rank.PREMIUM}, 600, Lack.RANK),
        ({"ends_on": date(2026, 6, 14)}, 600, Lack.OVER),
        ({"starts_on": date(2026, 6, 16)}, 600, Lack.NOT_YET),
    ],
)
def test_what_is_missing_costs_nothing(terms: dict[str, Any], points: int, missing: Lack) -> None:
    hanako = a_customer("a", points)
    cream = a_reward(**terms)
    if missing is Lack.SOLD_OUT:
        ask(a_customer("b", 300), cream, "exchange:b")
    if missing is Lack.HAD_ENOUGH:
        ask(hanako, cream, "exchange:0")
    before = ledger.balance(hanako)
    refused = ask(hanako, cream)
    assert (refused.coupon, refused.lack) == (None, missing)
    assert ledger.balance(hanako) == before


def test_a_stopped_reward_is_not_given_and_its_coupons_stay_good() -> None:
    hanako, cream = a_customer("a", 900), a_reward()
    mine = ask(hanako, cream).coupon
    with write_transaction():
        assert reward_list.switch(cream, active=False)
    assert ask(hanako, cream, "exchange:2").lack is Lack.STOPPED
    with write_transaction():
        assert mine is not None
        assert coupons.redeem(mine.code, "staff:1").done


def test_a_coupon_is_redeemed_once() -> None:
    hanako = a_customer("a", 300)
    mine = ask(hanako, a_reward()).coupon
    assert mine is not None
    with write_transaction():
        first, second = coupons.redeem(mine.code, "staff:1"), coupons.redeem(mine.code, "staff:2")
        assert coupons.redeem("K7MP-4XWD-RT35", "staff:1").coupon is None
    assert (first.done, second.done) == (True, False)
    assert second.coupon is not None
    assert (second.coupon.state, second.coupon.redeemed_by, second.coupon.redeemed_at) == (
        CouponState.REDEEMED,
        "staff:1",
        NOON,
    )
    assert coupons.held_by(hanako) == []


def test_past_its_last_day_it_is_over_whether_or_not_the_clock_has_come_by() -> None:
    hanako = a_customer("a", 300)
    mine = ask(hanako, a_reward(valid_days=30)).coupon
    assert mine is not None
    assert mine.valid_until == date(2026, 7, 15)
    with localtime.fixed(NOON + timedelta(days=30)):
        assert coupons.held_by(hanako) == [mine]
    with localtime.fixed(NOON + timedelta(days=31)), write_transaction():
        assert coupons.held_by(hanako) == []
        result = coupons.redeem(mine.code, "staff:1")
        assert not result.done
        assert result.coupon is not None
        assert result.coupon.state_now is CouponState.EXPIRED
        assert coupons.expire_old() == 1
        assert coupons.expire_old() == 0


def test_no_coupon_outlives_its_reward() -> None:
    mine = ask(a_customer("a", 300), a_reward(ends_on=date(2026, 6, 20))).coupon
    assert mine is not None
    assert mine.valid_until == date(2026, 6, 20)


def test_a_cancelled_coupon_gives_its_points_and_its_piece_back() -> None:
    hanako, cream = a_customer("a", 300), a_reward(stock=1, per_customer=1)
    mine = ask(hanako, cream).coupon
    assert mine is not None
    with write_transaction():
        assert coupons.cancel(mine.id, 7, "作り直すため")
        assert not coupons.cancel(mine.id, 8, "もう一度")
        assert not coupons.redeem(mine.code, "staff:1").done
    assert ledger.balance(hanako) == 300
    assert ask(hanako, cream, "exchange:2").coupon is not None
    assert reconcile().faults == ()


def test_an_occasion_gives_each_of_its_rewards_once() -> None:
    hanako = a_customer("a")
    a_reward(kind=RewardKind.FIRST_PURCHASE, name="一つ目")
    a_reward(kind=RewardKind.FIRST_PURCHASE, name="二つ目", stock=1)
    a_reward(kind=RewardKind.BIRTHDAY, name="誕生日")
    with write_transaction():
        first = coupons.issue_for_occasion(hanako, RewardKind.FIRST_PURCHASE, Rank.BASIC, "first:1")
        again = coupons.issue_for_occasion(hanako, RewardKind.FIRST_PURCHASE, Rank.BASIC, "first:1")
    assert [each.reward.name for each in first] == ["一つ目", "二つ目"]
    assert again == []
    assert ledger.balance(hanako) == 0


def test_the_list_shows_what_can_be_had_first_and_what_is_missing() -> None:
    hanako = a_customer("a", 400)
    a_reward(name="高い", points_price=900)
    a_reward(name="いま")
    a_reward(name="上のランク", minimum_rank=Rank.ACTIVE)
    a_reward(name="売り切れ", stock=1)
    ask(a_customer("b", 300), Reward.get(Reward.name == "売り切れ").id, "exchange:b")
    shown = [(each.reward.name, each.lack) for each in reward_list.offers(hanako, Rank.BASIC)]
    assert shown == [("いま", None), ("上のランク", Lack.RANK), ("高い", Lack.POINTS)]


def test_a_gift_above_the_cap_is_not_switched_on() -> None:
    """The smallest purchase is ¥1,000, so a gift may be worth ¥200; 300 points are earned by buying for ¥30,000."""
    with pytest.raises(AboveTheCap) as above:
        a_reward(kind=RewardKind.FIRST_PURCHASE, value_yen=201)
    assert above.value.cap_yen == 200
    a_reward(kind=RewardKind.FIRST_PURCHASE, value_yen=5_000, is_discount=True)
    a_reward(value_yen=6_000)
    with pytest.raises(AboveTheCap):
        a_reward(value_yen=6_001)
    assert Reward.select().count() == 2


def test_referral_points_above_the_cap_stop_the_start() -> None:
    try:
        with pytest.raises(
            shop.ShopFileError, match=r"referee in .points. cannot be used: 300 points are worth ¥300"
        ):
            shop.use({"points": {"referee": 300}})
        shop.use({"points": {"referee": 300}, "coupons": {"points_are_discounts": True}})
        shop.use({"points": {"referee": 300}, "coupons": {"smallest_purchase_yen": 1_500}})
    finally:
        shop.use({})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4月1日", (4, 1)),
        ("４月１日です", (4, 1)),
        ("12/31", (12, 31)),
        ("0401", (4, 1)),
        ("1990年2月29日", (2, 29)),
        ("2月30日", None),
        ("13/1", None),
        ("ないしょ", None),
        ("0000", None),
    ],
)
def test_birthdays_as_people_write_them(text: str, day: tuple[int, int] | None) -> None:
    assert birthdays.read(text) == day


def test_a_birthday_is_learnt_once_and_comes_every_year() -> None:
    hanako, taro = a_customer("a"), a_customer("b")
    with write_transaction():
        assert birthdays.learn(hanako, 6, 15)
        assert not birthdays.learn(hanako, 6, 16)
        assert birthdays.learn(taro, 2, 29)
    assert due(date(2026, 6, 15)) == [f"birthday:{hanako}:2026"]
    assert due(date(2026, 6, 16)) == []
    assert due(date(2027, 2, 28)) == [f"birthday:{taro}:2027"]
    assert due(date(2028, 2, 28)) == []
    assert due(date(2028, 2, 29)) == [f"birthday:{taro}:2028"]


def test_a_birthday_entered_after_the_day_is_for_the_next_year() -> None:
    hanako = a_customer("a")
    with write_transaction():
        birthdays.learn(hanako, 6, 14)
    assert due(date(2026, 6, 14)) == []
    assert due(date(2027, 6, 14)) == [f"birthday:{hanako}:2027"]


def due(day: date) -> list[str]:
    return [each.event_id for each in birthdays.without_event(day, 10)]


def test_codes_are_unique_in_the_table() -> None:
    hanako, cream = a_customer("a", 3_000), a_reward()
    for number in range(5):
        ask(hanako, cream, f"exchange:{number}")
    assert Coupon.select(Coupon.code).distinct().count() == 5
