"""Input that is no known word: each gets a sensible reply or deliberate silence, and nothing is parked."""

from typing import Any

import pytest

from bot.queue.inbox import InboxEvent
from demo.line.events import Event, body, signature
from tests.conversations.scenario import Scenario, said

NOBODYS_DATA = [
    "",
    "?",
    "%00",
    "\0",
    "nps.score?i=%00&s=%00",
    "nps.score?i=1&s=9&s=8",
    "faq.show?e=abc",
    "faq.show?e=999999999999999999",
    "faq.show",
    "faq.list?t=%00&p=-1",
    "faq.list?t=配送・送料&p=999999999",
    "faq.solved?a=1&e=1",
    "faq.unsolved?a=999999999999999999",
    "testimonial.consent?t=1&c=named",
    "testimonial.consent",
    "ticket.ask?c=nobody",
    "kind.of.tomorrow?x=1",
    "あ" * 300,
    "&" * 300,
    "a=1&" * 75,
    '{"action":"buy"}',
    "' OR 1=1 --",
    "\U0001f600",
]


@pytest.mark.parametrize("data", NOBODYS_DATA)
def test_postback_data_that_nobody_made_is_answered(scenario: Scenario, data: str) -> None:
    misaki = scenario.customer()

    assert len(misaki.sends_back(data)) >= 1
    assert misaki.buttons
    assert misaki.points == 30


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ({"type": "sticker", "packageId": "446", "stickerId": "1988"}, "スタンプありがとうございます"),
        ({"type": "sticker", "stickerResourceType": "OF_TOMORROW"}, "スタンプありがとうございます"),
        ({"type": "image", "contentProvider": {"type": "line"}}, "お写真ありがとうございます"),
        ({"type": "video", "duration": 5, "contentProvider": {"type": "line"}}, "動画ありがとうございます"),
        ({"type": "audio", "duration": 5}, "自動のご案内では聞き取れなくて"),
        ({"type": "file", "fileName": "契約.pdf", "fileSize": 9}, "自動のご案内では開けませんでした"),
        ({"type": "location", "latitude": 35.0, "longitude": 135.0}, "位置情報ありがとうございます"),
        ({"type": "hologram"}, "自動のご案内では開けませんでした"),
        ({"type": "text"}, "自動のご案内では開けませんでした"),
        ({"type": None}, "自動のご案内では開けませんでした"),
        ({}, "自動のご案内では開けませんでした"),
    ],
)
def test_what_is_no_text_is_answered(scenario: Scenario, message: dict[str, Any], answer: str) -> None:
    misaki = scenario.customer()

    assert answer in said(misaki.sends(**message))
    assert "スタッフと話す" in misaki.chips


TEXTS = [
    "😀" * 5_000,
    "あ" * 5_000,
    "",
    " ",
    "　\n\t",
    "\0",
    "\ud83d",
    "a" * 5_000,
    "%s %d {0} {name} {}",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\u202eabc\u200b",
    "\\",
    "？",
    "0",
    "ﾊﾟ" * 100,
]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_answered(scenario: Scenario, text: str) -> None:
    misaki = scenario.customer()

    assert len(misaki.sends(type="text", text=text)) >= 1
    assert misaki.chips or misaki.buttons


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("exchange", ["comment", "testimonial"])
def test_any_text_may_be_a_comment_or_a_testimonial(scenario: Scenario, exchange: str, text: str) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("3" if exchange == "comment" else "10")
    if exchange == "testimonial":
        misaki.taps("感想を書く")

    assert len(misaki.sends(type="text", text=text)) >= 1


SILENT: list[dict[str, Any]] = [
    {"type": "message", "source": {"type": "group", "groupId": "C1", "userId": "U1"}},
    {"type": "message", "source": {"type": "room", "roomId": "R1"}},
    {"type": "join", "source": {"type": "group", "groupId": "C1"}},
    {"type": "message", "source": {"type": "user"}},
    {"type": "message", "source": {}},
    {"type": "message", "source": "U1"},
    {"type": "follow", "source": {"type": "user", "userId": 7}},
    {"type": "postback", "source": None},
    {"type": "accountLink"},
    {"type": "beacon"},
    {"type": "unsend", "unsend": {"messageId": "1"}},
    {"type": "unfollow"},
    {"type": "module"},
    {"type": "of.tomorrow"},
    {"type": None},
    {"type": "message", "mode": "standby", "message": {"type": "text", "text": "ポイント", "id": "1"}},
]


@pytest.mark.parametrize("strange", SILENT)
def test_what_is_nobodys_or_no_conversation_is_met_with_silence(
    scenario: Scenario, strange: dict[str, Any]
) -> None:
    scenario.platform.calls.clear()
    message = {"type": "text", "text": "ポイント", "id": "1"}

    assert (
        scenario.hears_from_line(scenario.event("message", message=message, replyToken="t") | strange) == 200
    )

    assert not [call for call in scenario.platform.calls if call.endpoint in ("reply", "push")]
    assert InboxEvent.select().where(InboxEvent.state != "done").count() == 0


@pytest.mark.parametrize("broken", [None, 1, "x", [], {}, {"type": 1, "webhookEventId": 1, "timestamp": "x"}])
def test_one_strange_event_does_not_affect_others(scenario: Scenario, broken: Any) -> None:
    misaki = scenario.customer()
    webhook_sender = scenario.platform.channel.webhook_sender
    webhook_sender.hold()
    misaki.handset.say("ポイント")
    misaki.handset.say("ランク")
    first, second = webhook_sender._queue
    webhook_sender._queue.clear()
    webhook_sender.release()
    strange: Event = broken

    raw_events = [*first, strange, *second]
    webhook_sender.deliver(*_signed(scenario, raw_events))
    heard = said(misaki.hears())

    assert "いまのポイント" in heard
    assert "あなたのランク" in heard


def _signed(scenario: Scenario, events: list[Any]) -> tuple[bytes, dict[str, str]]:
    raw = body("U" + "0" * 32, events)
    secret = scenario.platform.channel.identity.channel_secret
    return raw, {"Content-Type": "application/json", "x-line-signature": signature(secret, raw)}


def test_a_message_may_bear_the_id_of_one_that_was_edited_in_another_chat(scenario: Scenario) -> None:
    misaki, saito = scenario.customer(), scenario.customer("斎藤 明")
    misaki.sends(id="7", type="text", text="こんにちは")
    misaki.causes("messageEdited", message={"id": "7", "type": "text", "text": "こんばんは"})

    assert len(saito.sends(id="7", type="text", text="ポイント")) >= 1
