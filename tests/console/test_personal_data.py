"""An owner gives a customer a copy of their data, and erases it on their wish."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from console.auth.sessions import StaffSession
from customers.erasure.tables import Erasure
from customers.people import consent_entries, customer_notes
from customers.people import customer as customers
from customers.people.customer import Customer
from support.tickets.tickets import RESOLVED, Ticket
from tests import orders
from tests.console import chats
from tests.console.conftest import enter, get, post


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    client = enter(app, "owner")
    StaffSession.update(confirmed_at=localtime.machine_now()).execute()
    return client


@pytest.fixture
def misaki(app: Flask) -> Customer:
    made = chats.customer("佐藤 美咲", "U" + "7" * 32)
    with write_transaction():
        orders.ordered(made, localtime.now() - timedelta(days=3), 4_000)
        customer_notes.add(made.id, 1, "贈り物が多い")
    return made


def test_the_page_says_what_goes_and_what_stays_and_then_it_goes(
    owner: FlaskClient, misaki: Customer
) -> None:
    page = get(owner, f"/console/customers/{misaki.id}/erase").text
    assert "消えるもの" in page
    assert "バックアップ" in page
    done = post(owner, f"/console/customers/{misaki.id}/erase", page=f"/console/customers/{misaki.id}/erase")
    assert done.status_code == 303
    after = get(owner, f"/console/customers/{misaki.id}").text
    assert "情報を消したお客様" in after
    assert "美咲" not in after
    assert "4,000" in after
    assert Erasure.select().count() == 1


def test_an_open_chat_is_closed_first(owner: FlaskClient) -> None:
    ticket = chats.ticket(chats.customer("田中", "U" + "8" * 32))
    who = ticket.customer_id
    path = f"/console/customers/{who}/erase"
    assert "対応中のチャットがあります" in get(owner, path).text
    post(owner, path, page=f"/console/customers/{who}")
    assert Customer.get_by_id(who).erased_at is None
    Ticket.update(state=RESOLVED).where(Ticket.customer == who).execute()
    post(owner, path, page=path)
    assert Customer.get_by_id(who).erased_at is not None
    assert get(owner, f"/console/tickets/{ticket.id}").status_code == 200


def test_the_copy_holds_all_about_the_person_to_read(owner: FlaskClient, misaki: Customer) -> None:
    answer = post(owner, f"/console/customers/{misaki.id}/export", page=f"/console/customers/{misaki.id}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        data, page = json.loads(file.read("data.json")), file.read("index.html").decode()
    assert data["customer"][0]["display_name"] == "佐藤 美咲"
    assert data["purchase"][0]["total_yen"] == 4_000
    assert "贈り物が多い" in page
    assert "お客様についてのメモ" in page


def test_staff_may_neither_copy_nor_erase(app: Flask, misaki: Customer) -> None:
    staff = enter(app, "staff")
    assert get(staff, f"/console/customers/{misaki.id}/erase").status_code == 403
    assert "情報を消す" not in get(staff, f"/console/customers/{misaki.id}").text


def test_the_page_shows_the_history_of_consents(owner: FlaskClient, misaki: Customer) -> None:
    with write_transaction():
        customers.follow(str(misaki.line_user_id))
        customers.opt_out(customers.Customer.get_by_id(misaki.id))
        customers.opt_out(customers.Customer.get_by_id(misaki.id))
        customers.opt_in(customers.Customer.get_by_id(misaki.id))
    changes = [each.change for each in consent_entries.of_customer(misaki.id)]
    assert changes[-2:] == ["opted-out", "opted-in"]
    page = get(owner, f"/console/customers/{misaki.id}").text
    assert "配信停止" in page
    assert "配信再開" in page
