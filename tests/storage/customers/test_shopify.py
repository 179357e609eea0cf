"""Shopify's signed webhooks: recorded once, in any order, and refused when they are not Shopify's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import localtime
from bot.config import settings, shop
from bot.notices import Notice
from bot.queue.inbox import InboxEvent
from customers.orders import intake, purchases
from customers.orders.purchases import Purchase, PurchaseItem
from customers.orders.reversals import PendingReversal
from customers.orders.schema import OrderIn
from customers.shopify.webhook import shopify_webhooks, signature
from handlers import register, timetable
from rewards.ledger import ledger
from tests.storage.customers.test_order_reversals import HANAKO, NOON, meets, work
from tests.storage.order_scene import SECRET

pytestmark = pytest.mark.usefixtures("any_database")

ORDER_ID, REFUND_ID = 5940139491234, 929361462

# The fields of an order as the REST Admin API writes them, for a shop in yen.
ORDER: dict[str, Any] = {
    "id": ORDER_ID,
    "admin_graphql_api_id": f"gid://shopify/Order/{ORDER_ID}",
    "name": "#1001",
    "order_number": 1001,
    "test": False,
    "email": "hanako@example.jp",
    "contact_email": "hanako@example.jp",
    "phone": "+819012345678",
    "currency": "JPY",
    "financial_status": "paid",
    "cancelled_at": None,
    "cancel_reason": None,
    "created_at": "2026-01-05T13:20:00+09:00",
    "processed_at": "2026-01-05T13:20:00+09:00",
    "total_price": "5450",
    "subtotal_price": "4900",
    "note_attributes": [{"name": "gift", "value": "no"}, {"name": "line_user_id", "value": HANAKO}],
    "customer": {"id": 207119551, "email": "hanako@example.jp", "first_name": "花子", "last_name": "山田"},
    "line_items": [
        {
            "id": 1,
            "sku": "TEA-50",
            "title": "ほうじ茶",
            "name": "ほうじ茶 - 50g",
            "quantity": 2,
            "price": "1200",
        },
        {
            "id": 2,
            "sku": None,
            "title": "詰め合わせ",
            "name": "詰め合わせ",
            "quantity": 1,
            "price": "2500.00",
        },
    ],
    "refunds": [],
}
REFUND: dict[str, Any] = {
    "id": REFUND_ID,
    "order_id": ORDER_ID,
    "created_at": "2026-01-06T10:00:00+09:00",
    "note": "割れ",
    "refund_line_items": [{"id": 1, "line_item_id": 1, "quantity": 1, "subtotal": 1200, "total_tax": 0}],
    "transactions": [
        {"id": 1, "kind": "refund", "status": "success", "amount": "1200", "currency": "JPY", "test": False},
        {"id": 2, "kind": "refund", "status": "failure", "amount": "999", "currency": "JPY", "test": False},
    ],
    "order_adjustments": [],
}


@pytest.fixture(autouse=True)
def shop_on_shopify(any_database: object) -> Iterator[None]:
    register()
    shop.use({})
    settings.use(settings.current().model_copy(update={"shopify_webhook_secret": SECRET}))
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def client(any_database: object) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(shopify_webhooks)
    return app.test_client()


def hook(
    client: FlaskClient, topic: str, content: Any, webhook_id: str = "", path: str = "", secret: str = SECRET
) -> TestResponse:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature(body, secret),
        "X-Shopify-Shop-Domain": "hidamari.myshopify.com",
        "X-Shopify-Webhook-Id": webhook_id,
    }
    return client.post(f"/webhooks/shopify{path}", data=body, headers=headers)


def test_the_signature_is_base64_of_the_raw_bytes() -> None:
    assert signature(b"{}", "hush") == "UFwgrGBPZilFtmKh8TqcovA78LGYb1BdWu9I4Q2oyRg="


@pytest.mark.parametrize(("topic", "path"), [("orders/create", ""), ("", "/orders/create")])
def test_an_order_becomes_a_purchase(client: FlaskClient, topic: str, path: str) -> None:
    hanako = meets(HANAKO)
    assert hook(client, topic, ORDER, path=path).status_code == 200
    assert "hanako@" not in InboxEvent.get().body and "9012345678" not in InboxEvent.get().body
    work()
    purchase = Purchase.get()
    assert (purchase.order_number, purchase.total_yen, purchase.source) == ("#1001", 5450, "shopify")
    assert purchase.buyer is not None and purchase.buyer.customer_number == "207119551"
    lines = PurchaseItem.select(PurchaseItem.sku, PurchaseItem.quantity, PurchaseItem.unit_yen).order_by(
        PurchaseItem.id
    )
    assert list(lines.tuples()) == [("TEA-50", 2, 1200), ("", 1, 2500)]
    assert ledger.balance(hanako.id) == 54


def test_a_delivery_repeated_and_an_update_without_change_count_once(client: FlaskClient) -> None:
    hanako = meets(HANAKO)
    for topic, webhook_id in (("orders/create", "w1"), ("orders/create", "w1"), ("orders/updated", "w2")):
        assert hook(client, topic, ORDER, webhook_id).status_code == 200
        work()
    assert ledger.balance(hanako.id) == 54
    assert hook(client, "orders/create", ORDER, "w1").text == "Known."


@pytest.mark.parametrize("status", ["pending", "authorized", "partially_paid"])
def test_an_order_counts_when_it_is_paid(status: str, client: FlaskClient) -> None:
    hanako = meets(HANAKO)
    hook(client, "orders/create", {**ORDER, "financial_status": status})
    work()
    assert Purchase.select().count() == 0
    hook(client, "orders/updated", ORDER)
    work()
    assert ledger.balance(hanako.id) == 54


STORY = {
    "create": ("orders/create", ORDER),
    "refund": ("refunds/create", REFUND),
    "updated": ("orders/updated", {**ORDER, "refunds": [REFUND]}),
}


@pytest.mark.parametrize(
    "order",
    ["create refund updated", "refund create updated", "updated create refund", "refund updated create"],
)
@pytest.mark.parametrize("work_each", [True, False])
def test_a_refund_counts_once_whenever_it_comes(client: FlaskClient, order: str, work_each: bool) -> None:
    hanako = meets(HANAKO)
    for name in order.split():
        assert hook(client, *STORY[name]).status_code == 200
        if work_each:
            work()
    work()
    assert (Purchase.get().refunded_yen, ledger.balance(hanako.id)) == (1200, 42)
    assert PendingReversal.select().count() == 0


def test_a_cancelled_order_is_taken_back_even_when_its_creation_was_missed(client: FlaskClient) -> None:
    hanako = meets(HANAKO)
    cancelled = {**ORDER, "cancelled_at": "2026-01-06T09:00:00+09:00", "financial_status": "refunded"}
    for _ in range(2):
        assert hook(client, "orders/cancelled", cancelled).status_code == 200
        work()
    assert (Purchase.get().state, ledger.balance(hanako.id)) == (purchases.CANCELLED, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"test": True},
        {"email": None, "contact_email": None, "phone": None, "customer": None, "note_attributes": []},
    ],
)
def test_what_is_none_of_ours_is_answered_200_and_ignored(
    client: FlaskClient, change: dict[str, Any]
) -> None:
    answer = hook(client, "orders/create", {**ORDER, **change})
    assert (answer.status_code, answer.text.partition(":")[0]) == (200, "Ignored")
    assert InboxEvent.select().count() == 0


def test_an_unknown_topic_is_ignored(client: FlaskClient) -> None:
    assert hook(client, "products/update", {"id": 1}).status_code == 200
    assert InboxEvent.select().count() == 0


def test_an_address_that_cannot_be_read_costs_no_order(client: FlaskClient) -> None:
    hook(client, "orders/create", {**ORDER, "phone": "123"})
    assert InboxEvent.select().count() == 1


HOME = {
    "country_code": "JP",
    "zip": "150-0041",
    "province": "Tōkyō",
    "city": "渋谷区",
    "address1": "神南1丁目19-11",
    "address2": "コーポ101",
}


@pytest.mark.parametrize(
    "addresses",
    [
        {"shipping_address": HOME, "billing_address": {**HOME, "address1": "神南2-1"}},
        {"shipping_address": None, "billing_address": HOME},
        {
            "shipping_address": {"country_code": "US", "zip": "9021000", "address1": "1"},
            "billing_address": HOME,
        },
        {"shipping_address": {**HOME, "zip": None}, "billing_address": HOME},
    ],
)
def test_where_it_goes_else_the_bill_is_stored_as_a_hash(
    client: FlaskClient, addresses: dict[str, Any]
) -> None:
    hook(client, "orders/create", {**ORDER, **addresses})
    body = InboxEvent.get().body
    assert "0041" not in body and "神南" not in body and json.dumps("神南")[1:-1] not in body
    work()
    payload = OrderIn(
        order_number="A",
        ordered_at=NOON,
        total_yen=1,
        customer_number="C-1",
        postal_code="1500041",
        address="東京都渋谷区神南１－１９－１１ コーポ１０１号室",
    )
    assert Purchase.get().delivery_hash == intake.stored_form(payload, "api").delivery_hash is not None


@pytest.mark.parametrize("written", [{}, {"shipping_address": "神南"}, {"shipping_address": {"zip": 5}}])
def test_an_order_without_a_readable_place_is_taken(client: FlaskClient, written: dict[str, Any]) -> None:
    hook(client, "orders/create", {**ORDER, **written})
    work()
    assert Purchase.get().delivery_hash is None


def test_an_edited_order_keeps_what_is_known_and_the_owner_is_notified(client: FlaskClient) -> None:
    hook(client, "orders/create", ORDER)
    work()
    assert hook(client, "orders/updated", {**ORDER, "total_price": "9000"}).status_code == 200
    assert Purchase.get().total_yen == 5450
    assert "#1001" in Notice.get().sentence


def test_only_shopify_may_say_so(client: FlaskClient) -> None:
    assert hook(client, "orders/create", ORDER, secret="another").status_code == 401
    assert client.post("/webhooks/shopify", json=ORDER).status_code == 401
    settings.use(settings.current().model_copy(update={"shopify_webhook_secret": None}))
    assert hook(client, "orders/create", ORDER).status_code == 404
    assert InboxEvent.select().count() == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"id":1}', b'{"id":1,"name":"#1","total_price":"1.5"}', b"[" * 100_000]
)
def test_a_signed_body_that_is_no_order_is_refused(client: FlaskClient, body: bytes) -> None:
    assert hook(client, "orders/create", body).status_code == 400


def test_old_deliveries_are_forgotten(client: FlaskClient) -> None:
    hook(client, "orders/create", ORDER, "w1")
    with localtime.fixed(NOON.replace(month=3)):
        assert timetable.forget_old_requests() == 1


def strange_hook(client: FlaskClient, topic: str, content: Any) -> TestResponse:
    """As JSON escapes what UTF-8 cannot hold."""
    return hook(client, topic, json.dumps(content).encode())


@pytest.mark.parametrize(
    "strange",
    [
        {"id": 10**30},
        {"id": True},
        {"id": None},
        {"name": "#" * 100},
        {"total_price": "1e999999999"},
        {"total_price": "9" * 30},
        {"refunds": [{"id": 10**30}]},
        {
            "refunds": [
                {"id": 1, "transactions": [{"kind": "refund", "status": "success", "amount": "99999999"}] * 2}
            ]
        },
    ],
)
def test_what_fits_nowhere_is_refused_with_the_reason(client: FlaskClient, strange: dict[str, Any]) -> None:
    answer = strange_hook(client, "orders/paid", ORDER | strange)
    assert answer.status_code == 400
    assert "cannot be read as orders/paid: " in answer.text
    assert InboxEvent.select().count() == 0


def test_an_order_is_not_lost_for_the_name_of_a_thing_in_it(client: FlaskClient) -> None:
    items = [{"sku": "S" * 500, "name": "箱\ud83d\0\x07" + "長" * 500, "quantity": 1, "price": "5450"}]
    assert strange_hook(client, "orders/paid", ORDER | {"line_items": items}).status_code == 200
    work()
    item = PurchaseItem.get()
    assert (item.sku, item.name[:3], len(item.name)) == ("S" * 64, "箱? ", 255)
