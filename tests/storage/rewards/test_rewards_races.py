"""Two transactions at once: one cause, one limit, one code, one friend. On PostgreSQL, where both really run."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from bot import localtime
from bot.config import shop
from bot.db import database as bot_database
from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.ledger import due_points, ledger
from rewards.ledger.ledger import EntryKind, LedgerEntry, NotEnough
from rewards.ledger.reconciliation import reconcile
from rewards.ranks import customer_rank
from rewards.ranks.customer_rank import RankChange
from rewards.referrals import referrals
from rewards.referrals.tables import Referral, ReferralCode, ReferralOutcome, ReferralState


def in_threads(*works: Callable[[], object]) -> None:
    """Run each in a thread of its own."""
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            bot_database.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures, failures


def at_once(*works: Callable[[], object]) -> None:
    """Run each in a thread and a transaction of its own, begun together."""
    ready = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> None:
        ready.wait(10)
        with write_transaction():
            work()

    in_threads(*[lambda work=work: begin(work) for work in works])


def meeting(first: Callable[[], object], second: Callable[[], object]) -> None:
    """The second begins when the first has done its work and has yet to commit: it waits, or sees nothing of it."""
    done, over = threading.Event(), threading.Event()

    def begin() -> None:
        with write_transaction():
            first()
            done.set()
            over.wait(0.2)

    def follow() -> None:
        done.wait(10)
        with write_transaction():
            second()
        over.set()

    in_threads(begin, follow)


def a_customer(letter: str) -> int:
    return int(customers.follow("U" + letter * 32).id)


def test_one_cause_earns_once() -> None:
    with write_transaction():
        hanako = a_customer("a")
    at_once(*[lambda: ledger.earn(hanako, "purchase", 39, "order:1")] * 6)
    assert ledger.balance(hanako) == 39


def test_a_limit_holds_for_both() -> None:
    with write_transaction():
        hanako = a_customer("a")
    works = [
        lambda number=number: ledger.earn(hanako, "testimonial", 50, f"testimonial:{number}")
        for number in range(6)
    ]
    at_once(*works)
    assert LedgerEntry.select().where(LedgerEntry.kind == EntryKind.EARN).count() == 1
    assert LedgerEntry.select().where(LedgerEntry.kind == EntryKind.REFUSED).count() == 5


def test_no_more_is_taken_back_than_was_given() -> None:
    with write_transaction():
        hanako = a_customer("a")
        ledger.earn(hanako, "purchase", 39, "order:1")
    at_once(
        *[
            lambda number=number: ledger.reverse("order:1", f"refund:{number}", points=30)
            for number in range(4)
        ]
    )
    assert ledger.balance(hanako) == 0
    assert reconcile().faults == ()


def test_a_customer_has_one_code() -> None:
    with write_transaction():
        hanako = a_customer("a")
    at_once(*[lambda: referrals.get_or_create_code(hanako)] * 4)
    assert ReferralCode.select().count() == 1


def test_a_friend_comes_and_buys_once() -> None:
    with write_transaction():
        hanako, jiro, taro = a_customer("a"), a_customer("b"), a_customer("c")
        codes = [referrals.get_or_create_code(hanako), referrals.get_or_create_code(jiro)]
    at_once(*[lambda code=code: referrals.join(code, taro, is_new=True) for code in codes * 2])
    assert Referral.select().count() == 1
    at_once(
        *[
            lambda number=number: referrals.reward_first_purchase(taro, f"order:{number}")
            for number in range(4)
        ]
    )
    assert ledger.balance(hanako) + ledger.balance(jiro) == 200
    assert ledger.balance(taro) == 200
    assert referrals.totals().bought_count == 1


def test_two_friends_who_join_at_once_are_counted_one_by_one() -> None:
    with write_transaction():
        code, taro, jiro = referrals.get_or_create_code(a_customer("a")), a_customer("b"), a_customer("c")
    shop.use({"referrals": {"joined_a_day": 1}})
    try:
        meeting(
            lambda: referrals.join(code, taro, is_new=True), lambda: referrals.join(code, jiro, is_new=True)
        )
    finally:
        shop.use({})
    assert [row.state for row in Referral.select().order_by(Referral.id)] == [
        ReferralState.JOINED,
        ReferralState.HELD,
    ]


def test_two_who_invite_each_other_at_once_are_a_circle() -> None:
    with write_transaction():
        hanako, taro = a_customer("a"), a_customer("b")
        codes = referrals.get_or_create_code(hanako), referrals.get_or_create_code(taro)
    meeting(
        lambda: referrals.join(codes[0], taro, is_new=True),
        lambda: referrals.join(codes[1], hanako, is_new=True),
    )
    assert [row.reason for row in Referral.select().order_by(Referral.id)] == ["", ReferralOutcome.CIRCULAR]


def test_a_rise_is_recorded_once_in_the_history() -> None:
    with write_transaction():
        hanako = a_customer("a")
    at_once(*[lambda: customer_rank.register(hanako)] * 4)
    assert RankChange.select().count() == 1


def test_two_who_spend_at_once_never_overspend() -> None:
    with write_transaction():
        hanako = a_customer("a")
        ledger.earn(hanako, "purchase", 60, "order:1")
        ledger.earn(hanako, "purchase", 40, "order:2")
    refused: list[int] = []

    def spend(number: int) -> None:
        try:
            ledger.burn(hanako, 30, f"coupon:{number}")
        except NotEnough as short:
            refused.append(short.available)

    at_once(*[lambda number=number: spend(number) for number in range(6)])
    assert ledger.balance(hanako) == 10
    assert refused == [10, 10, 10]
    assert reconcile().faults == ()


def test_one_spending_received_twice_at_once_counts_once() -> None:
    with write_transaction():
        hanako = a_customer("a")
        ledger.earn(hanako, "purchase", 100, "order:1")
    at_once(*[lambda: ledger.burn(hanako, 30, "coupon:1")] * 4)
    assert ledger.balance(hanako) == 70
    assert reconcile().faults == ()


def test_two_clocks_release_and_expire_once() -> None:
    noon = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    with write_transaction(), localtime.fixed(noon):
        hanako = a_customer("a")
        ledger.earn(hanako, "purchase", 100, "order:1")
        ledger.earn(hanako, "purchase", 50, "order:2", held_until=date(2026, 1, 19))
    with localtime.fixed(noon + timedelta(days=20)):
        at_once(*[lambda: due_points.release(hanako)] * 4)
    assert ledger.balance(hanako) == 150
    with localtime.fixed(noon + timedelta(days=400)):
        at_once(
            *[lambda: due_points.expire(hanako)] * 4, lambda: ledger.earn(hanako, "purchase", 7, "order:3")
        )
    assert ledger.balance(hanako) == 7
    assert reconcile().faults == ()
