"""Text that no database can store and no page can show: lone surrogates and NUL, as JSON escapes them.

It is put into every field that a customer or a shop's system fills. Every page still opens, and no event is
parked.
"""

import json

import pytest

from bot.queue.inbox import InboxEvent
from bot.text.cleaning import read_json, read_object, storable, storable_id
from customers.people.customer import Customer
from tests.robustness import places, scene
from tests.robustness.conftest import Shop

STRANGE = "山\ud83d﨑\0と\udc00申します 返品できますか？"
LONG = "長" * 1_000 + "い？"
QUERIES = (
    "console/search?q=山崎",
    "console/answers?words=山崎",
    "console/faq?q=山崎",
    "console/tickets?view=all",
    "console/tickets/{ticket}?faq=返品",
    "console/tickets/{ticket}?buyer=207119552",
    "console/testimonials?queue=published",
    "console/testimonials?queue=waiting",
    "console/coupons?customer={customer}",
    "console/faq/new?ticket={ticket}",
)


@pytest.mark.parametrize("words", [STRANGE, LONG], ids=["strange", "long"])
def test_every_page_opens_whatever_people_write(open_shop: Shop, words: str) -> None:
    scene.fill(open_shop, words)
    owner = open_shop.client("owner")
    ticket, customer = places.filled("", "ticket_id", "int"), places.filled("", "customer_id", "int")
    addresses = [f"/{each.format(ticket=ticket, customer=customer)}" for each in QUERIES]
    addresses += [place.address for place in places.everywhere(open_shop.app) if place.method == "GET"]

    broken = {
        address: status
        for address in addresses
        if (status := owner.get(address, base_url="https://goen.example").status_code) >= 500
    }

    assert broken == {}
    assert [row.error for row in InboxEvent.select().where(InboxEvent.state == "parked")] == []
    pending = InboxEvent.select().where(InboxEvent.state == "pending", InboxEvent.source == "line")
    assert pending.count() == 0


def test_what_can_be_read_of_strange_text_is_shown(open_shop: Shop) -> None:
    scene.fill(open_shop, STRANGE)
    shown = "山?﨑と?申します"
    owner = open_shop.client("owner")
    ticket = places.filled("", "ticket_id", "int")
    found = {
        address: owner.get(address, base_url="https://goen.example").text
        for address in (
            f"/console/tickets/{ticket}",
            "/console/tickets",
            "/console/answers",
            "/console/satisfaction",
            "/console/testimonials",
            "/voices",
        )
    }
    assert [address for address, page in found.items() if shown not in page] == []
    assert shown in {str(each.display_name)[: len(shown)] for each in Customer.select()}


def test_the_api_says_which_field_holds_such_text(open_shop: Shop) -> None:
    order = {"order_number": STRANGE, "ordered_at": "2026-03-01", "total_yen": 1, "customer_number": "M-1"}
    for field in ("order_number", "customer_number", "email"):
        body = json.dumps({**order, "order_number": "A-1", field: STRANGE})
        headers = {"Authorization": f"Bearer {open_shop._api_key}", "Content-Type": "application/json"}
        answer = open_shop.web.post("/api/v1/orders", data=body, headers=headers)
        assert answer.status_code == 422
        assert [(fault["field"], fault["code"]) for fault in answer.get_json()["errors"]] == [
            (field, "bad_character")
        ]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("あ\ud83dい", "あ?い"),
        ("\0a\0", "a"),
        ("\udc00\ud83d", "??"),
        ("🍵 plain", "🍵 plain"),
        ("", ""),
    ],
)
def test_a_text_is_stored_as_far_as_it_can_be(text: str, stored: str) -> None:
    assert storable(text) == stored
    assert read_json(json.dumps({text: [text, 1, None, {"x": text}]})) == {
        stored: [stored, 1, None, {"x": stored}]
    }


def test_nesting_without_end_is_no_json() -> None:
    for body in ("[" * 100_000, '{"a":' * 100_000, "[" * 900 + "]" * 900):
        assert read_object(body) == {}
    with pytest.raises(ValueError, match="nested too deeply"):
        read_json("[" * 100_000)


def test_an_id_that_fits_no_column_stays_unique() -> None:
    one, other = "1" * 5_000, "1" * 5_001
    assert storable_id("515150000000000001") == "515150000000000001"
    assert len(storable_id(one)) == len(storable_id(other)) <= 190
    assert storable_id(one) != storable_id(other)
