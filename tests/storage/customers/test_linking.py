"""Link codes and nonces that link a buyer to a LINE user: once, for a time, for one of two at once, never stolen."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from customers.linking import linking
from customers.linking.linking import LinkGuess, LinkOutcome, LinkSecret
from customers.orders import buyers, purchases
from customers.orders.buyers import Buyer
from customers.people.customer import Customer, get_or_create_by_line_user
from handlers import register, timetable
from tests.storage.customers.test_order_recording import HANAKO, TARO, order

pytestmark = pytest.mark.usefixtures("any_database")

NOON = datetime(2026, 1, 6, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fixed_time(any_database: object) -> Iterator[None]:
    register()
    shop.use({})
    with localtime.fixed(NOON):
        yield


def buyer(number: str = "C-1") -> Buyer:
    with write_transaction():
        made = buyers.get_or_create(number, None, None)
        assert made is not None
        return made


def code(of: Buyer) -> str:
    with write_transaction():
        return linking.issue_code(of, "staff:1").secret


def brings(line_user_id: str, secret: str) -> LinkOutcome:
    with write_transaction():
        return linking.redeem_code(secret, get_or_create_by_line_user(line_user_id)).outcome


def test_only_a_hash_is_stored() -> None:
    secret = code(buyer())
    row = LinkSecret.get()
    assert secret not in str(row.__data__) and len(row.secret_hash) == 64


def test_what_waited_is_credited_with_the_tie_and_not_again() -> None:
    with write_transaction():
        purchases.record(order("A-1", customer_number="C-1"))
    first, second = code(buyer()), code(buyer())
    with write_transaction():
        hanako = get_or_create_by_line_user(HANAKO)
        linked = linking.redeem_code(first, hanako)
        again = linking.redeem_code(second, hanako)
    assert (linked.outcome, [each.order_number for each in linked.credited]) == (LinkOutcome.LINKED, ["A-1"])
    assert (again.outcome, again.credited) == (LinkOutcome.ALREADY_MINE, ())


def test_each_outcome() -> None:
    secret, later = code(buyer()), code(buyer("C-2"))
    taken = code(buyer())
    assert brings(HANAKO, "K7MP-4XWD-9HQF") is LinkOutcome.UNKNOWN
    assert brings(HANAKO, secret) is LinkOutcome.LINKED
    assert brings(HANAKO, secret) is LinkOutcome.ALREADY_MINE
    assert brings(TARO, secret) is LinkOutcome.USED
    assert brings(TARO, taken) is LinkOutcome.HELD
    with localtime.fixed(NOON + timedelta(days=60)):
        assert brings(TARO, later) is LinkOutcome.EXPIRED
    found = buyers.by_customer_number("C-1")
    assert found is not None and found.customer == Customer.get(Customer.line_user_id == HANAKO)


def test_guesses_are_counted_for_each_customer_and_for_an_hour() -> None:
    secret = code(buyer())
    for _ in range(5):
        assert brings(HANAKO, "K7MP-4XWD-9HQF") is LinkOutcome.UNKNOWN
    assert brings(HANAKO, secret) is LinkOutcome.TOO_MANY
    assert brings(TARO, "K7MP-4XWD-9HQF") is LinkOutcome.UNKNOWN
    with localtime.fixed(NOON + timedelta(hours=1, seconds=1)):
        assert brings(HANAKO, secret) is LinkOutcome.LINKED
    with localtime.fixed(NOON + timedelta(days=200)):
        timetable.forget_old_requests()
    assert (LinkGuess.select().count(), LinkSecret.select().count()) == (0, 0)


def test_a_nonce_is_no_code_and_a_code_no_nonce() -> None:
    with write_transaction():
        nonce = linking.issue_nonce(buyer_in_transaction(), "api:x")
    secret = code(buyer())
    assert 10 <= len(nonce.secret) <= 255
    assert nonce.expires_at == NOON + timedelta(minutes=30)
    assert brings(HANAKO, nonce.secret) is LinkOutcome.UNKNOWN
    with write_transaction():
        hanako = get_or_create_by_line_user(HANAKO)
        assert linking.redeem_nonce(secret, hanako).outcome is LinkOutcome.UNKNOWN
        assert linking.redeem_nonce(nonce.secret, hanako).outcome is LinkOutcome.LINKED


def buyer_in_transaction() -> Buyer:
    made = buyers.get_or_create("C-1", None, None)
    assert made is not None
    return made


def test_of_two_who_bring_one_code_at_once_one_is_tied() -> None:
    secret = code(buyer())
    outcomes: list[LinkOutcome] = []
    start = threading.Barrier(2)

    def bring(line_user_id: str) -> None:
        start.wait()
        outcomes.append(brings(line_user_id, secret))
        database.close()

    with write_transaction():
        for line_user_id in (HANAKO, TARO):
            get_or_create_by_line_user(line_user_id)
    threads = [threading.Thread(target=bring, args=(who,)) for who in (HANAKO, TARO)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [LinkOutcome.LINKED, LinkOutcome.USED]
