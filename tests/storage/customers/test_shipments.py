"""Parcels over HTTP, by Shopify and from files: stored once, updated, before their order, in any sequence."""

import itertools
import json
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bot import localtime
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.csv import order_import
from customers.orders import shipments
from customers.orders.purchases import Purchase
from customers.orders.shipments import Shipment
from customers.shopify.webhook import signature
from handlers import flow_triggers
from journeys.flows.occurrences import Occurrence
from journeys.sending.tables import PlannedMessage
from tests.storage.customers.test_order_reversals import HANAKO, TARO, meets, work
from tests.storage.order_scene import NOON, SECRET

pytestmark = pytest.mark.usefixtures("any_database", "order_shop")

ORDER: dict[str, Any] = {
    "order_number": "A-1001",
    "ordered_at": "2026-11-29T13:20:00+09:00",
    "total_yen": 5400,
    "line_user_id": HANAKO,
    "items": [{"sku": "TEA-50", "name": "ほうじ茶", "quantity": 2}, {"sku": "JAR", "name": "茶筒"}],
}
DISPATCHED = {
    "carrier": "ヤマト運輸",
    "tracking_number": "4725-7551-6733",
    "dispatched_at": "2026-11-30T09:00:00+09:00",
    "arrives_on": "2026-12-01",
}
DELIVERED = {
    "carrier": "クロネコヤマト",
    "tracking_number": "472575516733",
    "delivered_at": "2026-11-30T11:30:00+09:00",
}


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[Occurrence]:
    """What flows are notified of."""
    found: list[Occurrence] = []
    monkeypatch.setattr(flow_triggers, "note", lambda _customer, occurrence: found.append(occurrence))
    return found


