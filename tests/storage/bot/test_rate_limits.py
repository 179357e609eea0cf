"""Rate limits of the web process over real requests; who counts as one visitor; and that all of it is https.

The limits themselves are counted in memory, so one database is enough for their tests.
"""

import json
from collections.abc import Callable
from typing import Any

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient

import app as web_process
from app import VISITORS, create_app
from bot import notices
from bot.config import settings
from bot.db.database import write_transaction
from bot.web import proxy_notice, webhook
from console.auth import lockout
from customers.api import keys
from customers.people import customer as customers
from rewards.referrals import referrals
from rewards.referrals.words import words
from tests.complete import assert_none

HERE = "203.0.113.7"
SECRET = "webhook-secret-of-the-tests"


@pytest.fixture
def web(database: peewee.Database) -> Flask:
    settings.use(settings.current().model_copy(update={"shopify_webhook_secret": SECRET}))
    return create_app(settings.current())


@pytest.fixture
def code() -> str:
    with write_transaction():
        return referrals.get_or_create_code(customers.follow("U" + "a" * 32).id)


def asks(client: FlaskClient, path: str, count: int, address: str = HERE, **more: Any) -> list[int]:
    """The status of each of so many requests from that address."""
    return [ask(client, path, address, **more).status_code for _ in range(count)]


def ask(client: FlaskClient, path: str, address: str = HERE, method: str = "GET", **more: Any) -> Any:
    return client.open(path, method=method, environ_overrides={"REMOTE_ADDR": address}, **more)


def lower(monkeypatch: pytest.MonkeyPatch, most: int = 5) -> None:
    """Allow little, so that the test need not ask a thousand times."""
    for name in ("PAGES", "PICTURES", "LOGINS", "CONSOLE", "SIGN_IN", "ORDERS", "SHOPIFY"):
        allowance = getattr(web_process, name)
        less = type(allowance)(allowance.kind, most, allowance.counted, allowance.answer)
        monkeypatch.setattr(web_process, name, less)
        monkeypatch.setattr(
            web_process,
            "VISITORS",
            {key: less if value is allowance else value for key, value in web_process.VISITORS.items()},
        )


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/r/{code}",
            "/r/K7MP-4XWD",
            "/q/{code}.png",
            "/q/link/K7MP-4XWD-9HQF.png",
            "/c/K7MP-4XWD-RT35.png",
        ),
        *("/m/1.2.3.png", "/p/token", "/voices", "/voices/1", "/voices/pictures/x.jpg", "/r/{code}/login"),
        *(
            "/line-login",
            "/line-login/done",
            "/console/sign-in",
            "/console/sign-in/code",
            "/console/join/token",
        ),
        *("/console/tickets", "/console/static/console.css", "/console/nowhere", "/api/v1/openapi.json"),
        *("/nowhere", "/favicon.ico", "/console/demo-sign-in/owner", "/l/unknown"),
    ],
)
def test_every_page_that_anybody_may_open_has_a_limit(
    path: str, database: object, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch)
    client = create_app(settings.current()).test_client()
    path = path.format(code=code)
    assert 429 not in asks(client, path, 5)
    answer = ask(client, path)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert words().page_busy in answer.text
    assert words().page_busy_in_english in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ask(client, path, "203.0.113.8").status_code != 429, "nobody else waits"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        *(("/api/v1/orders", "POST"), ("/api/v1/orders/1", "GET"), ("/api/v1/orders/1/refunds", "POST")),
        *(("/api/v1/coupons/K7MP-4XWD-RT35/redeem", "POST"), ("/webhooks/shopify", "POST")),
        ("/webhooks/shopify/orders/paid", "POST"),
    ],
)
def test_who_has_no_key_or_signature_may_try_sixty_times_a_minute(web: Flask, path: str, method: str) -> None:
    client = web.test_client()
    assert set(asks(client, path, 60, method=method, json={})) == {401}
    answer = ask(client, path, method=method, json={})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60
    if path.startswith("/api"):
        assert answer.json["error"]["code"] == "too_many_requests"


def test_who_has_a_key_is_not_held_back_by_it(web: Flask) -> None:
    with write_transaction():
        key = keys.create("shop", keys.SCOPES)
    headers = {"Authorization": f"Bearer {key}"}
    assert set(asks(web.test_client(), "/api/v1/orders/none", 200, headers=headers)) == {404}


def test_a_hundred_people_of_one_carrier_scan_the_same_poster(web: Flask, code: str) -> None:
    client = web.test_client()
    for _ in range(100):
        for path in (f"/r/{code}", f"/q/{code}.png", f"/r/{code}/login", "/line-login?error=ACCESS_DENIED"):
            assert ask(client, path).status_code < 429


