"""Sends of the shop: reply tokens, retry keys, the quota, people who cannot be reached, faults."""

import time
import uuid
from typing import Any

import pytest
import urllib3

from demo.line.faults import FaultKind
from demo.phone.client import Handset
from demo.phone.platform import Platform
from tests.demo.conftest import ManualClock, NoteTakingBot, Shop, said


@pytest.fixture
def hana(platform: Platform) -> Handset:
    phone = platform.handset("花")
    phone.follow()
    platform.settle()
    return phone


def test_a_reply_token_answers_once(shop: Shop, bot: NoteTakingBot, hana: Handset) -> None:
    token = bot.last["replyToken"]
    first = shop.reply(token, "ようこそ", "はじめまして")
    assert first.status == 200
    assert [sent["id"].isdigit() for sent in first.json()["sentMessages"]] == [True, True]
    assert [message["text"] for message in hana.news()] == ["ようこそ", "はじめまして"]
    again = shop.reply(token, "ようこそ")
    assert (again.status, again.json()) == (400, {"message": "Invalid reply token"})
    assert hana.news() == []


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (60, 200), (61, 400)])
def test_a_reply_token_lives_a_minute(
    shop: Shop, bot: NoteTakingBot, manual_clock: ManualClock, hana: Handset, seconds: int, status: int
) -> None:
    manual_clock.forward(seconds)
    assert shop.reply(bot.last["replyToken"]).status == status


def test_a_redelivered_token_lives_a_minute_more_until_twenty(
    platform: Platform, shop: Shop, bot: NoteTakingBot, manual_clock: ManualClock, hana: Handset
) -> None:
    event = bot.last
    manual_clock.forward(19 * 60)
    platform.channel.webhook_sender.send_again(event)
    assert bot.last["deliveryContext"] == {"isRedelivery": True}
    assert bot.last["replyToken"] == event["replyToken"]
    manual_clock.forward(59)
    assert shop.reply(event["replyToken"]).status == 200


def test_no_token_outlives_twenty_minutes(
    platform: Platform, shop: Shop, bot: NoteTakingBot, manual_clock: ManualClock, hana: Handset
) -> None:
    manual_clock.forward(20 * 60 + 1)
    platform.channel.webhook_sender.send_again(bot.last)
    assert shop.reply(bot.last["replyToken"]).status == 400


def test_a_refused_message_leaves_the_token_usable(shop: Shop, bot: NoteTakingBot, hana: Handset) -> None:
    refused = shop.reply(bot.last["replyToken"], "")
    assert refused.status == 400
    assert refused.json() == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "messages[0].text"}],
    }
    assert shop.reply(bot.last["replyToken"], "よし").status == 200


def test_a_retry_key_is_taken_once_in_a_day(shop: Shop, manual_clock: ManualClock, hana: Handset) -> None:
    key = str(uuid.uuid4())
    first = shop.push(hana.user_id, "一度だけ", key=key)
    again = shop.push(hana.user_id, "一度だけ", key=key.upper())
    assert again.status == 409
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert again.json()["message"] == "The retry key is already accepted"
    assert again.json()["sentMessages"] == first.json()["sentMessages"]
    assert len(hana.news()) == 1
    manual_clock.forward(24 * 3600)
    assert shop.push(hana.user_id, "また", key=key).status == 200


def test_a_retry_key_is_a_uuid_and_never_on_a_reply(shop: Shop, bot: NoteTakingBot, hana: Handset) -> None:
    assert shop.push(hana.user_id, key="abc").status == 400
    body = {"replyToken": bot.last["replyToken"], "messages": said()}
    assert shop.call("POST", "/v2/bot/message/reply", body, key=str(uuid.uuid4())).status == 400
    assert hana.news() == []


