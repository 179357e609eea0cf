"""Runs every storage test on both databases, whether or not it asks for one by name; and fixtures for tests of
orders."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings, shop
from bot.db.database import write_transaction
from customers.api import auth, keys
from customers.api import orders as orders_api
from customers.shopify.webhook import shopify_webhooks
from handlers import register
from tests.storage.order_scene import NOON, SECRET


@pytest.fixture(autouse=True)
def _on_both_databases(any_database: object) -> None:
    """Requesting the fixture is enough."""


@pytest.fixture
def order_shop(any_database: object) -> Iterator[None]:
    """A shop that takes Shopify's webhooks, at noon of 30 November 2026."""
    register()
    shop.use({})
    settings.use(settings.current().model_copy(update={"shopify_webhook_secret": SECRET}))
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def client(any_database: object) -> FlaskClient:
    """A client of the two orders APIs. Tests of other pages have a client of their own."""
    app = Flask(__name__)
    app.register_blueprint(orders_api.api)
    app.register_blueprint(shopify_webhooks)
    auth.rate.__init__(6000, 60)  # type: ignore[misc]
    return app.test_client()


@pytest.fixture
def token(any_database: object) -> str:
    """A key of the API."""
    with write_transaction():
        return keys.create("EC-CUBE")