def post(client: FlaskClient, token: str, path: str, content: Any, **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    return client.post(f"/api/v1{path}", data=json.dumps(content), headers=sent)


def ship(client: FlaskClient, token: str, content: Any, number: str = "A-1001") -> TestResponse:
    return post(client, token, f"/orders/{number}/shipments", content)


def said() -> list[str]:
    """The kinds of the messages that were planned, in sequence."""
    return [str(row.kind) for row in PlannedMessage.select().order_by(PlannedMessage.id)]


def test_a_parcel_is_stored_and_shown(client: FlaskClient, token: str) -> None:
    meets(HANAKO)
    post(client, token, "/orders", ORDER | {"arrives_on": "2026-12-02"})
    work()
    answer = ship(client, token, DISPATCHED)
    parcel = {
        "carrier": "ヤマト運輸",
        "carrier_key": "yamato",
        "tracking_number": "472575516733",
        "tracking_url": "https://member.kms.kuronekoyamato.co.jp/parcel/detail?pno=472575516733",
        "dispatched_at": "2026-11-30T00:00:00+00:00",
        "delivered_at": None,
        "arrives_on": "2026-12-01",
    }
    assert (answer.status_code, answer.json) == (
        202,
        {"order_number": "A-1001", "already_known": False, "shipment": parcel},
    )
    shown = client.get("/api/v1/orders/A-1001", headers={"Authorization": f"Bearer {token}"})
    assert shown.json == {
        "order_number": "A-1001",
        "state": "paid",
        "already_known": True,
        "arrives_on": "2026-12-02",
        "shipments": [parcel],
    }
    assert ship(client, token, DISPATCHED).status_code == 200, "known"
    work()
    assert said() == ["order-received", "order-dispatched"]


@pytest.mark.parametrize("sequence", list(itertools.permutations(("order", "dispatched", "delivered"))))
@pytest.mark.parametrize("handled", [False, True])
def test_in_any_sequence_the_end_is_the_same(
    client: FlaskClient, token: str, sequence: tuple[str, ...], handled: bool, noted: list[Occurrence]
) -> None:
    meets(HANAKO)
    for each in (*sequence, *sequence):
        match each:
            case "order":
                post(client, token, "/orders", ORDER)
            case "dispatched":
                ship(client, token, DISPATCHED)
            case _:
                ship(client, token, DELIVERED)
        if handled:
            work()
    work()
    parcel = Shipment.get()
    assert parcel.dispatched_at == NOON - timedelta(hours=3)
    assert parcel.delivered_at == NOON - timedelta(minutes=30)
    kinds = said()
    assert kinds.count("order-received") == kinds.count("order-delivered") == 1
    first_known = max(sequence.index("order"), sequence.index("dispatched")) < sequence.index("delivered")
    assert kinds.count("order-dispatched") == int(handled and first_known), kinds
    on = [str(each.on) for each in noted if each.on in ("dispatch", "delivery")]
    assert on == (["dispatch"] if handled and first_known else []) + ["delivery"]
    assert noted[-1].products == ("TEA-50", "JAR")
    assert noted[-1].order_number == "A-1001"


def test_two_parcels_of_one_order_are_two(client: FlaskClient, token: str) -> None:
    meets(HANAKO)
    post(client, token, "/orders", ORDER)
    ship(client, token, DISPATCHED)
    ship(client, token, DISPATCHED | {"carrier": "佐川急便", "tracking_number": "1111-2222-3333"})
    ship(client, token, DISPATCHED | {"tracking_number": "9999-2222-3333"})
    assert Shipment.select().count() == 3
    unclear = ship(client, token, {"delivered_at": "2026-11-30T11:30:00+09:00"})
    assert unclear.status_code == 422
    assert unclear.json is not None
    assert unclear.json["error"]["field"] == "tracking_number"
    assert unclear.json["error"]["code"] == "several_parcels"
    clear = ship(client, token, {"carrier": "佐川", "delivered_at": "2026-11-30T11:30:00+09:00"})
    assert clear.status_code == 202
    work()
    assert said().count("order-delivered") == 1
    assert said().count("order-dispatched") == 2


def test_a_number_that_comes_later_belongs_to_the_parcel_without_one(client: FlaskClient, token: str) -> None:
    assert ship(client, token, {}).status_code == 202
    assert Shipment.get().dispatched_at == NOON, "reported means dispatched"
    assert ship(client, token, {"carrier": "みどり便", "tracking_number": "K-8812"}).status_code == 202
    parcel = Shipment.get()
    assert (parcel.carrier, parcel.carrier_name, parcel.tracking_number) == ("みどり便", "みどり便", "K8812")
    assert parcel.tracking_address is None, "no page is guessed"
    ship(client, token, {"tracking_number": "K8812", "tracking_url": "https://track.example.jp/K8812"})
    assert Shipment.get().tracking_address == "https://track.example.jp/K8812"


def test_nothing_is_said_of_a_cancelled_order(
    client: FlaskClient, token: str, noted: list[Occurrence]
) -> None:
    meets(HANAKO)
    post(client, token, "/orders", ORDER)
    work()
    post(client, token, "/orders/A-1001/cancel", {})
    work()
    before = said()
    ship(client, token, DISPATCHED)
    ship(client, token, DELIVERED)
    work()
    assert said() == before
    assert Shipment.get().delivered_at is not None, "it is stored"
    assert [each for each in noted if each.on in ("dispatch", "delivery")] == []


@pytest.mark.parametrize("days", [8, 400])
def test_an_old_parcel_is_stored_and_no_news(
    client: FlaskClient, token: str, days: int, noted: list[Occurrence]
) -> None:
    meets(HANAKO)
    at = (NOON - timedelta(days=days)).isoformat()
    post(client, token, "/orders", ORDER | {"ordered_at": at})
    ship(client, token, DISPATCHED | {"dispatched_at": at, "delivered_at": at})
    work()
    assert said() == []
    assert noted == []


def test_what_is_switched_off_is_not_said(client: FlaskClient, token: str, noted: list[Occurrence]) -> None:
    shop.use({"order_messages": {"received": False, "dispatched": False, "delivered": False}})
    meets(HANAKO)
    post(client, token, "/orders", ORDER)
    ship(client, token, DISPATCHED)
    work()
    ship(client, token, DELIVERED)
    work()
    assert [kind for kind in said() if kind.startswith("order-")] == []
    assert [str(each.on) for each in noted][-2:] == ["dispatch", "delivery"], "flows know"


WRONG = [
    ({"carrier": 5}, "carrier", "not_text"),
    ({"carrier": "あ" * 65}, "carrier", "too_long"),
    ({"tracking_number": "お問い合わせください"}, "tracking_number", "bad_tracking_number"),
    ({"tracking_number": "4.72576E+11"}, "tracking_number", "rounded"),
    ({"tracking_url": "http://track.example.jp/"}, "tracking_url", "bad_url"),
    ({"dispatched_at": "きのう"}, "dispatched_at", "bad_date"),
    ({"dispatched_at": "2026-12-02T09:00:00+09:00"}, "dispatched_at", "future_date"),
    ({"delivered_at": "2027-01-01"}, "delivered_at", "future_date"),
    ({"delivered_at": "2026-02-30"}, "delivered_at", "no_such_date"),
    ({"dispatched_at": "2026-11-29", "delivered_at": "2026-11-28"}, "delivered_at", "before_dispatch"),
    ({"arrives_on": "2026-12-01T10:00:00+09:00"}, "arrives_on", "bad_day"),
    ({"arrives_on": "あした"}, "arrives_on", "bad_day"),
    ({"items": [{"sku": "A", "quantity": 0}]}, "items.0.quantity", "bad_quantity"),
    ({"courier": "ヤマト"}, "courier", "unknown"),
    ([], None, "not_object"),
]


@pytest.mark.parametrize(("content", "field", "code"), WRONG)
def test_what_is_wrong_is_named_with_a_valid_example(
    client: FlaskClient, token: str, content: Any, field: str | None, code: str
) -> None:
    answer = ship(client, token, content)
    assert answer.status_code == 422
    assert answer.json is not None
    error = answer.json["error"]
    assert (error["field"], error["code"]) == (field, code)
    assert Shipment.select().count() == 0
    name = str(field).split(".")[0]
    good = {"items": [{"quantity": error["example"]}]} if "." in str(field) else {name: error["example"]}
    whole = error["example"] if code in ("unknown", "not_object") else good
    assert ship(client, token, whole).status_code == 202


def test_an_unknown_field_is_answered_with_those_there_are(client: FlaskClient, token: str) -> None:
    answer = ship(client, token, {"trackingNumber": "1"}).json
    assert answer is not None
    assert "tracking_number, tracking_url, dispatched_at" in answer["error"]["message"]
    assert answer["error"]["example"] == {"tracking_number": "4725-7551-6733"}
    nested = ship(client, token, {"items": [{"sku": "A", "count": 2}]}).json
    assert nested is not None
    assert nested["error"]["message"].endswith(
        "Fields: sku, name, quantity, unit_yen, repurchase_days, premium"
    )


def test_of_a_field_that_is_written_twice_neither_value_is_taken(client: FlaskClient, token: str) -> None:
    body = '{"carrier": "ヤマト運輸", "carrier": "佐川急便"}'.encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = client.post("/api/v1/orders/A-1/shipments", data=body, headers=headers)
    assert (answer.status_code, answer.json and answer.json["error"]["code"]) == (422, "repeated_field")
    assert answer.json is not None
    assert (answer.json["error"]["field"], answer.json["error"]["example"]) == ("carrier", "ヤマト運輸")
    assert Shipment.select().count() == 0


@pytest.mark.parametrize("number", ["%20", "%E2%80%AE", "%E3%80%80"])
def test_an_order_number_that_nobody_can_see_is_none(client: FlaskClient, token: str, number: str) -> None:
    answer = post(client, token, f"/orders/{number}/shipments", DISPATCHED)
    assert (answer.status_code, answer.json and answer.json["error"]["code"]) == (422, "empty")


def test_a_name_turns_no_text_around(client: FlaskClient, token: str) -> None:
    answer = ship(client, token, {"carrier": "\u202e便急川佐\u2066"})
    assert answer.json is not None
    assert answer.json["shipment"]["carrier"] == "便急川佐"


def test_a_repeated_key_gets_the_first_answer_and_another_body_is_refused(
    client: FlaskClient, token: str
) -> None:
    key = {"Idempotency-Key": "parcel-1"}
    first = post(client, token, "/orders/A-1/shipments", DISPATCHED, **key)
    again = post(client, token, "/orders/A-1/shipments", DISPATCHED, **key)
    other = post(client, token, "/orders/A-1/shipments", DELIVERED, **key)
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 409)
    assert again.json == first.json
    assert client.post("/api/v1/orders/A-1/shipments", json={}).status_code == 401


