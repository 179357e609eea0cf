"""Golden messages of testimonials."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.line.messages import Message
from surveys.testimonials import messages, tables
from surveys.testimonials.published import PublishedTestimonial
from surveys.testimonials.words import words
from tests.golden.golden_files import assert_golden, assert_none_left_over
from tests.line_limits import assert_valid

GOLDEN = Path(__file__).parent / "testimonials"
BODY = "母にも贈りました！\n肌がしっとりします。"
DAY = datetime(2026, 4, 1, tzinfo=UTC)
MINE = tables.Testimonial(id=12, body=BODY, shown_name="佐藤 美咲", picture_message_id="4711")
OTHER = tables.Testimonial(id=13, body="香りがすてきです", shown_name="")
PUBLISHED = [
    PublishedTestimonial(12, BODY, "佐藤 美咲", "voices/0123.jpg", DAY),
    PublishedTestimonial(9, "少し高いですが、長くもちます。" * 30, "", "", DAY),
]

SHOWN: dict[str, Callable[[], Message]] = {
    "request": lambda: messages.ask_for_testimonial(50),
    "request_without_points": lambda: messages.ask_for_testimonial(0),
    "prompt": lambda: messages.ask_for_words(words().prompt),
    "still_waiting": messages.still_waiting,
    "picture_first": lambda: messages.ask_for_words(words().picture_first),
    "picture_prompt": lambda: messages.ask_for_picture(12),
    "picture_only": lambda: messages.ask_for_picture(12, words().picture_only),
    "consent": lambda: messages.ask_for_consent(12, BODY, 50, "佐藤 美咲"),
    "consent_without_points": lambda: messages.ask_for_consent(12, BODY, 0, "佐藤 美咲"),
    "consent_with_picture": lambda: messages.ask_for_consent(12, BODY, 50, "佐藤 美咲", picture=True),
    "consent_of_somebody_nameless": lambda: messages.ask_for_consent(12, BODY, 50, ""),
    "nickname_prompt": lambda: messages.ask_for_nickname(words().nickname_prompt),
    "nickname_unfit": lambda: messages.ask_for_nickname(words().nickname_unfit),
    "preview": lambda: messages.preview(MINE, "M.S.", 50),
    "preview_without_points": lambda: messages.preview(OTHER, "はなこ", 0),
    "consent_thanks": lambda: messages.thanks_for_consent(12, "佐藤 美咲", 50, 1_470),
    "consent_thanks_without_points": lambda: messages.thanks_for_consent(12, "", 0, 0),
    "consent_changed": lambda: messages.consent_changed(12, ""),
    "which_to_withdraw": lambda: messages.ask_which([OTHER, MINE]),
    "published": lambda: messages.published(PUBLISHED, {"testimonial:12": 50}),
    "none_published": messages.none_published,
}


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    assert_golden(GOLDEN, name, [SHOWN[name]()])


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


@pytest.mark.parametrize("body", ["あ" * 5_000, "😀" * 5_000, "{name} {0} {", " "])
def test_any_testimonial_can_be_shown_to_its_writer_and_to_others(body: str) -> None:
    many = [tables.Testimonial(id=each, body=body, shown_name="名" * 40) for each in range(20)]
    shown = [PublishedTestimonial(each, body, "名" * 40, "voices/0123.jpg", DAY) for each in range(5)]
    assert_valid([messages.ask_for_consent(1, body, 50, "名" * 40, picture=True)])
    assert_valid([messages.preview(many[0], "名" * 20, 50), messages.ask_which(many)])
    assert_valid([messages.published(shown, {voice.cause: 50 for voice in shown})])
