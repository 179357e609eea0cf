"""Short links over real requests: where they lead, whose visits are stored, and what no visit can do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import peewee
import pytest
from flask.testing import FlaskClient

from app import create_app
from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.inbox import InboxEvent
from bot.routing import event_kinds
from bot.web import rate_limits
from customers.people import customer as customers
from customers.people.customer import Customer
from journeys.links import clicks, page, short_links
from journeys.links.clicks import ClickCount
from journeys.links.tables import LinkClick, ShortLink

NOON = datetime(2026, 4, 1, 3, 0, 10, tzinfo=UTC)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "Safari Line/15.3.0"
)
HOW_TO = "https://shop.example/how-to?from=line&x=1#top"


@pytest.fixture
def web(any_database: peewee.Database) -> FlaskClient:
    return create_app(settings.current()).test_client()


@pytest.fixture
def hanako(any_database: peewee.Database) -> Customer:
    from bot import conversations

    with write_transaction():
        user = "U" + "a" * 32
        return customers.follow(user, conversations.ensure(user))


def link(customer: Customer, url: str = HOW_TO, cause: str = "flow:1:how-to", **more: str) -> str:
    """The path of a short link in that customer's message."""
    with write_transaction():
        made = short_links.make(customer.id, url, cause, **more)
    return made.removeprefix(settings.current().public_url)


def opens(web: FlaskClient, path: str, agent: str = PHONE, method: str = "GET", **headers: str) -> Any:
    return web.open(
        path,
        method=method,
        headers={"User-Agent": agent} | {k.replace("_", "-"): v for k, v in headers.items()},
    )


def reported() -> int:
    return InboxEvent.select().where(InboxEvent.source == event_kinds.LINK_CLICKED).count()


def test_a_link_leads_to_its_address_and_says_nothing_of_the_visitor(
    web: FlaskClient, hanako: Customer
) -> None:
    answer = opens(web, link(hanako))
    assert (answer.status_code, answer.headers["Location"]) == (302, HOW_TO)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert answer.data == b""


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        (HOW_TO, HOW_TO),
        (
            "https://shop.example/?next=https://evil.example/",
            "https://shop.example/?next=https://evil.example/",
        ),
        ("https://shop.example/a?y=[1]&z=%E3%81%82", "https://shop.example/a?y=%5B1%5D&z=%E3%81%82"),
        ("https://shop.example/使い方", "https://shop.example/%E4%BD%BF%E3%81%84%E6%96%B9"),
        ("https://日本.example/", "https://xn--wgv71a.example/"),
        ("https://shop.example/\\evil", "https://shop.example/%5Cevil"),
        ('https://shop.example/"><script>', "https://shop.example/%22%3E%3Cscript%3E"),
    ],
)
def test_the_stored_address_is_sent_as_it_is(
    web: FlaskClient, hanako: Customer, stored: str, sent: str
) -> None:
    assert opens(web, link(hanako, stored)).headers["Location"] == sent


def test_nothing_in_the_request_changes_where_it_leads(web: FlaskClient, hanako: Customer) -> None:
    path = link(hanako)
    for tried in (
        f"{path}?url=https://evil.example",
        f"{path}?next=//evil.example&openExternalBrowser=1",
        f"{path}?u=javascript:alert(1)",
    ):
        assert (
            opens(web, tried, X_Forwarded_Host="evil.example", Host="evil.example").headers["Location"]
            == HOW_TO
        )


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "http://shop.example/",
            "//evil.example",
        ),
        *(
            "/console",
            "",
            "https://",
            "https:///a",
            "https:shop.example",
            " https://shop.example",
            "ftp://a.example/",
        ),
        *(
            "https://shop.example/\r\nSet-Cookie: a=b",
            "https://shop.example/a b",
            "https://[::1",
            "line://app",
        ),
        *(
            "https://shop.example/\x00",
            "https://shop.example/\x1b[0m",
            "file:///etc/passwd",
            "intent://x#Intent;end",
        ),
    ],
)
def test_only_an_https_address_becomes_a_link(hanako: Customer, url: str) -> None:
    with pytest.raises(short_links.NotAnAddress), write_transaction():
        short_links.make(hanako.id, url, "flow:1:a")
    assert ShortLink.select().count() == 0


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example/", "https://a.example/\r\nX: y"])
def test_what_was_stored_around_the_check_leads_nowhere(web: FlaskClient, hanako: Customer, url: str) -> None:
    path = link(hanako)
    ShortLink.update(url=url).execute()
    answer = opens(web, path)
    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "code",
    [
        *(
            "unknown",
            "A" * 11,
            "A" * 16,
            "A" * 17,
            "A" * 5_000,
            "%00",
            "%F0%9F%98%80",
            "..%2F..%2Fconsole",
            "a%0d%0aX:y",
        ),
        *("'%20OR%201=1--", "%25", "https:%2F%2Fevil.example", "%E2%80%AE", "<script>", "%ff"),
    ],
)
def test_an_unknown_code_gets_a_kind_page_with_a_way_back(
    web: FlaskClient, hanako: Customer, code: str
) -> None:
    link(hanako)
    answer = opens(web, f"/l/{code}")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "このリンクは開けませんでした" in shown
    assert 'href="https://line.me/R/ti/p/%40goentest"' in shown
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert reported() == 0


