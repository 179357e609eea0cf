"""Two requests at once for one coupon, the last of a stock, one balance: one wins. On PostgreSQL, where both
really run."""

from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.coupons import coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger import ledger
from tests.storage.rewards.test_rewards_races import at_once


def a_customer(letter: str, points: int) -> int:
    with write_transaction():
        customer_id = int(customers.follow("U" + letter * 32).id)
        ledger.earn(customer_id, "purchase", points, f"order:{letter}")
    return customer_id


def a_reward(stock: int | None = None) -> int:
    with write_transaction():
        return reward_list.make(
            RewardDraft(
                name="石けん",
                kind=RewardKind.EXCHANGE,
                value_text="石けん1個",
                value_yen=200,
                points_price=100,
                stock=stock,
            )
        )


def test_of_two_who_redeem_one_coupon_one_wins() -> None:
    hanako, soap = a_customer("a", 100), a_reward()
    with write_transaction():
        mine = coupons.issue(hanako, soap, 1, "exchange:1").coupon
    assert mine is not None
    results: list[bool] = []
    at_once(
        *[
            lambda number=number: results.append(coupons.redeem(mine.code, f"staff:{number}").done)
            for number in range(6)
        ]
    )
    assert sorted(results) == [False] * 5 + [True]


def test_a_coupon_is_used_or_taken_back_and_never_both() -> None:
    hanako, soap = a_customer("a", 100), a_reward()
    with write_transaction():
        mine = coupons.issue(hanako, soap, 1, "exchange:1").coupon
    assert mine is not None
    used: list[bool] = []
    taken_back: list[bool] = []
    at_once(
        *[lambda: used.append(coupons.redeem(mine.code, "staff:1").done)] * 3,
        *[lambda: taken_back.append(coupons.cancel(mine.id, 2, "まちがい"))] * 3,
    )
    assert sorted(used + taken_back) == [False] * 5 + [True]
    assert ledger.balance(hanako) == (100 if any(taken_back) else 0)


def test_of_six_who_want_the_last_piece_one_gets_it_and_the_others_keep_their_points() -> None:
    people = [a_customer(letter, 100) for letter in "abcdef"]
    soap = a_reward(stock=1)
    at_once(*[lambda who=who: coupons.issue(who, soap, 1, f"exchange:{who}") for who in people])
    assert Coupon.select().count() == 1
    assert Reward.get_by_id(soap).issued_count == 1
    assert sorted(ledger.balance(who) for who in people) == [0, 100, 100, 100, 100, 100]


def test_one_hundred_points_buy_one_piece_however_often_one_asks() -> None:
    hanako, soap = a_customer("a", 100), a_reward()
    at_once(
        *[lambda number=number: coupons.issue(hanako, soap, 1, f"exchange:{number}") for number in range(6)]
    )
    assert Coupon.select().count() == 1
    assert ledger.balance(hanako) == 0


def test_one_question_answered_twice_is_one_exchange() -> None:
    hanako, soap = a_customer("a", 300), a_reward()
    at_once(*[lambda: coupons.issue(hanako, soap, 1, "exchange:1")] * 6)
    assert Coupon.select().count() == 1
    assert ledger.balance(hanako) == 200
