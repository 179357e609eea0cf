"""A shop's system redeems a coupon over HTTP: once, with the right key, and with the reason when refused."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from customers.api import idempotency, keys
from customers.api.auth import RequestRate
from customers.api.keys import COUPONS_REDEEM, ORDERS_WRITE
from customers.people import customer as customers
from rewards.coupons import api, coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.ledger import ledger

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)


@pytest.fixture
def till(settings: bot_settings.Settings) -> FlaskClient:
    """A client of the API, as a till."""
    shop.use({})
    app = Flask("coupons-under-test")
    app.register_blueprint(api.coupon_api)
    return app.test_client()


def a_coupon() -> str:
    with write_transaction():
        hanako = int(customers.follow("U" + "a" * 32).id)
        ledger.earn(hanako, "purchase", 100, "order:1")
        soap = reward_list.make(
            RewardDraft(
                name="石けん",
                kind=RewardKind.EXCHANGE,
                value_text="石けん1個",
                value_yen=200,
                points_price=100,
            )
        )
        made = coupons.issue(hanako, soap, 1, "exchange:1").coupon
    assert made is not None
    return str(made.code)


def a_key(scope: str = COUPONS_REDEEM) -> dict[str, str]:
    with write_transaction():
        return {"Authorization": f"Bearer {keys.create('レジ', (scope,))}"}


def test_a_coupon_is_redeemed_and_a_lost_answer_is_given_again(till: FlaskClient) -> None:
    code, key = a_coupon(), a_key()
    first = till.post(f"/api/v1/coupons/{code}/redeem", headers=key)
    assert first.status_code == 200
    assert first.json is not None
    assert (first.json["state"], first.json["reward"], first.json["value_yen"]) == ("redeemed", "石けん", 200)
    again = till.post(f"/api/v1/coupons/{code.lower().replace('-', '')}/redeem", headers=key)
    assert (again.status_code, again.headers["Already-Redeemed"]) == (200, "true")
    other = till.post(f"/api/v1/coupons/{code}/redeem", headers=a_key())
    assert other.status_code == 409
    assert other.json is not None
    assert other.json["error"]["code"] == "coupon_redeemed"


ORDERS = {"A": {"order_number": "A-1"}, "B": {"order_number": "A-2"}, "": None}


@pytest.mark.parametrize(
    ("first", "second", "status", "code"),
    [
        # (Idempotency-Key, order) of the first request and of the second, by one system
        (("k-1", ""), ("k-1", ""), 200, None),
        (("k-1", ""), ("k-2", ""), 409, "coupon_redeemed"),
        (("k-1", ""), ("", ""), 409, "coupon_redeemed"),
        (("", ""), ("k-1", ""), 409, "coupon_redeemed"),
        (("", ""), ("", ""), 200, None),
        (("k-1", "A"), ("k-1", "A"), 200, None),
        (("k-1", "A"), ("k-2", "A"), 200, None),
        (("", "A"), ("k-2", "A"), 200, None),
        (("k-1", "A"), ("k-2", "B"), 409, "coupon_redeemed"),
        (("", "A"), ("", "B"), 409, "coupon_redeemed"),
        (("", "A"), ("", ""), 409, "coupon_redeemed"),
        (("k-1", "A"), ("k-1", "B"), 409, "idempotency_key_reused"),
    ],
)
@pytest.mark.parametrize("days_between", [0, 3])
def test_another_request_for_a_used_coupon_is_refused(
    till: FlaskClient,
    first: tuple[str, str],
    second: tuple[str, str],
    status: int,
    code: str | None,
    days_between: int,
) -> None:
    coupon, key = a_coupon(), a_key()
    answers = []
    for (idempotency_key, order), later in ((first, 0), (second, days_between)):
        headers = key | ({"Idempotency-Key": idempotency_key} if idempotency_key else {})
        with localtime.fixed(NOON + timedelta(days=later)), write_transaction():
            idempotency.forget_old()
        with localtime.fixed(NOON + timedelta(days=later)):
            answers.append(
                till.post(f"/api/v1/coupons/{coupon}/redeem", json=ORDERS[order], headers=headers)
                if order
                else till.post(f"/api/v1/coupons/{coupon}/redeem", headers=headers)
            )
    assert answers[0].status_code == 200
    if days_between and code == "idempotency_key_reused":
        code = "coupon_redeemed"  # the key is forgotten after two days, the coupon's order is not
    assert answers[1].status_code == status
    assert answers[1].json is not None and answers[0].json is not None
    if code:
        assert answers[1].json["error"]["code"] == code
    else:
        assert answers[1].json == answers[0].json
        assert {"Already-Redeemed", "Idempotent-Replayed"} & set(answers[1].headers.keys())


def test_one_key_for_two_coupons_is_a_mistake(till: FlaskClient) -> None:
    headers = a_key() | {"Idempotency-Key": "k-1"}
    assert till.post(f"/api/v1/coupons/{a_coupon()}/redeem", headers=headers).status_code == 200
    other = till.post("/api/v1/coupons/K7MP-4XWD-RT35/redeem", headers=headers)
    assert other.status_code == 409 and other.json is not None
    assert other.json["error"]["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("body", [{"order": "A-1"}, {"order_number": 1}, {"order_number": "x" * 65}])
def test_a_body_that_cannot_be_read_spends_nothing(till: FlaskClient, body: dict[str, object]) -> None:
    code = a_coupon()
    assert till.post(f"/api/v1/coupons/{code}/redeem", json=body, headers=a_key()).status_code == 422
    found = coupons.find(code)
    assert found is not None and found.state == "issued"


def test_keys_codes_and_scopes_that_are_not_right_change_nothing(till: FlaskClient) -> None:
    code = a_coupon()
    assert till.post(f"/api/v1/coupons/{code}/redeem").status_code == 401
    refused = till.post(f"/api/v1/coupons/{code}/redeem", headers=a_key(ORDERS_WRITE))
    assert refused.status_code == 403
    assert "coupons:redeem" in refused.text
    for unknown in ("K7MP-4XWD-RT35", "nonsense", "💥"):
        assert till.post(f"/api/v1/coupons/{unknown}/redeem", headers=a_key()).status_code == 404
    found = coupons.find(code)
    assert found is not None
    assert found.state == "issued"


def test_a_key_that_guesses_has_to_wait(till: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "rate", RequestRate(most=2, window_seconds=3600))
    key = a_key()
    statuses = [till.post("/api/v1/coupons/K7MP-4XWD-RT35/redeem", headers=key).status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
