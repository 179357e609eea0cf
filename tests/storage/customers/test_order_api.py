"""The orders API's responses to orders: valid, invalid, repeated, and concurrent."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bot import localtime
from bot.db import database
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.api import auth, idempotency, keys, openapi
from customers.api import orders as orders_api
from customers.api.idempotency import IdempotentRequest
from customers.api.keys import ApiKey
from customers.orders import purchases
from customers.orders.intake import stored_form
from customers.orders.schema import OrderIn

pytestmark = pytest.mark.usefixtures("any_database")

NOON = datetime(2026, 1, 6, 3, tzinfo=UTC)
ORDER = {
    "order_number": "A-1",
    "ordered_at": "2026-01-05T13:20:00+09:00",
    "total_yen": 5400,
    "customer_number": "C-1",
}
LINE_USER = "U" + "1" * 32


@pytest.fixture(autouse=True)
def fixed_time() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def client(any_database: object) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(orders_api.api)
    auth.rate.__init__(600, 60)  # type: ignore[misc]
    return app.test_client()


@pytest.fixture
def token(any_database: object) -> str:
    with write_transaction():
        return keys.create("EC-CUBE")


def post_order(client: FlaskClient, token: str, content: Any = None, **headers: str) -> TestResponse:
    body = content if isinstance(content, bytes) else json.dumps(ORDER if content is None else content)
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    return client.post("/api/v1/orders", data=body, headers=sent)


def faults(answer: TestResponse) -> list[tuple[str | None, str]]:
    assert answer.content_type == "application/json"
    assert answer.json is not None
    assert answer.json["error"] == answer.json["errors"][0]
    return [(each["field"], each["code"]) for each in answer.json["errors"]]


def test_a_new_order_is_an_event_in_the_inbox(client: FlaskClient, token: str) -> None:
    answer = post_order(client, token)
    assert (answer.status_code, answer.json) == (
        202,
        {"order_number": "A-1", "state": "received", "already_known": False},
    )
    event = InboxEvent.get()
    assert (event.event_id, event.source, event.conversation.key) == (
        "order:A-1",
        "order.received",
        "buyer:number:C-1",
    )


def test_an_order_with_a_line_user_waits_in_that_chat(client: FlaskClient, token: str) -> None:
    post_order(client, token, {**ORDER, "line_user_id": LINE_USER})
    conversation = InboxEvent.get().conversation
    assert (conversation.key, conversation.line_user_id) == (LINE_USER, LINE_USER)


def test_no_address_is_stored_in_plain_text(client: FlaskClient, token: str) -> None:
    post_order(
        client,
        token,
        {
            **ORDER,
            "email": "Hanako@Example.jp",
            "phone": "090-1234-5678",
            "postal_code": "150-0041",
            "address": "渋谷区神南1-19-11",
        },
        **{"Idempotency-Key": "k"},
    )
    stored = InboxEvent.get().body + IdempotentRequest.get().answer
    assert "hanako" not in stored.lower() and "1234" not in stored
    assert not [each for each in ("0041", "神南", "19-11", "\\u795e") if each in stored]


def test_a_corrected_place_of_delivery_is_no_conflict(client: FlaskClient, token: str) -> None:
    post_order(client, token, {**ORDER, "postal_code": "150-0041", "address": "渋谷区神南1-19-11"})
    moved = {**ORDER, "postal_code": "530-0001", "address": "大阪市北区梅田3-1-3"}
    assert post_order(client, token, moved).status_code == 200


def test_the_same_order_again_is_known_before_and_after_the_worker(client: FlaskClient, token: str) -> None:
    post_order(client, token)
    assert post_order(client, token).json == {
        "order_number": "A-1",
        "state": "received",
        "already_known": True,
    }
    with write_transaction():
        purchases.record(stored_form(OrderIn.model_validate(ORDER), "api"))
    again = post_order(client, token)
    assert (again.status_code, again.json) == (
        200,
        {"order_number": "A-1", "state": "paid", "already_known": True},
    )
    assert InboxEvent.select().count() == 1


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"total_yen": 5401}, "total_yen"),
        ({"ordered_at": "2026-01-04"}, "ordered_at"),
        ({"customer_number": "C-2"}, "customer_number"),
    ],
)
def test_other_content_under_a_known_number_is_a_conflict(
    client: FlaskClient, token: str, recorded: bool, change: dict[str, Any], field: str
) -> None:
    post_order(client, token)
    if recorded:
        with write_transaction():
            purchases.record(stored_form(OrderIn.model_validate(ORDER), "api"))
    answer = post_order(client, token, {**ORDER, **change})
    assert answer.status_code == 409
    assert faults(answer) == [(field, "conflict")]


def test_what_only_one_source_knows_is_no_conflict(client: FlaskClient, token: str) -> None:
    post_order(client, token)
    more = {
        **ORDER,
        "ordered_at": "2026/1/5",
        "email": "h@example.jp",
        "items": [{"sku": "TEA", "name": "茶"}],
    }
    assert post_order(client, token, more).status_code == 200


def test_an_idempotency_key_replays_its_answer(client: FlaskClient, token: str) -> None:
    first = post_order(client, token, **{"Idempotency-Key": "k-1"})
    again = post_order(client, token, **{"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.data == again.data
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_an_idempotency_key_is_for_one_body(client: FlaskClient, token: str) -> None:
    post_order(client, token, **{"Idempotency-Key": "k-1"})
    answer = post_order(client, token, {**ORDER, "order_number": "A-2"}, **{"Idempotency-Key": "k-1"})
    assert answer.status_code == 409
    assert faults(answer) == [("Idempotency-Key", "idempotency_key_reused")]
    assert InboxEvent.select().count() == 1


def test_a_refused_body_leaves_its_key_free(client: FlaskClient, token: str) -> None:
    assert (
        post_order(client, token, {**ORDER, "total_yen": "5400"}, **{"Idempotency-Key": "k-1"}).status_code
        == 422
    )
    assert post_order(client, token, **{"Idempotency-Key": "k-1"}).status_code == 202


def test_keys_of_two_systems_do_not_meet(client: FlaskClient, token: str) -> None:
    with write_transaction():
        other = keys.create("Shopify")
    post_order(client, token, **{"Idempotency-Key": "k-1"})
    assert (
        post_order(client, other, {**ORDER, "order_number": "A-2"}, **{"Idempotency-Key": "k-1"}).status_code
        == 202
    )


def test_old_idempotency_keys_are_forgotten_after_two_days(client: FlaskClient, token: str) -> None:
    post_order(client, token, **{"Idempotency-Key": "k-1"})
    with localtime.fixed(NOON + idempotency.RETENTION):
        assert idempotency.forget_old() == 0
    with localtime.fixed(NOON + 1.01 * idempotency.RETENTION):
        assert idempotency.forget_old() == 1


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer goen_x", "Basic abc", "Bearer 鍵", "Bearer goen_" + "0" * 51]
)
def test_without_a_key_the_answer_says_how_to_get_one(client: FlaskClient, token: str, header: str) -> None:
    answer = client.post(
        "/api/v1/orders",
        json=ORDER,
        headers={"Authorization": header.encode("latin-1", "replace").decode("latin-1")},
    )
    assert answer.status_code == 401
    assert faults(answer) == [("Authorization", "unauthorized")]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json is not None and "api-key create" in answer.json["error"]["message"]


def test_a_revoked_key_opens_nothing(client: FlaskClient, token: str) -> None:
    prefix = ApiKey.get().prefix
    with write_transaction():
        assert keys.revoke(prefix)
        assert not keys.revoke(prefix)
    assert post_order(client, token).status_code == 401


def test_a_key_without_the_scope_is_refused(client: FlaskClient, token: str) -> None:
    with write_transaction():
        weak = keys.create("reader", scopes=())
    assert faults(post_order(client, weak)) == [(None, "forbidden")]


def test_the_key_itself_is_not_stored(client: FlaskClient, token: str) -> None:
    key = ApiKey.get()
    assert token not in (key.prefix, key.key_hash)
    assert token.startswith(key.prefix)
    post_order(client, token)
    assert ApiKey.get().last_used_at == NOON


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"total_yen": None}, [("total_yen", "not_whole")]),
        ({"total_yen": "5400"}, [("total_yen", "not_whole")]),
        ({"total_yen": 54.5}, [("total_yen", "not_whole")]),
        ({"total_yen": True}, [("total_yen", "not_whole")]),
        ({"total_yen": -1}, [("total_yen", "negative_yen")]),
        ({"total_yen": 10**30}, [("total_yen", "too_much_yen")]),
        ({"ordered_at": "5/1/2026"}, [("ordered_at", "bad_date")]),
        ({"ordered_at": "2026-01-09"}, [("ordered_at", "future_date")]),
        ({"ordered_at": 1767585600}, [("ordered_at", "not_text")]),
        ({"order_number": ""}, [("order_number", "empty")]),
        ({"order_number": "x" * 65}, [("order_number", "too_long")]),
        ({"order_number": "A\u0000"}, [("order_number", "bad_character")]),
        ({"order_number": "A\ud800"}, [("order_number", "bad_character")]),
        ({"customer_number": None}, [(None, "nobody")]),
        ({"line_user_id": "@hanako"}, [("line_user_id", "bad_line_user_id")]),
        ({"email": "hanako"}, [("email", "bad_email")]),
        ({"postal_code": "150"}, [("postal_code", "bad_postal_code")]),
        ({"postal_code": "SW1A 1AA", "address": "10"}, [("postal_code", "bad_postal_code")]),
        ({"postal_code": "150-0041"}, [(None, "half_address")]),
        ({"address": "渋谷区神南1-19-11"}, [(None, "half_address")]),
        ({"postal_code": "150-0041", "address": "神" * 256}, [("address", "too_long")]),
        ({"totalYen": 5}, [("totalYen", "unknown")]),
        ({"\ud800": 5}, [(None, "bad_character")]),
        ({"items": [{"sku": "T", "quantity": 0}]}, [("items.0.quantity", "bad_quantity")]),
        ({"items": "T"}, [("items", "not_list")]),
        ({"items": [{}] * 201}, [("items", "too_many")]),
        ({"total_yen": "x", "ordered_at": "x"}, [("ordered_at", "bad_date"), ("total_yen", "not_whole")]),
    ],
)
def test_each_fault_is_named_by_its_field(
    client: FlaskClient, token: str, change: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    answer = post_order(client, token, {**ORDER, **change})
    assert answer.status_code == 422
    assert faults(answer) == found
    assert InboxEvent.select().count() == 0


def test_faults_are_described_in_the_caller_s_language(client: FlaskClient, token: str) -> None:
    wrong = {**ORDER, "total_yen": "5,400円"}
    english = post_order(client, token, wrong).get_json()["error"]
    japanese = post_order(client, token, wrong, **{"Accept-Language": "ja-JP,ja;q=0.9"}).get_json()["error"]
    assert english["message"] == "total_yen must be a whole number, without quotes"
    assert english["example"] == 5400
    assert japanese["message"].startswith("合計金額: 整数ではありません")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[1,",
        b'{"total_yen": NaN}',
        b"[" * 100_000,
        b"9" * 5_000,
        b"{'a': 1}",
        "\ufeff{}".encode(),
    ],
)
def test_what_is_no_json_is_said_to_be_none(client: FlaskClient, token: str, body: bytes) -> None:
    answer = post_order(client, token, body)
    assert (answer.status_code, faults(answer)) == (400, [(None, "malformed_json")])


@pytest.mark.parametrize("content", [None, 5, "x", [], [ORDER], {}])
def test_json_that_is_no_order_is_refused(client: FlaskClient, token: str, content: Any) -> None:
    assert post_order(client, token, json.dumps(content).encode()).status_code == 422


def test_other_refusals_of_the_api(client: FlaskClient, token: str) -> None:
    assert post_order(client, token, **{"Content-Type": "text/csv"}).status_code == 415
    assert post_order(client, token, b" " * (256 * 1024 + 1)).status_code == 413
    assert faults(post_order(client, token, **{"Idempotency-Key": "鍵".encode().decode("latin-1")})) == [
        ("Idempotency-Key", "bad_idempotency_key")
    ]


def test_too_many_requests_are_asked_to_wait(client: FlaskClient, token: str) -> None:
    auth.rate.most = 2
    answers = [post_order(client, token) for _ in range(3)]
    assert [each.status_code for each in answers] == [202, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60


def test_an_order_can_be_asked_after(client: FlaskClient, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    number = {**ORDER, "order_number": "2026/1 A"}
    post_order(client, token, number)
    assert client.get("/api/v1/orders/2026/1%20A", headers=headers).get_json()["state"] == "received"
    assert client.get("/api/v1/orders/A-2", headers=headers).status_code == 404
    assert client.get("/api/v1/orders/A%00", headers=headers).status_code == 404
    assert client.get("/api/v1/orders/A-2").status_code == 401


def test_the_description_is_served_as_it_stands_in_the_repository(client: FlaskClient) -> None:
    served = client.get("/api/v1/openapi.json")
    assert served.get_json()["openapi"] == "3.1.0"
    assert openapi.FILE.read_text(encoding="utf-8") == served.get_data(as_text=True), (
        "openapi.json is out of date; write it anew with: python -m customers.api.openapi"
    )


def test_one_order_received_from_many_at_once_is_taken_once(client: FlaskClient, token: str) -> None:
    statuses: list[int] = []

    def send(key: str) -> None:
        statuses.append(
            post_order(client.application.test_client(), token, **{"Idempotency-Key": key}).status_code
        )
        database.close()

    threads = [threading.Thread(target=send, args=(f"k-{n % 3}",)) for n in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 202}
    assert InboxEvent.select().count() == 1
    assert IdempotentRequest.select().count() == 3


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*ORDER, "items", "sku"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(
    change=st.dictionaries(
        st.sampled_from([*ORDER, "line_user_id", "email", "phone", "address", "postal_code", "items"]),
        json_values,
    )
)
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_whatever_breaks_the_api(client: FlaskClient, token: str, change: dict[str, Any]) -> None:
    assert post_order(client, token, {**ORDER, **change}).status_code in (200, 202, 409, 422)