def test_at_once_it_is_one_parcel_and_one_event(client: FlaskClient, token: str) -> None:
    answers: list[int] = []

    def report() -> None:
        answers.append(ship(client.application.test_client(), token, DISPATCHED).status_code)
        database.close()

    threads = [threading.Thread(target=report) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [200, 200, 200, 202]
    assert Shipment.select().count() == 1
    assert InboxEvent.select().where(InboxEvent.source == "order.dispatched").count() == 1


TEXT = st.text(max_size=40) | st.sampled_from(
    ["ヤマト運輸", "4725-7551-6733", "2026-11-30", "https://a.example/"]
)
VALUE = (
    st.none() | TEXT | st.integers() | st.lists(TEXT, max_size=2) | st.dictionaries(TEXT, TEXT, max_size=2)
)
FIELDS = (
    "carrier",
    "tracking_number",
    "tracking_url",
    "dispatched_at",
    "delivered_at",
    "arrives_on",
    "items",
)


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS) | TEXT, VALUE, max_size=7))
def test_whatever_is_sent_is_stored_or_named(
    client: FlaskClient, token: str, content: dict[str, Any]
) -> None:
    answer = ship(client, token, content)
    assert answer.status_code in (200, 202, 422)
    if answer.status_code == 422:
        assert answer.json is not None
        assert all(each["code"] and each["message"] for each in answer.json["errors"])