@pytest.mark.parametrize(
    "request_of",
    [
        {"method": "HEAD"},
        {"agent": "facebookexternalhit/1.1;line-poker/1.0"},
        {"agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {
            "agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36"
        },
        {"agent": "Twitterbot/1.0"},
        {"agent": "WhatsApp/2.23"},
        {"agent": "curl/8.5.0"},
        {"agent": ""},
        {"Purpose": "prefetch"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"X_Moz": "prefetch"},
        {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"},
    ],
    ids=str,
)
def test_programs_are_sent_on_and_do_not_count(
    web: FlaskClient, hanako: Customer, request_of: dict[str, Any]
) -> None:
    answer = opens(web, link(hanako), **request_of)
    assert (answer.status_code, answer.headers["Location"]) == (302, HOW_TO)
    assert reported() == 0


def test_a_double_tap_is_one_click(web: FlaskClient, hanako: Customer) -> None:
    path = link(hanako)
    with localtime.fixed(NOON):
        opens(web, path)
        opens(web, path)
    assert reported() == 1
    with localtime.fixed(NOON + timedelta(hours=1)):
        opens(web, path)
    assert reported() == 2


def test_a_double_tap_over_the_full_minute_is_stored_once(
    any_database: peewee.Database, hanako: Customer
) -> None:
    link(hanako)
    with write_transaction():
        stored = [
            clicks.record(ShortLink.get().id, NOON + timedelta(seconds=seconds)) is not None
            for seconds in (0, 3, 59, 30, 61)
        ]
    assert stored == [True, False, False, False, True]
    assert LinkClick.select().count() == 2


def test_links_are_limited_like_the_other_public_pages(web: FlaskClient) -> None:
    import app

    assert app.VISITORS.get("short_links", app.PAGES) is app.PAGES
    assert isinstance(app.PAGES, rate_limits.Allowance)
    answers = [opens(web, "/l/unknown").status_code for _ in range(app.PAGES.a_minute + 1)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_the_visitor_is_sent_on_when_the_click_cannot_be_stored(
    web: FlaskClient, hanako: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link(hanako)

    def locked(*_: Any) -> bool:
        raise peewee.OperationalError("database is locked")

    monkeypatch.setattr(inbox, "store", locked)
    answer = opens(web, path)
    assert (answer.status_code, answer.headers["Location"]) == (302, HOW_TO)
    monkeypatch.undo()
    assert reported() == 0
    opens(web, path)
    assert reported() == 1, "the next visit of that minute is stored"


def test_a_link_ends_with_its_customer(web: FlaskClient, hanako: Customer) -> None:
    path = link(hanako)
    opens(web, path)
    link_id = ShortLink.get().id
    with write_transaction():
        Customer.delete().where(Customer.id == hanako.id).execute()
    assert opens(web, path).status_code == 404
    with write_transaction():
        assert clicks.record(link_id, NOON) is None, "the event that was waiting stores nothing"
    assert LinkClick.select().count() == 0


def test_a_customer_without_a_chat_has_nobody_to_report_for(
    web: FlaskClient, any_database: peewee.Database
) -> None:
    with write_transaction():
        taro = customers.get_or_create_by_line_user("U" + "b" * 32, seen=False)
    assert opens(web, link(taro)).status_code == 302
    assert reported() == 0


def test_clicks_are_counted_by_message_and_by_step(any_database: peewee.Database, hanako: Customer) -> None:
    with write_transaction():
        taro = customers.follow("U" + "b" * 32)
    step = {"flow_key": "first", "step_key": "how-to"}
    link(hanako, cause="flow:1:how-to", **step)
    link(taro, cause="flow:2:how-to", **step)
    link(taro, cause="flow:2:voices", flow_key="first", step_key="voices")
    link(taro, cause="flow:3:how-to", flow_key="other", step_key="how-to")
    link(taro, cause="survey:1")
    one, two, _, other, unasked = ShortLink.select().order_by(ShortLink.id)
    with write_transaction():
        for each, hours in ((one, 0), (one, 5), (two, 1), (other, 2), (unasked, 3)):
            clicks.record(each.id, NOON + timedelta(hours=hours))

    assert clicks.counts_by_step("first") == {"how-to": ClickCount(2, 3)}
    assert clicks.counts_by_step("first", NOON + timedelta(hours=4)) == {"how-to": ClickCount(1, 1)}
    assert clicks.counts_by_step("nothing") == {}
    causes = ["flow:1:how-to", "flow:2:how-to", "flow:2:voices", "survey:1", *map(str, range(1_200))]
    assert clicks.counts_by_cause(causes) == {
        "flow:1:how-to": ClickCount(1, 2),
        "flow:2:how-to": ClickCount(1, 1),
        "survey:1": ClickCount(1, 1),
    }
    assert clicks.counts_by_cause([]) == {}
    assert clicks.first_clicks(hanako.id) == {"flow:1:how-to": NOON}
    assert page.NOTHING_ALLOWED.startswith("default-src 'none'")
