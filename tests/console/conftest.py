"""Fixtures of the console's tests: the console alone in a Flask app, and clients signed in to it."""

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
    """Real password hashes are slow on purpose, which every test that signs in would pay for."""
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
    """Built once, with its templates parsed once: the same for every test."""
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
    """A client that is not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Sign a person of that role in, and create one if there is none."""
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
    """As if all had just confirmed their passwords; `test_confirmation.py` tests the confirmation itself."""
    StaffSession.update(confirmed_at=localtime.machine_now()).execute()


BASE = "https://goen.example"


def get(client: FlaskClient, path: str, **headers: str):  # type: ignore[no-untyped-def] # werkzeug's TestResponse
    """Request a page, over https as the session's cookie requires."""
    return client.get(path, base_url=BASE, headers=headers)


def post(client: FlaskClient, path: str, *, page: str = "/console/tickets", htmx: bool = False, **form: str):  # type: ignore[no-untyped-def]
    """Send a form as the browser does: with the CSRF token of its page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', get(client, page).text)
    assert token, f"{page} has no form"
    headers = {"Referer": BASE + page} | ({"HX-Request": "true"} if htmx else {})
    return client.post(path, base_url=BASE, headers=headers, data={"csrf_token": token[1], **form})
