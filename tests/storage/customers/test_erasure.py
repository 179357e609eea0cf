"""A customer is erased: sums stay, nothing else does; whoever comes back is a new customer who is not paid twice."""

import io
from datetime import timedelta
from typing import Any

import peewee
import pytest

from bot import facts, localtime
from bot.conversations import Conversation
from bot.db.database import database, execute, write_transaction
from bot.files import storage
from bot.queue import inbox
from bot.routing import event_kinds
from customers.erasure import erasing
from customers.erasure.erasing import CannotErase
from customers.imports import imports
from customers.imports.tables import DataImport, ImportKind, ImportState
from customers.orders import order_notes
from customers.orders.buyers import Buyer
from customers.orders.order_notes import OrderNote, OrderNoteKind
from customers.orders.tables import Purchase
from customers.people import customer as customers
from customers.people.customer import Customer
from rewards.ledger import ledger
from rewards.ledger.reconciliation import reconcile
from rewards.referrals import referrals
from rewards.referrals.tables import Doubt, Referral, ReferralState
from tests import orders

LINE_ID = "U" + "a" * 32
FRIEND = "U" + "b" * 32


def on_line(line_user_id: str, name: str = "") -> Customer:
    """A customer who follows the shop."""
    conversation = inbox_key(line_user_id)
    made = customers.follow(line_user_id, conversation)
    customers.learn_profile(made, name)
    return made


def inbox_key(line_user_id: str) -> int:
    from bot import conversations

    return conversations.ensure(line_user_id)


def sums() -> dict[str, list[Any]]:
    """Points by month and kind, and orders by month."""
    month = "to_char(occurred_on, 'YYYY-MM')" if is_pg() else "substr(occurred_on, 1, 7)"
    ordered = month.replace("occurred_on", "ordered_on")
    return {
        "points": execute(
            f"SELECT {month}, kind, SUM(points), COUNT(*) FROM ledger_entry GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall(),
        "orders": execute(
            f"SELECT {ordered}, SUM(total_yen - refunded_yen), COUNT(*) FROM purchase GROUP BY 1 ORDER BY 1"
        ).fetchall(),
    }


def is_pg() -> bool:
    return isinstance(database.obj, peewee.PostgresqlDatabase)


def a_buyer(who: Customer, order: Purchase, mark: str) -> Buyer:
    buyer = Buyer.create(
        identity=f"email:{mark}", email_hash=mark, customer=who.id, first_seen_at=localtime.now()
    )
    Purchase.update(buyer=buyer.id, delivery_hash=f"at-{mark}").where(Purchase.id == order.id).execute()
    return buyer


def test_sums_of_points_and_orders_are_the_same_before_and_after() -> None:
    with write_transaction():
        who = on_line(LINE_ID, "山田 花子")
        order = orders.ordered(who, localtime.now() - timedelta(days=40), 4_000)
        a_buyer(who, order, "mail")
        ledger.adjust(who.id, 300, 1, "花子さんへのおわび", cause="staff:1")
    before = sums()
    with write_transaction():
        erasing.erase(who.id, by=None)
    assert sums() == before
    assert not reconcile().faults
    assert not Buyer.select().exists()
    assert Purchase.get().delivery_hash is None


def test_notes_on_their_orders_are_deleted_and_those_on_others_stay() -> None:
    with write_transaction():
        who, friend = on_line(LINE_ID), on_line(FRIEND)
        for each in (who, friend):
            number = orders.ordered(each, localtime.now(), 4_000).order_number
            order_notes.add(number, OrderNoteKind.OTHER, "花子さんより電話", staff_id=1)
        erasing.erase(who.id, by=None)
    assert [each.order_number for each in OrderNote.select()] == [number]


@pytest.mark.parametrize("about", ["the person", "another", "nobody"])
def test_a_fact_about_them_is_deleted_and_others_stay(about: str) -> None:
    with write_transaction():
        who = on_line(LINE_ID)
        another = int(f"{who.id}1")
        facts.keep(
            "a-fact", {"customer": {"the person": who.id, "another": another}.get(about), "at": "2026-05-01"}
        )
        erasing.erase(who.id, by=None)
    assert (facts.get("a-fact") is None) == (about == "the person")


def test_the_same_person_starts_as_a_new_customer() -> None:
    with write_transaction():
        first = on_line(LINE_ID, "山田 花子")
        erasing.erase(first.id, by=None)
    with write_transaction():
        second = on_line(LINE_ID, "山田 花子")
    assert second.id != first.id
    assert second.conversation_id != Customer.get_by_id(first.id).conversation_id
    assert Customer.get_by_id(first.id).line_user_id is None
    assert Conversation.select().where(Conversation.line_user_id == LINE_ID).count() == 1
    assert ledger.balance(second.id) == 0


def test_an_invitation_is_held_for_somebody_who_was_erased_and_comes_back() -> None:
    with write_transaction():
        first = on_line(LINE_ID, "山田 花子")
        friend = on_line(FRIEND, "友人")
        erasing.erase(first.id, by=None)
    with write_transaction():
        back = on_line(LINE_ID, "山田 花子")
        code = referrals.get_or_create_code(friend.id)
        referrals.join(code, back.id, is_new=True)
        orders.ordered(back, localtime.now(), 3_000)
        assert referrals.reward_first_purchase(back.id, "order:9001") is None
    found = Referral.get(Referral.referee == back.id)
    assert (found.state, found.reason) == (ReferralState.HELD, Doubt.RETURNED)


def test_an_invitation_link_of_somebody_erased_leads_to_nobody() -> None:
    with write_transaction():
        first = on_line(LINE_ID)
        code = referrals.get_or_create_code(first.id)
        erasing.erase(first.id, by=None)
        newcomer = on_line(FRIEND)
        assert referrals.join(code, newcomer.id, is_new=True) == "unknown_code"


def test_nobody_is_erased_while_an_event_of_theirs_waits() -> None:
    with write_transaction():
        who = on_line(LINE_ID)
        inbox.put(event_kinds.ORDER_RECEIVED, "order:1", LINE_ID, {})
    with write_transaction(), pytest.raises(CannotErase) as refused:
        erasing.erase(who.id, by=None)
    assert refused.value.reason == erasing.BUSY


def waiting_file(kind: ImportKind = ImportKind.ORDERS) -> DataImport:
    return imports.receive(kind, io.BytesIO("注文番号\n鈴木 花".encode()), "注文.csv", 1)


def test_files_of_orders_that_wait_are_discarded_with_a_word_to_the_owner() -> None:
    with write_transaction():
        who = on_line(LINE_ID)
    row, other = waiting_file(), waiting_file(ImportKind.PRODUCTS)
    with write_transaction():
        erased = erasing.erase(who.id, by=None)
    assert erased.file_count == 1
    storage.delete_discarded()
    assert (storage.find(row.file_key), storage.find(other.file_key) is None) == (None, False)
    listed = {each.id: each for each in imports.latest()}
    assert "もう一度入れてください" in listed[row.id].fault
    assert listed[row.id].state == ImportState.DISCARDED
    assert listed[other.id].state == ImportState.PREVIEW
    assert waiting_file().state == ImportState.PREVIEW, "the owner may give it again"


def test_nobody_is_erased_while_a_file_of_orders_is_imported() -> None:
    row = waiting_file()
    with write_transaction():
        who = on_line(LINE_ID)
        imports.begin(row, {})
    with write_transaction(), pytest.raises(CannotErase) as refused:
        erasing.erase(who.id, by=None)
    assert refused.value.reason == erasing.IMPORTING
    found = storage.find(row.file_key)
    assert found is not None
    found.file.close()
