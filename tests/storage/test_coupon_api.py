"""A shop's system redeems a coupon over HTTP: once, with the right key, and told why not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import settings as bot_settings
from bot import shop
from bot.database import write_transaction
from customers import api_keys
from customers import customer as customers
from customers.api_keys import COUPONS_REDEEM, ORDERS_WRITE
from customers.request_rate import RequestRate
from rewards import coupon_api, coupons, ledger, reward_list
from rewards.coupon_rules import RewardKind
from rewards.reward_list import Draft


@pytest.fixture
def till(settings: bot_settings.Settings) -> FlaskClient:
    """A till that talks to the API."""
    shop.use({})
    app = Flask("coupons-under-test")
    app.register_blueprint(coupon_api.coupon_api)
    return app.test_client()


def a_coupon() -> str:
    with write_transaction():
        hanako = int(customers.follow("U" + "a" * 32).id)
        ledger.earn(hanako, "purchase", 100, "order:1")
        soap = reward_list.make(
            Draft(
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
        return {"Authorization": f"Bearer {api_keys.create('レジ', (scope,))}"}


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
    monkeypatch.setattr(coupon_api, "rate", RequestRate(most=2, window_seconds=3600))
    key = a_key()
    statuses = [till.post("/api/v1/coupons/K7MP-4XWD-RT35/redeem", headers=key).status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
