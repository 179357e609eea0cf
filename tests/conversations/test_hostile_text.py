"""Hostile texts in messages and addresses do not slow the shop down: inputs on which a careless regex takes
forever.

Each is measured in CPU time with a generous limit, so that a busy machine fails no test; the faults they
guard against take minutes.
"""

import time

import pytest

from bot.queue.inbox import InboxEvent
from tests.conversations.scenario import Scenario

LENGTH = 5_000
MOST_SECONDS = 1.0
SEEDS = {
    "blanks after a code": ("CDF3", " "),
    "blanks and dashes": ("CDF3", " -"),
    "a code's beginnings": ("", "CDF3 "),
    "two groups of a code": ("CDF3 - CDF3", "\t"),
    "line breaks": ("紹介コードCDF3", "\n"),
    "digits": ("", "1"),
    "a date": ("4", " "),
    "numerals": ("", "一"),
    "wishes for a person": ("", "あの"),
    "more wishes for a person": ("スタッフ", "と"),
    "a call": ("", "電話で"),
    "polite endings": ("配信停止", "て"),
    "an order undone": ("注文キャンセル", "たい"),
    "address": ("", "a@"),
    "long address": ("a@", "b."),
    "a question": ("", "教えて"),
    "the end of a question": ("知りたい", "です"),
    "marks": ("10", "!"),
    "sentences": ("", "スタッフ。"),
    "one letter": ("", "あ"),
    "ligatures": ("", "\ufdfa"),
    "halves of a pair": ("", "\ud83d"),
}


@pytest.mark.parametrize("name", SEEDS)
def test_a_hostile_message_is_answered_at_once(scenario: Scenario, name: str) -> None:
    begin, again = SEEDS[name]
    misaki = scenario.customer()
    text = (begin + again * LENGTH)[: LENGTH - 1] + "\u3000"

    before = time.process_time()
    misaki.sends(type="text", text=text)

    assert time.process_time() - before < MOST_SECONDS
    assert InboxEvent.select().where(InboxEvent.state != "done").count() == 0


@pytest.mark.parametrize("name", ["comment", "testimonial", "question", "birthday"])
def test_a_hostile_message_is_answered_at_once_whatever_the_bot_waits_for(
    scenario: Scenario, name: str
) -> None:
    misaki = scenario.customer()
    if name in ("comment", "testimonial"):
        misaki.says("アンケート")
        misaki.taps("3" if name == "comment" else "10")
    match name:
        case "testimonial":
            misaki.taps("感想を書く")
        case "question":
            misaki.says("よくある質問")
        case "birthday":
            misaki.says("誕生日")
    for begin, again in SEEDS.values():
        before = time.process_time()
        misaki.sends(type="text", text=(begin + again * LENGTH)[:LENGTH])
        assert time.process_time() - before < MOST_SECONDS


@pytest.mark.parametrize(
    "address", ["/q/{}.png", "/q/link/{}.png", "/c/{}.png", "/r/{}", "/r/{}/login", "/m/{}.png", "/p/{}"]
)
def test_an_address_that_is_no_code_costs_nothing(scenario: Scenario, address: str) -> None:
    for begin, again in SEEDS.values():
        code = (begin + again * LENGTH)[:LENGTH].encode("utf-8", "replace").decode()

        before = time.process_time()
        answer = scenario.web.get(address.format(code))

        assert time.process_time() - before < MOST_SECONDS
        assert answer.status_code < 500
