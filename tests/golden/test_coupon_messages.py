"""Golden messages of coupons. UPDATE_GOLDEN=1 rewrites the files: read the diff."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import localtime
from bot.config import settings as bot_settings
from bot.line import messages as line
from bot.line.messages import Message
from rewards.coupons import messages
from rewards.coupons.reward_list import RewardOffer
from rewards.coupons.rules import Lack, RewardKind
from rewards.coupons.tables import Coupon, CouponState, Reward
from rewards.coupons.words import words
from tests.golden.golden_files import assert_golden, assert_none_left_over
from tests.line_limits import assert_valid

GOLDEN = Path(__file__).parent / "coupons"
CREAM = Reward(
    id=1,
    name="ハンドクリーム",
    kind="exchange",
    points_price=300,
    stock=10,
    issued_count=7,
    value_text="小さなハンドクリームを1本",
)
SAMPLE_SET = Reward(
    id=2,
    name="試作品セット",
    kind="exchange",
    points_price=1_200,
    minimum_rank=3,
    value_text="新商品の試作品",
)
MINE = Coupon(
    id=5, reward=CREAM, code="K7MP-4XWD-RT35", state=CouponState.ISSUED, valid_until=date(2026, 6, 30)
)
USED = Coupon(
    id=6, reward=CREAM, code="K7MP-4XWD-RT36", state=CouponState.REDEEMED, valid_until=date(2026, 6, 30)
)
OVER = Coupon(
    id=7, reward=CREAM, code="K7MP-4XWD-RT37", state=CouponState.ISSUED, valid_until=date(2026, 3, 31)
)
WITHDRAWN = Coupon(
    id=8, reward=CREAM, code="K7MP-4XWD-RT38", state=CouponState.CANCELLED, valid_until=date(2026, 6, 30)
)

SHOWN: dict[str, Callable[[], list[Message]]] = {
    "nothing": lambda: [messages.offered([], [], 0)],
    "list": lambda: [
        messages.offered(
            [MINE],
            [RewardOffer(CREAM, None), RewardOffer(CREAM, Lack.POINTS), RewardOffer(SAMPLE_SET, Lack.RANK)],
            120,
        )
    ],
    "confirm": lambda: [messages.confirm(CREAM, 420, "01HXYZ")],
    "exchanged": lambda: [messages.exchanged(120), messages.coupon(MINE)],
    "used": lambda: [messages.coupon(USED)],
    "withdrawn": lambda: [messages.coupon(WITHDRAWN)],
    "cancelled": lambda: [messages.cancelled(CREAM.name, 0, 120)],
    "taken_back": lambda: messages.revoked([MINE]),
    "cancelled_with_points": lambda: [messages.cancelled(CREAM.name, 300, 420)],
    "over": lambda: [messages.coupon(OVER)],
    "unknown": lambda: [messages.unknown()],
    "sold_out": lambda: [messages.missed(Lack.SOLD_OUT, 0)],
    "too_few_points": lambda: [messages.missed(Lack.POINTS, 180)],
    "had_enough": lambda: [messages.missed(Lack.HAD_ENOUGH, 0)],
    "cannot_be_had": lambda: [messages.missed(Lack.OVER, 0)],
    "given_first_purchase": lambda: messages.given([MINE], RewardKind.FIRST_PURCHASE),
    "given_rank": lambda: messages.given([MINE], RewardKind.RANK, "アクティブ"),
    "birthday_late": lambda: [line.text(words().birthday_late)],
    "given_birthday": lambda: messages.given([MINE], RewardKind.BIRTHDAY),
    "given_thank_you": lambda: messages.given([MINE], RewardKind.THANK_YOU),
}


@pytest.fixture(autouse=True)
def _the_shops_day(settings: bot_settings.Settings) -> Iterator[None]:
    with localtime.fixed(datetime(2026, 4, 1, 3, tzinfo=UTC)):
        yield


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    assert_golden(GOLDEN, name, SHOWN[name]())


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


def test_many_rewards_with_long_words_are_still_taken_by_line() -> None:
    long = Reward(
        id=9, name="名" * 40, points_price=10**7, stock=10**7, issued_count=0, value_text="説" * 200
    )
    mine = Coupon(
        id=9, reward=long, code="K7MP-4XWD-RT35", state=CouponState.ISSUED, valid_until=date(2026, 12, 31)
    )
    shown = messages.offered([mine] * 6, [RewardOffer(long, Lack.POINTS)] * 20, 10**9)
    assert len(shown["contents"]["contents"]) == messages.MOST_BUBBLES
    assert_valid([shown])
    assert_valid([messages.coupon(mine), messages.confirm(long, 10**9, "x" * 40)])
