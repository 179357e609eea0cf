"""Decides what the console's tests stand on: the console alone in a Flask app, and clients signed in to it."""

import re
from collections.abc import Callable

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import settings as bot_settings
from bot import shop
from console import web as console
from tests.console import chats

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def app(settings: bot_settings.Settings, database: peewee.Database) -> Flask:
    """The console, mounted on an empty database."""
    return make_app(settings)


def make_app(settings: bot_settings.Settings) -> Flask:
    """A web process with nothing but the console."""
    shop.use({})
    made = Flask("console-under-test")
    made.config.update(SECRET_KEY=settings.secret_key, TESTING=True)
    console.init_app(made)
    return made


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Nobody yet."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Signs a person of that role in, who is made when there is none."""

    def enter(role: str) -> FlaskClient:
        client = app.test_client()
        chats.person(role=role, name={"staff": "佐藤 はな", "owner": "鈴木 一郎"}[role])
        answer = post(
            client,
            "/console/sign-in",
            email=f"{role}@example.jp",
            password=chats.PASSWORD,
            page="/console/sign-in",
        )
        assert answer.status_code == 303
        return client

    return enter


BASE = "https://goen.example"


def get(client: FlaskClient, path: str, **headers: str):  # type: ignore[no-untyped-def] # werkzeug's TestResponse
    """A look at a page, over https as the session's cookie wants it."""
    return client.get(path, base_url=BASE, headers=headers)


def post(client: FlaskClient, path: str, *, page: str = "/console/tickets", htmx: bool = False, **form: str):  # type: ignore[no-untyped-def]
    """Send a form as the browser does: with the token of the page it stands on."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', get(client, page).text)
    assert token, f"{page} has no form"
    headers = {"Referer": BASE + page} | ({"HX-Request": "true"} if htmx else {})
    return client.post(path, base_url=BASE, headers=headers, data={"csrf_token": token[1], **form})