# Shopify

SHOPIFY_ORDER_ID = 5940139491234
FULFILLMENT: dict[str, Any] = {
    "id": 4563210987654,
    "order_id": SHOPIFY_ORDER_ID,
    "name": "#1001.1",
    "status": "success",
    "service": "manual",
    "created_at": "2026-11-30T09:00:00+09:00",
    "updated_at": "2026-11-30T09:00:00+09:00",
    "tracking_company": "Yamato (JA)",
    "shipment_status": None,
    "tracking_number": "472575516733",
    "tracking_numbers": ["472575516733"],
    "tracking_url": "http://track.kuronekoyamato.co.jp/english/tracking",
    "tracking_urls": ["http://track.kuronekoyamato.co.jp/english/tracking"],
    "line_items": [{"id": 1, "sku": "TEA-50", "title": "ほうじ茶", "name": "ほうじ茶 - 50g", "quantity": 2}],
}
SHOPIFY_ORDER: dict[str, Any] = {
    "id": SHOPIFY_ORDER_ID,
    "name": "#1001",
    "currency": "JPY",
    "financial_status": "paid",
    "created_at": "2026-11-29T13:20:00+09:00",
    "total_price": "5450",
    "note_attributes": [{"name": "line_user_id", "value": HANAKO}],
    "line_items": [{"sku": "TEA-50", "name": "ほうじ茶 - 50g", "quantity": 2, "price": "1200"}],
    "fulfillments": [],
}
DELIVERED_THERE = FULFILLMENT | {
    "shipment_status": "delivered",
    "updated_at": "2026-11-30T11:00:00+09:00",
}


def hook(client: FlaskClient, topic: str, content: Any) -> TestResponse:
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": signature(body, SECRET)}
    return client.post("/webhooks/shopify", data=body, headers=headers, content_type="application/json")


