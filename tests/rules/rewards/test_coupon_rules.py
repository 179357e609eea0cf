"""Who may get a reward, the format of a coupon's code, and the legal cap on a gift."""

import random
from datetime import date

import pytest

from rewards.coupons import codes as coupon_codes
from rewards.coupons import gift_law
from rewards.coupons.rules import Holder, Lack, Terms, is_worth_showing, lack
from rewards.referrals import codes as referral_codes

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("terms", "holder", "missing"),
    [
        (Terms(points_price=300), Holder(300, 1, 0), None),
        (Terms(points_price=300), Holder(299, 1, 0), Lack.POINTS),
        (Terms(minimum_rank=3), Holder(0, 2, 0), Lack.RANK),
        (Terms(per_customer=1), Holder(0, 1, 1), Lack.HAD_ENOUGH),
        (Terms(per_customer=2), Holder(0, 1, 1), None),
        (Terms(left=0), Holder(0, 1, 0), Lack.SOLD_OUT),
        (Terms(left=1), Holder(0, 1, 0), None),
        (Terms(starts_on=date(2026, 6, 16)), Holder(0, 1, 0), Lack.NOT_YET),
        (Terms(starts_on=TODAY, ends_on=TODAY), Holder(0, 1, 0), None),
        (Terms(ends_on=date(2026, 6, 14)), Holder(0, 1, 0), Lack.OVER),
        (Terms(active=False, left=0, points_price=9), Holder(0, 1, 0), Lack.STOPPED),
    ],
)
def test_what_is_missing(terms: Terms, holder: Holder, missing: Lack | None) -> None:
    assert lack(terms, holder, TODAY) is missing


def test_what_can_still_be_reached_is_shown() -> None:
    assert [reason for reason in (None, *Lack) if is_worth_showing(reason)] == [None, Lack.RANK, Lack.POINTS]


def test_codes_are_found_however_they_are_written() -> None:
    code = "K7MP-4XWD-RT35"
    for written in (
        code,
        "k7mp4xwdrt35",
        "Ｋ７ＭＰ－４ＸＷＤ－ＲＴ３５",
        "K7MP 4XWD RT35",
        f"コード：{code}です",
        f"https://bot.example.jp/console/redeem?code={code}",
    ):
        assert coupon_codes.find_code(written) == code, written


@pytest.mark.parametrize(
    "text", ["", "K7MP-4XWD", "K7MP-4XWD-RT3", "K7MP-4XWD-RT35-K7MP", "AEIO-4XWD-RT35", "abc"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert coupon_codes.find_code(text) is None


def test_codes_differ_and_are_no_referral_codes() -> None:
    dice = random.Random(7)
    made = {coupon_codes.make(dice.choice) for _ in range(5_000)}
    assert len(made) == 5_000
    assert all(coupon_codes.find_code(each) == each for each in made)
    assert all(coupon_codes.find_code(referral_codes.make(dice.choice)) is None for _ in range(5_000))


@pytest.mark.parametrize(
    ("purchase_yen", "cap_yen"),
    [(1, 200), (999, 200), (1_000, 200), (1_005, 201), (3_980, 796), (10_000, 2_000)],
)
def test_the_cap_of_the_law(purchase_yen: int, cap_yen: int) -> None:
    assert gift_law.cap_yen(purchase_yen) == cap_yen


def test_a_discount_is_no_gift() -> None:
    assert gift_law.over_by_yen(500, 1_000, is_discount=False) == 300
    assert gift_law.over_by_yen(200, 1_000, is_discount=False) == 0
    assert gift_law.over_by_yen(500, 1_000, is_discount=True) == 0