def test_lines_webhook_and_the_monitor_are_never_held_back(
    web: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch)
    client = create_app(settings.current()).test_client()
    body = json.dumps({"destination": "U", "events": []}).encode()
    signed = {"x-line-signature": webhook.signature(body, settings.current().line_channel_secret)}
    assert set(asks(client, "/callback", 300, method="POST", data=body, headers=signed)) == {200}
    assert set(asks(client, "/callback", 300, method="POST", data=body)) == {401}
    assert set(asks(client, "/healthz", 300)) == {200}
    assert 429 not in asks(client, "/readyz", 30)


def test_every_address_of_an_ipv6_network_is_one_visitor(
    any_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch)
    client = create_app(settings.current()).test_client()
    answers = [ask(client, "/voices", f"2001:db8:1:2::{number:x}").status_code for number in range(1, 20)]
    assert answers.count(429) == 14
    assert ask(client, "/voices", "2001:db8:1:3::1").status_code == 200
    with write_transaction():
        for number in range(lockout.MOST_PER_PAIR):
            assert lockout.begin_try("owner@example.jp", f"2001:db8::{number:x}")
        assert lockout.begin_try("owner@example.jp", "2001:db8::ffff") is None
        lockout.forget("owner@example.jp", "2001:db8::abcd")
        assert lockout.begin_try("owner@example.jp", "2001:db8::1")


def test_every_name_in_the_table_is_a_page(web: Flask) -> None:
    assert_none(
        VISITORS.keys() - web.view_functions.keys() - web.blueprints.keys(),
        "VISITORS in app.py names it, and there is no such page or group of pages: take it out or write its new name.",
    )


def notice_causes() -> list[str]:
    return [notice.cause for notice in notices.current()]


@pytest.mark.parametrize("header", proxy_notice.HEADERS)
def test_a_proxy_that_is_not_set_is_reported_once(web: Flask, header: str, capsys: Any) -> None:
    client = web.test_client()
    ask(client, "/voices")
    assert notice_causes() == []
    for _ in range(3):
        ask(client, "/voices", headers={header: "https" if header.endswith("Proto") else "198.51.100.1"})
    assert notice_causes() == [proxy_notice.CAUSE]
    assert capsys.readouterr().out.count("requests come through a proxy") == 1
    create_app(settings.current())
    assert capsys.readouterr().out.count("requests come through a proxy") == 1, "and at each start"


@pytest.mark.parametrize("count", [0, 1])
def test_who_has_set_the_number_of_proxies_hears_nothing_more(
    database: object, count: int, make_settings: Callable[..., settings.Settings]
) -> None:
    with write_transaction():
        notices.notify(proxy_notice.CAUSE, proxy_notice.SENTENCE)
    make_settings(TRUSTED_PROXY_COUNT=str(count))
    ask(create_app(settings.current()).test_client(), "/voices", headers={"X-Forwarded-For": "198.51.100.1"})
    assert notice_causes() == []


@pytest.fixture
def make_settings() -> Callable[..., settings.Settings]:
    def make(**given: str) -> settings.Settings:
        now = settings.current().model_dump(exclude_unset=True)
        environment = {name.upper(): str(value) for name, value in now.items() if value is not None}
        return settings.use(settings.load(environment | given))

    return make


PATHS = (
    "/voices",
    "/nowhere",
    "/console/sign-in",
    "/api/v1/orders/1",
    "/healthz",
    "/console/static/x",
)


@pytest.mark.parametrize("path", PATHS)
def test_browsers_that_were_here_once_come_by_https(web: Flask, path: str) -> None:
    for method in ("GET", "POST"):
        assert (
            ask(web.test_client(), path, method=method).headers["Strict-Transport-Security"]
            == "max-age=31536000"
        )


def test_on_this_machine_http_is_enough(
    database: object, make_settings: Callable[..., settings.Settings]
) -> None:
    make_settings(PUBLIC_URL="http://localhost:8000")
    client = create_app(settings.current()).test_client()
    answer = client.post("/console/language/en", data={"csrf_token": token(client, "http://localhost")})
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("goen_console=")
    assert "Secure" not in answer.headers["Set-Cookie"]


def token(client: FlaskClient, base: str) -> str:
    page = client.get("/console/sign-in", base_url=base).text
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_every_cookie_is_this_hosts_alone(web: Flask, code: str) -> None:
    base = "https://goen.example"
    client = web.test_client()
    answer = client.post(
        "/console/language/en",
        base_url=base,
        data={"csrf_token": token(client, base)},
        headers={"Referer": f"{base}/console/sign-in"},
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-goen_console=") for cookie in cookies)
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie
        assert "Path=/" in cookie.split("; ") or cookie.startswith("goen_console=;"), cookie
