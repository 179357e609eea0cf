"""People's actions reach the bot as LINE would send them: signed, in order, and again until accepted."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import urllib3

from demo.line.events import signature
from demo.line.faults import FaultKind
from demo.line.gestures import NotAllowed
from demo.phone.platform import Platform, create_platform
from script.results import OFFICIAL_FILES
from tests.demo.conftest import SECRET, TOKEN, NoteTakingBot, Shop
from tests.line_limits import OFFICIAL, official_event_problems


def everything(platform: Platform) -> None:
    phone = platform.handset("花")
    phone.follow()
    phone.say("こんにちは😊")
    phone.send_sticker("446", "1988", "ありがとう")
    picture = phone.send_image(b"\xff\xd8picture")
    phone.send_location("お店", "東京都千代田区", 35.68, 139.76)
    phone.send_audio(b"voice", 1200)
    phone.do({"type": "postback", "data": "nps.score=9", "displayText": "9"})
    phone.unsend(picture)
    phone.block()
    phone.follow()
    assert platform.settle()


def test_events_come_signed_and_in_order(platform: Platform, bot: NoteTakingBot) -> None:
    everything(platform)
    assert bot.signatures_good
    kinds = [event.get("message", event)["type"] for event in bot.events]
    assert " ".join(kinds) == "follow text sticker image location audio postback unsend unfollow follow"
    assert [event["timestamp"] for event in bot.events] == sorted(e["timestamp"] for e in bot.events)
    assert len({event["webhookEventId"] for event in bot.events}) == len(bot.events)
    assert {len(event["webhookEventId"]) for event in bot.events} == {26}
    assert [event["follow"]["isUnblocked"] for event in bot.events if event["type"] == "follow"] == [
        False,
        True,
    ]
    silent = {event["type"] for event in bot.events if "replyToken" not in event}
    assert silent == {"unsend", "unfollow"}


@pytest.mark.skipif(not OFFICIAL.exists(), reason=f"{OFFICIAL_FILES}/openapi is not here")
def test_events_have_the_official_shape(platform: Platform, bot: NoteTakingBot) -> None:
    everything(platform)
    for body in bot.bodies:
        assert official_event_problems(body) == []


def test_a_body_not_taken_comes_again_before_the_next(platform: Platform, bot: NoteTakingBot) -> None:
    bot.statuses = [500, 503]
    phone = platform.handset("花")
    phone.follow()
    phone.say("次です")
    assert platform.settle()
    first, second, third, after = bot.events
    assert first["webhookEventId"] == second["webhookEventId"] == third["webhookEventId"]
    assert first["replyToken"] == third["replyToken"]
    assert [one["deliveryContext"]["isRedelivery"] for one in (first, second, third)] == [False, True, True]
    assert after["message"]["text"] == "次です"


def test_webhooks_are_posted_over_http() -> None:
    heard: list[tuple[str, bytes, str]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, raw, self.headers["X-Line-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/callback"
    with create_platform(channel_secret=SECRET, access_token=TOKEN, webhook_url=url) as platform:
        platform.handset("花").follow()
        assert platform.settle()
    server.shutdown()
    server.server_close()
    [(path, raw, given)] = heard
    assert (path, given) == ("/callback", signature(SECRET, raw))


def test_events_can_gather_into_one_body(platform: Platform, bot: NoteTakingBot) -> None:
    platform.channel.webhook_sender.hold()
    for name in "花", "次郎":
        platform.handset(name).follow()
    platform.channel.webhook_sender.release(as_one_body=True)
    assert platform.settle()
    assert [len(body["events"]) for body in bot.bodies] == [2]


def test_taken_messages_are_marked_read(platform: Platform, bot: NoteTakingBot) -> None:
    bot.statuses = [200, 500, 500, 500, 500]
    phone = platform.handset("花")
    phone.follow()
    phone.say("読めますか")
    platform.settle()
    assert [entry.read for entry in phone.entries()] == [False]
    phone.say("これは")
    platform.settle()
    assert [entry.read for entry in phone.entries()] == [False, True]


def test_content_waits_is_fetched_and_goes(platform: Platform, shop: Shop) -> None:
    phone = platform.handset("花")
    phone.follow()
    picture = phone.send_image(b"\x89PNG", "image/png")

    def fetch(path: str = "content") -> urllib3.BaseHTTPResponse:
        return shop.call("GET", f"/v2/bot/message/{picture}/{path}")

    platform.faults.inject("content", FaultKind.PREPARING)
    assert fetch().status == 202
    got = fetch()
    assert (got.status, got.data, got.headers["Content-Type"]) == (200, b"\x89PNG", "image/png")
    assert fetch("content/transcoding").json() == {"status": "succeeded"}
    phone.unsend(picture)
    assert fetch().status == 410
    assert shop.call("GET", "/v2/bot/message/1/content").status == 404


def test_strangers_and_blockers_cannot_write(platform: Platform) -> None:
    phone = platform.handset("花")
    with pytest.raises(NotAllowed):
        phone.say("もしもし")
    phone.follow()
    phone.block()
    with pytest.raises(NotAllowed):
        phone.say("もしもし")


def test_buttons_are_tapped_by_their_label(platform: Platform, bot: NoteTakingBot, shop: Shop) -> None:
    phone = platform.handset("花")
    phone.follow()
    chip: dict[str, Any] = {"type": "action", "action": {"type": "message", "label": "はい", "text": "はい"}}
    bubble = {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [
                {"type": "button", "action": {"type": "postback", "label": "9", "data": "s=9"}},
                {"type": "button", "action": {"type": "uri", "label": "見る", "uri": "https://example.com/"}},
            ],
        },
    }
    messages = [{"type": "flex", "altText": "質問", "contents": bubble, "quickReply": {"items": [chip]}}]
    shop.call("POST", "/v2/bot/message/push", {"to": phone.user_id, "messages": messages})
    assert phone.tap("見る") == "https://example.com/"
    phone.tap("はい")
    with pytest.raises(KeyError):
        phone.tap("はい")
    phone.tap("9")
    platform.settle()
    assert bot.last["postback"] == {"data": "s=9"}