def test_a_month_has_its_quota_and_replies_are_free(
    platform: Platform, shop: Shop, bot: NoteTakingBot, manual_clock: ManualClock, hana: Handset
) -> None:
    platform.channel.quota.limit = 2
    assert shop.reply(bot.last["replyToken"]).status == 200
    assert shop.push(hana.user_id, "五つで", "一通", "です", "よ", "ね").status == 200
    assert shop.push(hana.user_id).status == 200
    refused = shop.push(hana.user_id)
    assert (refused.status, refused.json()["message"]) == (429, "You have reached your monthly limit.")
    assert shop.call("GET", "/v2/bot/message/quota").json() == {"type": "limited", "value": 2}
    assert shop.call("GET", "/v2/bot/message/quota/consumption").json() == {"totalUsage": 2}
    manual_clock.forward(31 * 86400)
    assert shop.push(hana.user_id).status == 200


def test_blocked_people_get_nothing_and_cost_nothing(platform: Platform, shop: Shop, hana: Handset) -> None:
    other = platform.handset("次郎")
    other.follow()
    hana.block()
    assert shop.push(hana.user_id).status == 200
    assert multicast(shop, [hana.user_id, other.user_id, other.user_id]).status == 200
    assert (len(hana.news()), len(other.news())) == (0, 1)
    assert platform.channel.quota.used(platform.channel.clock()) == 1
    assert shop.call("GET", f"/v2/bot/profile/{hana.user_id}").status == 404
    profile = shop.call("GET", f"/v2/bot/profile/{other.user_id}").json()
    assert profile == {"userId": other.user_id, "displayName": "次郎", "language": "ja"}


def multicast(
    shop: Shop, to: Any, *texts: str, key: str | None = None, **more: Any
) -> urllib3.BaseHTTPResponse:
    body = {"to": to, "messages": said(*texts)} | more
    return shop.call("POST", "/v2/bot/message/multicast", body, key=key)


UNKNOWN = "U" + "0" * 32


@pytest.mark.parametrize(
    ("to", "more"),
    [
        ([], {}),
        (UNKNOWN, {}),
        ([f"U{number:032x}" for number in range(501)], {}),
        (["hana"], {}),
        ([UNKNOWN], {}),
        (["HANA", UNKNOWN], {}),
        (["HANA"], {"customAggregationUnits": ["a", "b"]}),
        (["HANA"], {"notificationDisabled": "yes"}),
        (["HANA"], {"notificationDisable": True}),
        (["HANA"], {"messages": []}),
        (["HANA"], {"messages": said(*"123456")}),
    ],
    ids=str,
)
def test_a_multicast_that_line_refuses_reaches_nobody(
    platform: Platform, shop: Shop, hana: Handset, to: Any, more: dict[str, Any]
) -> None:
    asked = [hana.user_id if each == "HANA" else each for each in to] if isinstance(to, list) else to
    assert multicast(shop, asked, **more).status == 400
    assert hana.news() == []
    assert platform.channel.quota.used(platform.channel.clock()) == 0


def test_a_multicast_is_accepted_once_a_key_and_counted_a_person(
    platform: Platform, shop: Shop, hana: Handset
) -> None:
    people = [platform.handset(f"客{number}") for number in range(3)]
    for each in people[:2]:
        each.follow()
    everyone, key = [hana.user_id, *(each.user_id for each in people)], str(uuid.uuid4())
    first = multicast(shop, everyone, "一", "二", key=key, customAggregationUnits=["spring"])
    assert (first.status, first.json()) == (200, {})
    again = multicast(shop, everyone, "一", "二", key=key, customAggregationUnits=["spring"])
    assert (again.status, again.json()) == (409, {"message": "The retry key is already accepted"})
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert [len(each.news()) for each in (hana, *people)] == [2, 2, 2, 0]
    assert platform.channel.quota.used(platform.channel.clock()) == 3
    assert platform.channel.units.names(platform.channel.clock()) == ["spring"]


def test_a_multicast_beyond_the_months_rest_reaches_nobody(
    platform: Platform, shop: Shop, hana: Handset
) -> None:
    other, blocking = platform.handset("次郎"), platform.handset("三郎")
    for each in (other, blocking):
        each.follow()
    blocking.block()
    platform.channel.quota.limit = 1
    key = str(uuid.uuid4())
    refused = multicast(shop, [hana.user_id, other.user_id], key=key)
    assert (refused.status, refused.json()["message"]) == (429, "You have reached your monthly limit.")
    assert hana.news() == other.news() == []
    assert multicast(shop, [hana.user_id, blocking.user_id], key=key).status == 200


