"""The console's queries, on SQLite and PostgreSQL."""

import threading
import uuid
from datetime import timedelta

import peewee
import pytest

from bot import localtime
from bot.db import database
from bot.db.database import close, write_transaction
from console.auth import invitations, lockout, sessions, staff_accounts, staff_changes
from console.desk import chat, customer_card, ticket_lists
from console.desk.composing import replies
from console.figures import answers, cache
from support.transcript import latest_messages
from tests.console import chats, figures_of_a_year


def test_staff_are_stored_found_and_shut_out(any_database: peewee.Database) -> None:
    person = chats.person()
    assert staff_accounts.authenticate("staff@example.jp", chats.PASSWORD) == person
    assert staff_accounts.of_session(person.get_id()) == person
    with write_transaction():
        staff_accounts.set_language(person, "en")
        assert staff_accounts.disable("staff@example.jp")
        assert not staff_accounts.disable("staff@example.jp")
    assert staff_accounts.of_session(person.get_id()) is None
    assert staff_accounts.names() == {person.id: "佐藤 はな"}
    with write_transaction():
        assert staff_accounts.enable("staff@example.jp")
    assert [each.language for each in staff_accounts.all_staff()] == ["en"]


def test_failed_sign_ins_are_counted_and_old_ones_dropped(any_database: peewee.Database) -> None:
    with write_transaction():
        for _ in range(lockout.MOST_PER_PAIR):
            assert lockout.begin_try("a@example.jp", "192.0.2.1")
        assert lockout.begin_try("a@example.jp", "192.0.2.1") is None
    with localtime.fixed(localtime.now() + timedelta(days=2)), write_transaction():
        lockout.begin_try("b@example.jp", "192.0.2.1")
    assert lockout.SignInFailure.select().count() == 1


def test_of_many_tries_at_once_no_more_than_allowed_are_checked(any_database: peewee.Database) -> None:
    begun: list[int | None] = []

    def guess() -> None:
        with write_transaction():
            begun.append(lockout.begin_try("a@example.jp", "192.0.2.1"))
        close()

    guesses = [threading.Thread(target=guess) for _ in range(lockout.MOST_PER_PAIR * 2)]
    for each in guesses:
        each.start()
    for each in guesses:
        each.join()
    assert sum(each is not None for each in begun) == lockout.MOST_PER_PAIR


def test_the_queue_and_a_chat_are_read(any_database: peewee.Database) -> None:
    me = chats.person()
    made = chats.unhappy_customer()
    [row] = ticket_lists.page("all", me.id, None).rows
    assert (row.name, row.last_words) == ("山田 花子", "交換品はいつごろ届きますか？")
    assert ticket_lists.page("mine", me.id, None).rows == []
    assert latest_messages.of([]) == {}
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
        ("はい", replies.ReplyOutcome.TAKEN),
        ("はい", replies.ReplyOutcome.TAKEN),
        ("いいえ", replies.ReplyOutcome.SENT_BEFORE),
    ):
        with write_transaction():
            assert replies.put(made, me, replies.Written(text), key) is expected
    with write_transaction():
        assert replies.put_resolved(made, me, key)
        assert not replies.put_resolved(made, me, key)
    assert ticket_lists.is_closing(made)


def test_the_owners_figures_are_counted_and_cached(
    any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures_of_a_year.build(100)
    counted = answers.of_shop()
    assert counted
    assert 0 < counted.latest.answer_count <= counted.nps.answer_count
    monkeypatch.setattr(cache, "LARGE", 50)
    for _ in range(2):
        answers.refresh()
    later = answers.of_shop()
    assert later
    assert later.is_cached
    assert (later.nps, later.latest, later.quarter, later.months, later.promptness) == (
        *(counted.nps, counted.latest, counted.quarter, counted.months, counted.promptness),
    )


def test_an_invitation_lets_one_person_in(any_database: peewee.Database) -> None:
    owner = chats.person("鈴木 一郎", "owner")
    with write_transaction():
        token = invitations.make(owner, "田中", staff_accounts.Role.STAFF)
        joined = invitations.accept(token, "mio@example.jp", "田中 みお", chats.PASSWORD)
        assert invitations.accept(token, "other@example.jp", "別の人", chats.PASSWORD) is None
    assert joined is not None and joined.role == "staff"
    assert invitations.pending() == []


def test_two_owners_may_part_and_the_last_may_not(any_database: peewee.Database) -> None:
    owner, other = chats.person("鈴木 一郎", "owner"), chats.person("佐藤 はな", "staff")
    with write_transaction():
        assert staff_changes.change_role(other, staff_accounts.Role.OWNER)
        assert staff_changes.change_role(owner, staff_accounts.Role.STAFF)
    with pytest.raises(staff_changes.LastOwner), write_transaction():
        staff_changes.disable(staff_accounts.Staff.get_by_id(other.id))


def test_sessions_are_stored_and_ended(any_database: peewee.Database) -> None:
    me = chats.person()
    with write_transaction():
        keys = [sessions.begin(me, "") for _ in range(3)]
    first, *_ = found = [sessions.find(me, key) for key in keys]
    assert first and all(found)
    with write_transaction():
        assert sessions.end(me, but=first.id) == 2
    assert [bool(sessions.find(me, key)) for key in keys] == [True, False, False]


def test_an_observer_is_called_in_a_transaction_that_wrote_and_in_no_other(
    any_database: peewee.Database,
) -> None:
    me, called = chats.person(), []
    database.observer.set(lambda: called.append(database.database.in_transaction()))
    try:
        with write_transaction():
            staff_accounts.find("staff@example.jp")
            staff_accounts.enable("nobody@example.jp")
        assert called == []
        with write_transaction():
            staff_accounts.set_language(me, "en")
        assert called == [True]
    finally:
        database.observer.set(None)
