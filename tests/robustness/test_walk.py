"""Requests every route of the web process as an anonymous user, as staff and as owner: no 5xx, refused unless
allowed.

The routes come from the process itself, so a new one is tested without being listed here, and is open to
owners only until STAFF_MAY lists it.
"""

import io
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from console.auth.access_control import ANYONE_MAY, STAFF_MAY, csrf
from tests.complete import assert_none
from tests.robustness import places, scene
from tests.robustness.conftest import ROLES, Shop
from tests.robustness.places import Place

R = TypeVar("R")
S = TypeVar("S")
C = TypeVar("C")
_visitors = itertools.count()
BASE = "https://goen.example"
SIGNED = ("webhook.callback", "shopify.receive", "api.", "coupon_api.")
"""These require a signature or a key, whatever role of the console the client has."""
NO_KEY_NEEDED = ("api.show_openapi",)
LEAVES = ("console.sign_out", "console.end_session", "console.change_password", "console.change_account")
"""Routes that would sign the client out: requested at the end, by clients of their own."""
STRANGE = {
    "Referer": (
        "http://[::1",
        "http://a:b@[",
        "//[",
        "https://goen.example:99999999/",
        "\xff\xfe",
        "javascript:x",
    ),
    "Origin": ("http://[::1", "null", "\xff"),
    "Host": ("[::1", "a b", "x" * 5_000, "goen.example:port", "goen.example:999999999", "\xff", "a@b", ""),
    "X-Forwarded-For": ("\xff", "x" * 5_000, "[::1", ", ,", "1.2.3.4, " * 500),
    "X-Forwarded-Proto": ("\xff", "http://[", "x" * 5_000, ","),
    "X-Forwarded-Host": ("[::1", "\xff"),
    "Range": ("bytes=" + "9" * 4_000 + "-", "bytes=5-1", "bytes=-" + "9" * 400, "bytes=a-b,c", "\xff"),
    "If-Range": ("Mon, 01 Jan 99999999999 00:00:00 GMT", '"', "\xff"),
    "If-None-Match": ('W/"', "*", '"' * 2_000, "\xff"),
    "If-Match": ("*", '"', "\xff"),
    "If-Modified-Since": (
        "Mon, 01 Jan 99999999999 00:00:00 GMT",
        "Mon, 99 Jan 2020 99:00:00 +9999",
        "Mon, 01 Jan 2020 00:00:00 +99999999999999999999",
    ),
    "Accept": ("*/*;q=x", "\xff", "," * 2_000),
    "Accept-Language": ("xx;q=nan", "\xff", "en-" * 1_000, "ja;q=1e999,*;q=-1", ";;,;q="),
    "Accept-Encoding": ("\xff", "gzip;q=x"),
    "Cookie": (
        "goen_console=\xff",
        'goen_console="\\777\\',
        "=;=;;",
        "goen_join=\xed\xa0\xbd",
        "a=b;" * 1_000,
    ),
    "Authorization": (
        "Basic \xff",
        "Bearer \xff",
        "Bearer",
        "Digest x=",
        "Basic ====",
        "Bearer goen_" + "x" * 5_000,
    ),
    "Content-Type": (
        "multipart/form-data",
        "multipart/form-data; boundary=\xff",
        "application/json; charset=nope",
        "\xff",
    ),
    "Content-Length": ("-1", "1e9", "9" * 4_000, "0x10", "", "\xb2"),
    "User-Agent": ("\xff", "x" * 10_000, ""),
    "Idempotency-Key": ("\xff", "x" * 5_000, " "),
    "X-Shopify-Topic": ("\xff", "x" * 5_000),
    "x-line-signature": ("\xff", "=" * 5_000),
    "HX-Current-URL": ("http://[::1",),
    "X-CSRFToken": ("\xff", "." * 2_000),
}
QUERIES = (
    *("\xff", "%", "%ff%fe", "q=%00", "%00=1", "q=%ed%a0%bd", "a&" * 500, "=&=&", "q=" + "%F0%9F" * 3),
    *("next=http://[::1", "next=//[", "next=" + "x" * 5_000, "state=\xff&code=\xff", "state=%ff&error=x"),
    *("before=" + "9" * 5_000, "before=-1", "before=1e5", "before=99999999999999999999", "page=" + "9" * 30),
    *("day=99999-01-01", "day=0000-00-00", "month=9999999-01", "month=0000-00", "month=9999-12", "on=x"),
    *("cursor=W1tb", "cursor=%ff", "cursor=99999-99-99.1", "after=9.9.9", "before=99999999999999999999.0.1"),
    *("at=" + "9" * 40, "customer=" + "9" * 400, "segment=%ff", "tag=" + "x" * 5_000, "words=%ff&sku=%00"),
    *("ticket=" + "9" * 30, "missing=" + "9" * 30, "from=" + "9" * 30, "code=" + "x" * 5_000, "v=%ff"),
    *("since=" + "9" * 5_000, "seen=" + "9" * 40, "buyer=%ff", "faq=" + "x" * 5_000, "view=\xff", "sort=%00"),
)
PATHS = (
    *(
        "%00",
        "%ff",
        "%ed%a0%bd",
        "%2e%2e%2fetc",
        "%",
        "9" * 400,
        "-1",
        "1e5",
        "x" * 5_000,
        "%0d%0aX:y",
        "[::1",
    ),
    *("%D9%A3", "%EF%BC%91", "%C2%B2", "%E2%80%A8", "%2f%2f", "."),
)