def test_shopifys_fulfilment_is_a_parcel(client: FlaskClient, noted: list[Occurrence]) -> None:
    meets(HANAKO)
    hook(client, "orders/create", SHOPIFY_ORDER)
    work()
    assert hook(client, "fulfillments/create", FULFILLMENT).status_code == 200
    work()
    parcel = Shipment.get()
    assert (parcel.order_number, parcel.carrier, parcel.tracking_number) == (
        "#1001",
        "yamato",
        "472575516733",
    )
    assert parcel.tracking_url == "", "no https, so the carrier's own page is shown"
    hook(client, "fulfillments/update", DELIVERED_THERE)
    hook(client, "fulfillments/update", DELIVERED_THERE | {"updated_at": "2026-11-30T11:55:00+09:00"})
    work()
    assert said() == ["order-received", "order-dispatched", "order-delivered"]
    assert Shipment.get().delivered_at == NOON - timedelta(hours=1), "the first report of it"
    assert [each.products for each in noted if each.on == "delivery"] == [("TEA-50",)]


@pytest.mark.parametrize("topic", ["orders/fulfilled", "orders/updated", "orders/partially_fulfilled"])
def test_a_fulfilment_within_its_order_is_the_same_parcel(client: FlaskClient, topic: str) -> None:
    meets(HANAKO)
    whole = SHOPIFY_ORDER | {"fulfillments": [FULFILLMENT, {"id": 5, "status": "pending"}, "?"]}
    hook(client, "fulfillments/create", FULFILLMENT)
    assert Shipment.get().order_number == f"shopify:{SHOPIFY_ORDER_ID}", "the order's number is not known yet"
    hook(client, topic, whole)
    work()
    hook(client, topic, whole)
    work()
    assert Shipment.get().order_number == "#1001"
    assert said() == ["order-received", "order-dispatched"]


def test_a_fulfilment_between_a_file_and_the_webhook_of_its_order_is_announced(
    client: FlaskClient, token: str
) -> None:
    meets(HANAKO)
    post(client, token, "/orders", ORDER | {"order_number": "#1001", "total_yen": 5450, "items": []})
    work()
    hook(client, "fulfillments/create", FULFILLMENT)
    work()
    assert "order-dispatched" not in said(), "nobody knows whose it is"
    hook(client, "orders/updated", SHOPIFY_ORDER)
    work()
    assert said() == ["order-received", "order-dispatched"]


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({"status": "pending"}, 0),
        ({"status": "open"}, 0),
        ({"status": "cancelled"}, 0),
        ({"status": "on_hold"}, 0),
        ({"tracking_number": None, "tracking_numbers": []}, 1),
        ({"tracking_numbers": ["472575516733", "472575516744"]}, 2),
        ({"tracking_numbers": ["ask us", "472575516744"]}, 1),
    ],
)
def test_what_fulfilments_come_to(client: FlaskClient, change: dict[str, Any], count: int) -> None:
    assert hook(client, "fulfillments/create", FULFILLMENT | change).status_code == 200
    assert Shipment.select().count() == count


def test_a_cancelled_fulfilment_takes_its_parcel_back(client: FlaskClient) -> None:
    hook(client, "fulfillments/create", FULFILLMENT)
    hook(client, "fulfillments/update", FULFILLMENT | {"status": "cancelled"})
    assert Shipment.select().count() == 0


def test_a_delivery_event_is_about_the_only_parcel(client: FlaskClient) -> None:
    hook(client, "fulfillments/create", FULFILLMENT)
    event = {
        "id": 1,
        "fulfillment_id": 2,
        "order_id": SHOPIFY_ORDER_ID,
        "happened_at": "2026-11-30T10:00:00+09:00",
    }
    assert hook(client, "fulfillment_events/create", event | {"status": "in_transit"}).status_code == 200
    assert Shipment.get().delivered_at is None
    hook(client, "fulfillment_events/create", event | {"status": "delivered"})
    assert Shipment.get().delivered_at == NOON - timedelta(hours=2)
    assert hook(client, "fulfillment_events/create", {"status": "delivered"}).status_code == 400


# Files

HEADER = "注文番号,注文日時,お支払い合計,LINEユーザーID,出荷日,配送会社,送り状番号,お届け予定日,配達完了日"


def imports(folder: Path, *rows: str, header: str = HEADER) -> list[str]:
    path = folder / "orders.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    report = order_import.run(path)
    assert report.bad_count == 0, list(report.lines())
    return list(report.lines())