@pytest.mark.parametrize("kind", ["reply", "push", "multicast"])
def test_messages_are_checked_without_being_sent(shop: Shop, hana: Handset, kind: str) -> None:
    path = f"/v2/bot/message/validate/{kind}"
    assert shop.call("POST", path, {"messages": said()}).status == 200
    wrong = shop.call("POST", path, {"messages": said("")})
    assert wrong.json()["details"] == [{"message": "May not be empty", "property": "messages[0].text"}]
    assert shop.call("POST", path, {"messages": said(), "to": [hana.user_id]}).status == 400
    assert shop.call("POST", path, {"messages": said()}, key=str(uuid.uuid4())).status == 400
    assert hana.news() == []


def test_nobody_and_nonsense_are_refused(shop: Shop) -> None:
    unknown = shop.push("U" + "f" * 32)
    assert (unknown.status, unknown.json()) == (400, {"message": "Failed to send messages"})
    assert "'to'" in shop.push("hana").json()["message"]
    assert shop.call("POST", "/v2/bot/message/push", {"to": "U" + "f" * 32}).status == 400
    six = said(*"123456")
    assert shop.call("POST", "/v2/bot/message/validate/push", {"messages": six}).status == 400
    assert shop.call("POST", "/v2/bot/message/validate/push", {"messages": six[:5]}).status == 200


def test_every_answer_is_numbered_and_needs_the_token(shop: Shop) -> None:
    refused = shop.call("GET", "/v2/bot/info", token="another")
    assert refused.status == 401
    assert refused.json()["message"].startswith("Authentication failed")
    assert uuid.UUID(refused.headers["x-line-request-id"])
    assert shop.call("GET", "/v2/bot/info").json()["basicId"] == "@goen"
    assert shop.call("GET", "/v2/bot/nowhere").status == 404


@pytest.mark.parametrize(("kind", "status"), [(FaultKind.ERROR, 500), (FaultKind.RATE_LIMIT, 429)])
def test_a_fault_is_met_as_often_as_asked(
    platform: Platform, shop: Shop, hana: Handset, kind: FaultKind, status: int
) -> None:
    platform.faults.inject("push", kind, times=2)
    assert [shop.push(hana.user_id).status for _ in range(3)] == [status, status, 200]
    assert len(hana.news()) == 1


def test_a_dropped_answer_hides_a_delivered_message(platform: Platform, shop: Shop, hana: Handset) -> None:
    key = str(uuid.uuid4())
    platform.faults.inject("push", FaultKind.DROP)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        shop.push(hana.user_id, "届いています", key=key)
    assert len(hana.news()) == 1
    assert shop.push(hana.user_id, "届いています", key=key).status == 409


def test_calls_can_hang_and_be_slow(platform: Platform, shop: Shop, hana: Handset) -> None:
    platform.faults.inject("push", FaultKind.HANG, seconds=0.2)
    platform.faults.latency_seconds = 0.05
    started = time.monotonic()
    shop.push(hana.user_id)
    shop.push(hana.user_id)
    assert 0.3 <= time.monotonic() - started < 3


def test_the_calls_are_on_record(platform: Platform, shop: Shop, hana: Handset) -> None:
    shop.push(hana.user_id)
    last = platform.calls[-1]
    assert (last.endpoint, last.status, last.retry_key) == ("push", 200, None)


def test_the_shop_shows_that_it_is_writing(platform: Platform, shop: Shop, hana: Handset) -> None:
    start = {"chatId": hana.user_id, "loadingSeconds": 20}
    assert shop.call("POST", "/v2/bot/chat/loading/start", start).status == 202
    assert hana.person.typing_until > platform.channel.now()
    assert shop.call("POST", "/v2/bot/chat/loading/start", start | {"loadingSeconds": 7}).status == 400
