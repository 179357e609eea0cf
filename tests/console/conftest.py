"""Decides what the console's tests stand on: the console alone in a Flask app, and clients signed in to it."""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial

import peewee
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from console import web as console
from console.auth import staff_accounts
from console.auth.sessions import StaffSession
from tests.console import chats

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A hash that is dear to guess is dear for every test that signs in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff_accounts, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def app(settings: bot_settings.Settings, database: peewee.Database) -> Flask:
    """The console on an empty database."""
    shop.use({})
    return _console()


@cache
def _console() -> Flask:
    """Put together once, with its templates read once: what it is made of is the same for every test."""
    return make_app(bot_settings.current())


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
    return partial(enter, app)


def enter(app: Flask, role: str) -> FlaskClient:
    """A client in which a new person of that role is signed in."""
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
    confirm_all()
    return client


def confirm_all() -> None:
    """As if everybody had given their password again just now; `test_confirmation.py` is about those who have not."""
    StaffSession.update(confirmed_at=localtime.machine_now()).execute()


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
