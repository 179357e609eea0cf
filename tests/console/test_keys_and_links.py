"""The owner creates and revokes API keys; staff make link codes, link a buyer beside the chat, and unlink."""

import html
import json
import re

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.api import keys
from customers.api.keys import ApiKey
from customers.linking import codes
from customers.linking.linking import LinkSecret
from customers.orders import buyers, purchases
from customers.orders.buyers import Buyer
from customers.people.customer import Customer
from support.tickets.tickets import Ticket
from tests.console import chats
from tests.console.conftest import SignIn, get, post


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    return sign_in("owner")


@pytest.fixture
def staff(sign_in: SignIn) -> FlaskClient:
    return sign_in("staff")


def make(client: FlaskClient, name: str = "", scopes: str = "") -> str:
    answer = post(client, "/console/api-keys", page="/console/api-keys", name=name, scopes=scopes)
    return str(answer.text)


def test_a_key_is_shown_once_and_works_with_its_scopes(owner: FlaskClient) -> None:
    [token] = re.findall(r"goen_[\w-]{51}", make(owner, name="EC-CUBE", scopes="orders:write"))
    key = keys.check(token)
    assert key is not None
    assert (key.may("orders:write"), key.may("orders:reverse")) == (True, False)
    listed = get(owner, "/console/api-keys").text
    assert token not in listed and key.prefix in listed and "まだ使われていません" in listed
    assert ApiKey.get().key_hash != token


def test_a_revoked_key_is_refused_and_stays_listed(owner: FlaskClient) -> None:
    [token] = re.findall(r"goen_[\w-]{51}", make(owner, name="<b>EC</b>", scopes="orders:write"))
    prefix = ApiKey.get().prefix
    assert post(owner, f"/console/api-keys/{prefix}/revoke", page="/console/api-keys").status_code == 303
    assert keys.check(token) is None
    listed = get(owner, "/console/api-keys").text
    assert "&lt;b&gt;EC" in listed and "無効" in listed
    post(owner, f"/console/api-keys/{prefix}/revoke", page="/console/api-keys")
    assert "すでに無効" in get(owner, "/console/api-keys").text


@pytest.mark.parametrize("form", [{}, {"name": "x"}, {"name": "x", "scopes": "all:of-it"}])
def test_a_key_needs_a_name_and_a_scope(owner: FlaskClient, form: dict[str, str]) -> None:
    assert "できることを1つ以上" in make(owner, **form)
    assert ApiKey.select().count() == 0


def test_keys_are_the_owners(staff: FlaskClient) -> None:
    assert get(staff, "/console/api-keys").status_code == 403
    assert post(staff, "/console/api-keys", name="x", scopes="orders:write").status_code == 403


def buyer(number: str = "M-7", of: Customer | None = None) -> Buyer:
    with write_transaction():
        made = buyers.get_or_create(number, None, None)
        assert made is not None
        if of is not None:
            purchases.link_buyer(made, of)
        return buyers.lock(made)


def test_staff_make_a_code_for_a_buyer(staff: FlaskClient) -> None:
    made = buyer()
    page = post(staff, "/console/link-codes", page="/console/link-codes", whom="Ｍ-7").text
    code = codes.find_code(re.findall(r'class="secret">([^<]+)', page)[0])
    assert code is not None and f"/q/link/{code}.png" in page and "line.me/R/oaMessage" in page
    secret = LinkSecret.get()
    assert (secret.buyer_id, secret.made_by.partition(":")[0]) == (made.id, "staff")
    assert code not in get(staff, "/console/link-codes").text


def test_no_code_for_nobody_or_for_somebody_linked(staff: FlaskClient) -> None:
    buyer("M-8", of=chats.customer("山田 花子"))
    for whom, status in (("M-0", 404), ("M-8", 409), ("ｍ－8", 409)):
        answer = post(staff, "/console/link-codes", page="/console/link-codes", whom=whom)
        assert answer.status_code == status
    assert LinkSecret.select().count() == 0


def stored_events() -> list[tuple[str, int]]:
    events = InboxEvent.select().where(InboxEvent.source.startswith("buyer."))
    return [(each.source, json.loads(each.body)["buyer_id"]) for each in events]


def test_staff_link_and_unlink_a_buyer_beside_the_chat(staff: FlaskClient) -> None:
    ticket = chats.ticket(chats.customer("山田 花子"))
    found = buyer()
    page = get(staff, f"/console/tickets/{ticket.id}?buyer=M-7").text
    assert "このお客様と連携する" in page

    at, whom = f"/console/tickets/{ticket.id}", str(found.id)
    for _ in range(2):
        assert post(staff, f"{at}/link", page=at, buyer_id=whom, key="k").status_code == 303
    assert stored_events() == [("buyer.link_requested", found.id)], "pressed twice is once"

    with write_transaction():
        purchases.link_buyer(found, ticket.customer)
    assert "連携を解除" in get(staff, f"/console/tickets/{ticket.id}").text
    post(staff, f"{at}/unlink", page=at, buyer_id=whom, key="k")
    assert stored_events()[-1] == ("buyer.unlink_requested", found.id)


def test_staff_see_that_a_buyer_is_somebody_elses(staff: FlaskClient) -> None:
    buyer(of=chats.customer("鈴木 さくら"))
    ticket: Ticket = chats.ticket(chats.customer("山田 花子"))
    page = html.unescape(get(staff, f"/console/tickets/{ticket.id}?buyer=M-7").text)
    assert "別のお客様（鈴木 さくら）と連携しています" in page and "このお客様と連携する" not in page
    assert "見つかりませんでした" in get(staff, f"/console/tickets/{ticket.id}?buyer=nobody").text
    assert post(staff, f"/console/tickets/{ticket.id}/link", buyer_id="99").status_code == 404
    assert post(staff, "/console/tickets/999/link", buyer_id="1").status_code == 404