def test_a_file_brings_parcels(tmp_path: Path) -> None:
    meets(HANAKO)
    row = f"A-1001,2026/11/29 13:20,5400,{HANAKO}"
    assert imports(tmp_path, f"{row},2026/11/30,ヤマト運輸,4725-7551-6733,2026/12/01,") == []
    work()
    parcel = Shipment.get()
    assert (parcel.carrier, parcel.tracking_number, parcel.arrives_on) == (
        "yamato",
        "472575516733",
        date(2026, 12, 1),
    )
    assert Purchase.get().arrives_on == date(2026, 12, 1)
    assert imports(tmp_path, f"{row},2026/11/30,ヤマト運輸,4725-7551-6733,2026/12/01,2026/11/30") == []
    work()
    assert said() == ["order-received", "order-dispatched", "order-delivered"]


CELLS = [
    (",,,,", 0, ""),
    ("0000-00-00,-,なし,,", 0, ""),
    (",ヤマト運輸,4725-7551-6733,,", 0, ""),
    ("2026/11/30,ヤマト運輸,4725-7551-6733／4725-7551-6744,,", 2, ""),
    ("2026/11/30,,,,", 1, ""),
    ("2026/11/30,ヤマト運輸,4.72576E+11,,", 1, "送り状番号: 表計算ソフトが数字を丸めています"),
    ("近日,ヤマト運輸,4725-7551-6733,,", 0, "出荷日: 日付として読めません"),
    ("2026/12/24,ヤマト運輸,4725-7551-6733,,", 0, "出荷日: 未来の日付です"),
    ("2026/11/30,ヤマト運輸,4725-7551-6733,そのうち,", 1, "お届け予定日: 日付として読めません"),
]


@pytest.mark.parametrize(("cells", "count", "named"), CELLS)
def test_what_cells_come_to(tmp_path: Path, cells: str, count: int, named: str) -> None:
    lines = imports(tmp_path, f"A-1001,2026/11/29 13:20,5400,{HANAKO},{cells}")
    assert Shipment.select().count() == count
    assert (
        Purchase.select().count() == 0
        and InboxEvent.select().where(InboxEvent.event_id == "order:A-1001").count()
    )
    assert (named in "\n".join(lines)) if named else not lines


def test_rows_of_one_order_may_have_a_parcel_each(tmp_path: Path) -> None:
    header = HEADER + ",商品名"
    imports(
        tmp_path,
        f"A-1001,2026/11/29 13:20,5400,{HANAKO},2026/11/30,ヤマト運輸,4725-7551-6733,,,茶",
        f"A-1001,2026/11/29 13:20,5400,{HANAKO},2026/11/30,佐川急便,1111-2222-3333,,,茶筒",
        f"A-1001,2026/11/29 13:20,5400,{HANAKO},,,,,,箱",
        header=header,
    )
    assert sorted(each.carrier for each in Shipment.select()) == ["sagawa", "yamato"]


def test_a_number_without_a_day_is_as_old_as_its_order(tmp_path: Path) -> None:
    meets(HANAKO)
    header = "注文番号,注文日時,お支払い合計,LINEユーザーID,追跡番号"
    imports(tmp_path, f"A-1,2026/3/29 13:20,5400,{HANAKO},472575516733", header=header)
    work()
    assert Shipment.select().count() == 1
    assert said() == []


def test_a_parcel_goes_to_the_buyer_alone(client: FlaskClient, token: str) -> None:
    meets(TARO)
    hanako = meets(HANAKO)
    post(client, token, "/orders", ORDER)
    ship(client, token, DISPATCHED)
    work()
    assert {row.customer_id for row in PlannedMessage.select()} == {hanako.id}


def test_events_find_a_withdrawn_parcel_gone(client: FlaskClient, token: str) -> None:
    meets(HANAKO)
    post(client, token, "/orders", ORDER)
    work()
    ship(client, token, DISPATCHED)
    with write_transaction():
        assert shipments.withdraw("A-1001", "472575516733") == 1
    work()
    assert said() == ["order-received"]
    assert localtime.now() == NOON