@pytest.fixture
def no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable CSRF tokens: what is behind them is tested."""
    monkeypatch.setattr(csrf, "protect", lambda: None)


@pytest.fixture
def filled(open_shop: Shop) -> Shop:
    scene.fill(open_shop)
    open_shop.app.config["PROPAGATE_EXCEPTIONS"] = False  # an exception becomes a 500, as in production
    return open_shop


@pytest.mark.parametrize("role", ROLES)
def test_every_route_is_refused_unless_it_is_allowed(filled: Shop, no_tokens: None, role: str) -> None:
    client = filled.client(role)
    walked = [place for place in places.everywhere(filled.app) if place.endpoint not in LEAVES]
    for place in [*walked, *(place for place in places.everywhere(filled.app) if place.endpoint in LEAVES)]:
        visitor = {"REMOTE_ADDR": somebody_else()}
        answer = client.open(place.address, method=place.method, base_url=BASE, environ_overrides=visitor)
        assert answer.status_code < 500, place
        assert answer.status_code in _allowed(place, role, answer.status_code), (
            role,
            answer.status_code,
            place,
        )
        answer.close()


def _allowed(place: Place, role: str, status: int) -> tuple[int, ...]:
    """The statuses that are right for that role; `status` itself where the page may be opened."""
    if place.endpoint.startswith("console."):
        if place.endpoint in ANYONE_MAY:
            return (status,)
        if role == "anonymous":
            return (303,)
        return (status,) if role == "owner" or place.endpoint in STAFF_MAY else (403,)
    if place.endpoint.startswith(SIGNED) and place.endpoint not in NO_KEY_NEEDED:
        return (401,)
    return (status,) if place.method in ("GET", "HEAD") else ()


def test_no_header_makes_any_page_fail(filled: Shop) -> None:
    """Some routes with every header and value, and every route with some: combined in turn, so that all occur."""
    clients = [filled.client(role) for role in ("anonymous", "owner")]
    routes = [place for place in places.everywhere(filled.app) if place.endpoint not in LEAVES]
    strange = [(name, value) for name, values in STRANGE.items() for value in values]
    failed = set()
    for place, (name, value), client in in_turn(routes, strange, clients, rounds=2):
        status = status_of(client, place, headers={name: value})
        if status >= 500:
            failed.add((status, name, value[:40], str(place)))
    for name, value in (("Referer", "http://[::1"), ("Cookie", "x=\xff"), ("Host", "[::1")):
        for place in routes:
            if (status := status_of(clients[0], place, headers={name: value})) >= 500:
                failed.add((status, name, value, str(place)))
    assert failed == set()


def test_no_address_makes_any_page_fail(filled: Shop) -> None:
    clients = [filled.client(role) for role in ("anonymous", "owner")]
    pages = [place for place in places.everywhere(filled.app) if place.method == "GET"]
    failed = set()
    for place, query, client in in_turn(pages, QUERIES, clients, rounds=4):
        status = status_of(client, place, query=query)
        if status >= 500:
            failed.add((status, query[:40], str(place)))
    rules = [rule for rule in filled.app.url_map.iter_rules() if "<" in rule.rule]
    for rule, path, client in in_turn(rules, PATHS, clients, rounds=4):
        status = status_of(client, Place(rule.endpoint, "GET", places.PART.sub(path, rule.rule)))
        if status >= 500:
            failed.add((status, path[:40], rule.rule))
    assert failed == set()


def test_what_cannot_be_read_is_left_out_and_the_page_is_there(filled: Shop) -> None:
    owner = filled.client("owner")
    page = Place("", "GET", "/console/tickets")
    assert status_of(owner, page, headers={"Referer": "http://[::1"}) == 200
    assert status_of(owner, page, query="q=\xff") == 200
    assert (
        status_of(owner, page, headers={"If-Modified-Since": "Mon, 01 Jan 99999999999 00:00:00 GMT"}) == 200
    )
    assert (
        status_of(filled.client("anonymous"), Place("", "GET", "/console/sign-in"), query="next=http://[::1")
        == 200
    )
    for headers in ({"Host": "[::1"}, {"Host": "a b"}, {"Content-Length": "9" * 400}):
        assert status_of(owner, page, headers=headers) == 400


def in_turn(
    routes: Sequence[R], strange: Sequence[S], clients: Sequence[C], rounds: int
) -> Iterator[tuple[R, S, C]]:
    """Every route with some of the strange values, so often that each value occurs on some routes."""
    for turn in range(max(len(routes), len(strange)) * rounds):
        shifted = turn + turn // len(routes) * 7
        yield routes[turn % len(routes)], strange[shifted % len(strange)], clients[shifted % len(clients)]


def somebody_else() -> str:
    """The address of a visitor who was not here before."""
    number = next(_visitors)
    return f"10.{number // 65_536 % 256}.{number // 256 % 256}.{number % 256}"


def status_of(
    client: FlaskClient, place: Place, *, query: str = "", headers: dict[str, str] | None = None
) -> int:
    """The response's status to a raw request: HTTP clients refuse to send most of these."""
    made: dict[str, Any] = EnvironBuilder("/", BASE, method=place.method).get_environ()
    path, _, own_query = place.address.partition("?")
    made["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
    made["QUERY_STRING"] = query or own_query
    if place.method == "POST":
        made.update({"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "3"})
        made["wsgi.input"] = io.BytesIO(b"a=b")
    client._add_cookies_to_wsgi(made)
    for name, value in (headers or {}).items():
        key = name.upper().replace("-", "_")
        made[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    made["REMOTE_ADDR"] = somebody_else()  # beyond the rate limits, which this test is not about
    statuses: list[str] = []

    def start(status: str, *_headers: Any) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda part: part

    answer = client.application(made, start)
    for _part in answer:
        pass
    getattr(answer, "close", lambda: None)()
    return int(statuses[0][:3])


def test_most_addresses_name_something_that_exists(filled: Shop) -> None:
    """Most of what an address can name exists, so that pages are opened and not only answered 404."""
    owner = filled.client("owner")
    missed = {
        place.endpoint
        for place in places.everywhere(filled.app)
        if place.method == "GET" and status_of(owner, place) == 404
    }
    expected = {
        *(
            "console.demo_sign_in",
            "console.join",
            "console.first_owner",
            "console.nowhere",
            "console.new_password",
        ),
        *("rewards.link_qr", "rewards.member_card", "voices.picture", "sent_files.file"),
    }
    assert_none(
        missed - expected,
        "its address names a row that is not there: let filled() in tests/robustness/places.py say which row, "
        "and let the scene make one.",
    )
    assert json.loads(owner.get("/api/v1/openapi.json", base_url=BASE).text)
