"""What the bot says that belongs to no single domain, as LINE gets it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import line_messages as line
from bot.line_messages import Message
from handlers import messages
from handlers.chat_words import words
from support import faq_messages, tickets
from tests.golden.kept import assert_kept, assert_none_left_over
from tests.line_limits import assert_valid

GOLDEN = Path(__file__).parent / "talk"

SHOWN: dict[str, Callable[[], list[Message]]] = {
    "greeting": lambda: messages.greeting("佐藤 美咲", "ベーシック", 30),
    "greeting_without_name_and_points": lambda: messages.greeting("", "ベーシック", 0),
    "welcome_back": lambda: messages.welcome_back("佐藤 美咲"),
    "welcome_back_without_name": lambda: messages.welcome_back(""),
    "menu": lambda: [messages.menu()],
    "stopped": lambda: messages.with_ways_on(words().stopped),
    "opted_in": lambda: messages.with_ways_on(words().opted_in),
    "opted_out": lambda: messages.with_ways_on(words().opted_out),
    "nothing_to_stop": lambda: messages.with_ways_on(words().nothing_to_stop),
    "sticker": lambda: messages.with_ways_on(words().sticker),
    "sticker_meanwhile": lambda: messages.with_ways_on(words().sticker_meanwhile),
    "picture": lambda: messages.with_ways_on(words().picture),
    "video": lambda: messages.with_ways_on(words().video),
    "voice": lambda: messages.with_ways_on(words().voice),
    "location": lambda: messages.with_ways_on(words().location),
    "unreadable": lambda: messages.with_ways_on(words().unreadable),
    "old_button": lambda: messages.with_ways_on(words().old_button),
    "purchase_thanks": lambda: messages.lead_on([messages.purchase_thanks(1_239, 12_459)]),
    "purchase_thanks_without_points": lambda: messages.lead_on([messages.purchase_thanks(0, 12_459)]),
}


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_as_kept_and_line_takes_it(name: str) -> None:
    assert_kept(GOLDEN, name, SHOWN[name]())


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


def test_what_a_card_offers_is_not_offered_twice() -> None:
    card = faq_messages.staff_offer("お話をうかがいます。", tickets.DETRACTOR)

    (led_on,) = messages.lead_on([card])

    chips = [item["action"]["label"] for item in led_on["quickReply"]["items"]]
    assert "スタッフと話す" not in chips, "its button knows the cause, a chip does not"
    assert "ポイント" in chips


def test_chips_of_its_own_are_left_alone() -> None:
    message = line.text("どうぞ", [line.say("これ")])

    assert messages.lead_on([message]) == [message]
    assert messages.lead_on([]) == []


def test_the_longest_name_is_greeted() -> None:
    assert_valid(messages.greeting("名" * 255, "アンバサダー", 10**9))
    assert_valid(messages.welcome_back("{name}" * 40))
