"""Golden messages of the survey."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import shop
from bot.line.messages import Message
from surveys.nps import messages
from surveys.nps.words import words
from tests.golden.golden_files import assert_golden, assert_none_left_over

GOLDEN = Path(__file__).parent / "surveys"

SHOWN: dict[str, Callable[[], Message]] = {
    "question": lambda: messages.question(184),
    "reminder": lambda: messages.reminder(184),
    "question_again": lambda: messages.question_again(185),
    "question_of_eleven": lambda: messages.question_of_eleven(184),
    "promoter_thanks": lambda: messages.thanks_for_score(words().promoter_thanks, 10, 20, 1_420),
    "passive_thanks": lambda: messages.awaiting(
        messages.thanks_for_score(words().passive_thanks, 8, 20, 1_420)
    ),
    "detractor_apology": lambda: messages.thanks_for_score(words().detractor_apology, 3, 20, 1_420),
    "thanks_without_points": lambda: messages.thanks_for_score(words().promoter_thanks, 9, 0, 0),
    "corrected": lambda: messages.say(words().corrected.format(score=10)),
    "same_again": lambda: messages.say(words().same_again.format(score=7)),
    "too_late": lambda: messages.say(words().too_late.format(score=9)),
    "answered_lately": lambda: messages.say(words().answered_lately.format(score=8, next_on="6月30日")),
    "answered_lately_low": lambda: messages.say(words().answered_lately_low.format(score=2)),
    "add_a_word": lambda: messages.awaiting(messages.say(words().add_a_word)),
    "comment_thanks": lambda: messages.thanks_for_comment(words().comment_thanks, 10, 1_430),
    "comment_thanks_without_points": lambda: messages.thanks_for_comment(words().comment_thanks, 0, 0),
    "detractor_comment_thanks": lambda: messages.thanks_for_comment(
        words().detractor_comment_thanks, 10, 1_430
    ),
    "comment_with_the_way_to_rewrite": lambda: messages.rewritable(
        [messages.awaiting(messages.thanks_for_comment(words().comment_thanks, 10, 1_430))]
    )[0],
    "rewrite_prompt": lambda: messages.awaiting(messages.say(words().rewrite_prompt)),
    "rewritten": lambda: messages.say(words().rewritten),
    "too_late_to_rewrite": lambda: messages.say(words().too_late_to_rewrite),
    "nothing_to_rewrite": lambda: messages.say(words().nothing_to_rewrite),
    "faq_may_help": lambda: messages.say(words().faq_may_help),
    "staff_can_help": lambda: messages.say(words().staff_can_help),
    "nothing_written": lambda: messages.awaiting(messages.say(words().nothing_written)),
    "unknown_button": lambda: messages.say(words().unknown_button),
}


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    assert_golden(GOLDEN, name, [SHOWN[name]()])


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


def test_the_eleven_answers_are_alike() -> None:
    body = messages.question(1)["contents"]["body"]["contents"]
    cells = [
        cell for row in body if row.get("spacing") == "xs" for cell in row["contents"] if cell["contents"]
    ]
    assert [cell["action"]["label"] for cell in cells] == [str(score) for score in range(11)]
    assert len({str({**cell, "contents": [], "action": {}}) for cell in cells}) == 1


def test_the_shops_name_may_stand_in_the_question() -> None:
    shop.use({"survey": {"words": {"question": "ひだまり堂をお友達に勧めたいですか？"}}})

    assert messages.question(1)["altText"] == "ひだまり堂をお友達に勧めたいですか？"
