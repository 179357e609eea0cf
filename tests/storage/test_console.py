"""What the console asks of the database, on SQLite and PostgreSQL alike."""

import uuid
from datetime import timedelta

import peewee
import pytest

from bot import localtime
from bot.database import write_transaction
from console import chat, customer_card, kept, lockout, queues, replies, staff, summary
from support import latest_words
from tests.console import chats, figures_of_a_year


def test_staff_are_kept_found_and_shut_out(any_database: peewee.Database) -> None:
    person = chats.person()
    assert staff.authenticate("staff@example.jp", chats.PASSWORD) == person
    assert staff.of_session(person.get_id()) == person
    with write_transaction():
        staff.speak(person, "en")
        assert staff.disable("staff@example.jp")
        assert not staff.disable("staff@example.jp")
    assert staff.of_session(person.get_id()) is None
    assert staff.names() == {person.id: "佐藤 はな"}
    with write_transaction():
        assert staff.enable("staff@example.jp")
    assert [each.language for each in staff.everyone()] == ["en"]


def test_failed_sign_ins_are_counted_and_old_ones_dropped(any_database: peewee.Database) -> None:
    with write_transaction():
        for _ in range(lockout.MOST_PER_PAIR):
            lockout.note_failure("a@example.jp", "192.0.2.1")
    assert lockout.is_locked("a@example.jp", "192.0.2.1")
    with localtime.fixed(localtime.now() + timedelta(days=2)), write_transaction():
        lockout.note_failure("b@example.jp", "192.0.2.1")
    assert lockout.SignInFailure.select().count() == 1


def test_the_queue_and_a_chat_are_read(any_database: peewee.Database) -> None:
    me = chats.person()
    made = chats.unhappy_customer()
    [row] = queues.page("all", me.id, None).rows
    assert (row.name, row.last_words) == ("山田 花子", "交換品はいつごろ届きますか？")
    assert queues.page("mine", me.id, None).rows == []
    assert latest_words.of([]) == {}
    shown = chat.of(made)
    assert sum(len(lines) for _, lines in shown.days) == 11
    assert chat.fitting_faq(shown) == []
    card = customer_card.of(made.customer)
    assert (card.points, card.recency_days) == (0, 12)


def test_a_reply_is_put_once(any_database: peewee.Database) -> None:
    me, who = chats.person(), chats.customer("田中")
    made = chats.ticket(who)
    key = str(uuid.uuid4())
    for text, expected in (
        ("はい", replies.Outcome.TAKEN),
        ("はい", replies.Outcome.TAKEN),
        ("いいえ", replies.Outcome.SENT_BEFORE),
    ):
        with write_transaction():
            assert replies.put(made, me, text, key) is expected
    with write_transaction():
        assert replies.put_resolved(made, me, key)
        assert not replies.put_resolved(made, me, key)
    assert queues.is_closing(made)


def test_the_owners_figures_are_counted_and_kept(
    any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures_of_a_year.build(100)
    counted = summary.of_shop()
    assert counted
    assert sum(counted.ranks.values()) == counted.customer_count == 100
    assert counted.worth["everyone"].buyer_count == 100
    monkeypatch.setattr(kept, "LARGE", 50)
    for _ in range(2):
        summary.refresh()
    later = summary.of_shop()
    assert later
    assert later.kept
    assert (later.nps, later.months, later.referrals) == (counted.nps, counted.months, counted.referrals)
