"""Golden messages of the bot that belong to no single domain."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.line import messages as line
from bot.line.messages import Message
from handlers import replies
from handlers.chat_words import words
from support.faq import messages as faq_messages
from support.tickets import tickets
from tests.golden.golden_files import assert_golden, assert_none_left_over
from tests.line_limits import assert_valid

GOLDEN = Path(__file__).parent / "replies"

SHOWN: dict[str, Callable[[], list[Message]]] = {
    "greeting": lambda: replies.greeting("佐藤 美咲", "ベーシック", 30),
    "greeting_without_name_and_points": lambda: replies.greeting("", "ベーシック", 0),
    "welcome_back": lambda: replies.welcome_back("佐藤 美咲"),
    "welcome_back_without_name": lambda: replies.welcome_back(""),
    "menu": lambda: [replies.menu()],
    "stopped": lambda: replies.with_ways_on(words().stopped),
    "opted_in": lambda: replies.with_ways_on(words().opted_in),
    "opted_out": lambda: replies.with_ways_on(words().opted_out),
    "nothing_to_stop": lambda: replies.with_ways_on(words().nothing_to_stop),
    "sticker": lambda: replies.with_ways_on(words().sticker),
    "sticker_meanwhile": lambda: replies.with_ways_on(words().sticker_meanwhile),
    "picture": lambda: replies.with_ways_on(words().picture),
    "video": lambda: replies.with_ways_on(words().video),
    "voice": lambda: replies.with_ways_on(words().voice),
    "location": lambda: replies.with_ways_on(words().location),
    "unreadable": lambda: replies.with_ways_on(words().unreadable),
    "old_button": lambda: replies.with_ways_on(words().old_button),
}


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    assert_golden(GOLDEN, name, SHOWN[name]())


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


def test_what_a_card_offers_is_not_offered_twice() -> None:
    card = faq_messages.staff_offer("お話をうかがいます。", tickets.DETRACTOR)

    (led_on,) = replies.lead_on([card])

    chips = [item["action"]["label"] for item in led_on["quickReply"]["items"]]
    assert "スタッフと話す" not in chips, "its button knows the cause, a chip does not"
    assert "ポイント" in chips


def test_chips_of_its_own_are_left_alone() -> None:
    message = line.text("どうぞ", [line.say("これ")])

    assert replies.lead_on([message]) == [message]
    assert replies.lead_on([]) == []


def test_the_longest_name_is_greeted() -> None:
    assert_valid(replies.greeting("名" * 255, "アンバサダー", 10**9))
    assert_valid(replies.welcome_back("{name}" * 40))
