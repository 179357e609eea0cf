"""The phone page's JSON without a browser: who may ask, what is refused, and what a polling page is sent."""

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from demo.phone import shop_pages
from demo.phone.client import Handset
from demo.phone.controls import here
from demo.phone.platform import Platform
from demo.phone.shop_pages import ShopPage
from tests.demo.conftest import NoteTakingBot

PAGE = (
    "<title>t</title><h1>ご招待 &amp; お礼</h1><p>どうぞ。</p><a href='/elsewhere'>外へ</a>"
    "<a class='go' href='https://line.me/R/oaMessage/%40x/?a'>LINEで友だちになる</a><p>ほかの段落</p>"
)


@pytest.fixture
def client(platform: Platform) -> FlaskClient:
    return platform.app.test_client()


@pytest.fixture
def hana(platform: Platform) -> Handset:
    made = platform.handset("花")
    made.follow()
    return made


def updates(client: FlaskClient, after: int = 0) -> dict[str, Any]:
    answer = client.get(f"/phone/api/updates?after={after}")
    content: dict[str, Any] = answer.get_json()
    return content


def test_a_page_receives_only_what_is_new_to_it(
    platform: Platform, client: FlaskClient, hana: Handset
) -> None:
    platform.handset("一覧に出ない人", on_phone=False).follow()
    first = updates(client)
    assert [one["name"] for one in first["people"]] == ["花"]
    assert first["controls"] is None
    hana.say("こんにちは")
    platform.settle()
    second = updates(client, first["cursor"])
    assert second["people"] == []
    assert [entry["message"]["text"] for entry in second["entries"]] == ["こんにちは"]
    assert updates(client, second["cursor"])["entries"] == []


def test_other_sites_and_other_hosts_are_turned_away(client: FlaskClient, hana: Handset) -> None:
    path = f"/phone/api/people/{hana.user_id}/block"
    assert client.post(path, json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/phone", headers={"Host": "evil.example"}).status_code == 403
    assert hana.person.reachable
    page = client.get("/phone")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert b"<style" not in page.data and b"onclick" not in page.data


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("text", {"text": ""}, 400),
        ("text", {"text": "あ" * 5001}, 400),
        ("text", [], 400),
        ("postback", {"data": "x" * 301}, 400),
        ("location", {"title": "店", "address": "東京", "latitude": "north", "longitude": 1}, 400),
        ("unsend", {"id": "1"}, 409),
        ("share", {"to": "nobody", "text": "x"}, 404),
    ],
)
def test_nonsense_is_answered_with_a_sentence(
    client: FlaskClient, hana: Handset, verb: str, body: Any, status: int
) -> None:
    answer = client.post(f"/phone/api/people/{hana.user_id}/{verb}", json=body)
    assert answer.status_code == status
    assert answer.get_json()["error"]


def test_only_pictures_are_taken_as_pictures(
    platform: Platform, client: FlaskClient, hana: Handset, bot: NoteTakingBot
) -> None:
    path = f"/phone/api/people/{hana.user_id}/image"
    assert client.post(path, data=b"<svg/>", content_type="image/svg+xml").status_code == 415
    assert client.post(path, data=b"", content_type="image/png").status_code == 413
    assert client.post(path, data=b"\x89PNG", content_type="image/png").status_code == 200
    platform.settle()
    stored = client.get(f"/phone/content/{bot.last['message']['id']}")
    assert (stored.data, stored.content_type) == (b"\x89PNG", "image/png")


def test_a_friend_of_the_shop_shares_with_somebody(
    platform: Platform, client: FlaskClient, hana: Handset, bot: NoteTakingBot
) -> None:
    jiro = platform.handset("次郎")
    before = len(bot.events)
    body = {"to": jiro.user_id, "text": "おすすめです"}
    assert client.post(f"/phone/api/people/{hana.user_id}/share", json=body).status_code == 200
    [entry] = platform.channel.timeline.chat(jiro.user_id, hana.user_id)
    assert (entry.side, entry.message["text"]) == ("theirs", "おすすめです")
    platform.settle()
    assert len(bot.events) in (before, 1)


def test_controls_are_absent_unless_given(client: FlaskClient) -> None:
    assert client.post("/phone/api/controls/travel", json={"days": 1}).status_code == 404


def test_only_the_shops_own_page_into_line_is_read() -> None:
    app = Flask("shop")
    app.add_url_rule("/r/A", "a", lambda: PAGE)
    app.add_url_rule("/other", "other", lambda: "<h1>何もない</h1><a href='https://example.com/'>外へ</a>")
    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}"
    addresses = [("https://shop.example", site)]
    assert shop_pages.read(f"{site}/r/A", addresses) == ShopPage(
        "ご招待 & お礼", "どうぞ。", "LINEで友だちになる", "https://line.me/R/oaMessage/%40x/?a"
    )
    assert here("https://shop.example/r/A", addresses) == f"{site}/r/A"
    assert here("https://shop.example.evil/r/A", addresses) == "https://shop.example.evil/r/A"
    assert shop_pages.read(f"{site}/other", addresses) is None
    assert shop_pages.read(f"{site}/gone", addresses) is None
    assert shop_pages.read(f"{site}.evil.example/r/A", addresses) is None
    assert shop_pages.read(f"{site}/r/A", []) is None
    server.shutdown()
    server.server_close()
    assert shop_pages.read(f"{site}/r/A", addresses) is None
