"""Customers as LINE's events make them: created once, registered once, blocked and back, reached only when
allowed."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from bot import conversations, localtime
from bot.db.database import write_transaction
from customers.people import customer as customers
from customers.people.customer import Customer

pytestmark = pytest.mark.usefixtures("any_database")

HANAKO = "U" + "1" * 32
NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def test_a_line_user_is_one_customer_however_often_seen() -> None:
    with write_transaction():
        conversation_id = conversations.ensure(HANAKO, HANAKO)
        first = customers.get_or_create_by_line_user(HANAKO)
        again = customers.get_or_create_by_line_user(HANAKO, conversation_id)
    assert again.id == first.id
    assert Customer.get().conversation_id == conversation_id


def test_being_named_by_an_order_makes_nobody_reachable() -> None:
    with write_transaction():
        assert not customers.can_be_pushed(customers.get_or_create_by_line_user(HANAKO, seen=False))
        assert customers.can_be_pushed(customers.get_or_create_by_line_user(HANAKO))


def test_following_again_keeps_the_day_of_registration() -> None:
    with write_transaction():
        with localtime.fixed(NOON):
            registered = customers.follow(HANAKO).registered_at
            customers.block(customers.get_or_create_by_line_user(HANAKO))
        with localtime.fixed(NOON + timedelta(days=9)):
            back = customers.follow(HANAKO)
    assert registered == NOON
    assert back.registered_at == NOON
    assert back.followed_at == NOON + timedelta(days=9)
    assert back.blocked_at is None


def test_blocked_and_silent_customers_are_not_pushed_to() -> None:
    with write_transaction():
        hanako = customers.follow(HANAKO)
        assert customers.can_be_pushed(hanako)
        customers.opt_out(hanako)
        assert not customers.can_be_pushed(hanako)
        assert customers.is_reachable(hanako)
        customers.opt_in(hanako)
        assert not customers.can_be_pushed(customers.block(hanako))


def test_a_profile_without_picture_keeps_the_known_one() -> None:
    with write_transaction():
        hanako = customers.follow(HANAKO)
        customers.learn_profile(hanako, "花子", "https://example.jp/h.jpg", "ja")
        customers.learn_profile(hanako, "はなこ")
    stored = Customer.get()
    assert (stored.display_name, stored.picture_url, stored.language) == (
        "はなこ",
        "https://example.jp/h.jpg",
        "ja",
    )


def test_seen_is_written_at_most_once_an_hour() -> None:
    with write_transaction():
        for minutes, seen_at in ((0, NOON), (59, NOON), (60, NOON + timedelta(hours=1))):
            with localtime.fixed(NOON + timedelta(minutes=minutes)):
                customers.get_or_create_by_line_user(HANAKO)
            assert Customer.get().last_seen_at == seen_at


def test_the_condition_of_queries_finds_whoever_can_be_pushed() -> None:
    moments = ("followed_at", "last_seen_at", "blocked_at", "opted_out_at")
    with write_transaction():
        for number, given in enumerate(itertools.product((None, NOON), repeat=len(moments))):
            for user_id in (None, f"U{number}"):
                conversation_id = conversations.ensure(f"{number}-{user_id}", user_id)
                Customer.create(
                    conversation=conversation_id,
                    line_user_id=user_id,
                    first_seen_at=NOON,
                    **dict(zip(moments, given, strict=True)),
                )
    expected = {each.id for each in Customer.select() if customers.can_be_pushed(each)}
    assert {each.id for each in Customer.select().where(customers.can_be_written_to())} == expected
    assert len(expected) == 3
