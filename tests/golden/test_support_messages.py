"""Golden messages of support. UPDATE_GOLDEN=1 rewrites the files: read the diff."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Message
from support.changes import messages as change_messages
from support.faq import messages as faq_messages
from support.faq import words
from support.satisfaction import messages as satisfaction_messages
from support.tickets import messages as ticket_messages
from tests.golden.golden_files import assert_golden, assert_none_left_over
from tests.line_limits import assert_valid

GOLDEN = Path(__file__).parent / "support"
TOKYO = ZoneInfo("Asia/Tokyo")
OPEN = datetime(2026, 10, 5, 11, tzinfo=TOKYO)
CLOSED = datetime(2026, 10, 2, 21, tzinfo=TOKYO)


@dataclass
class Entry:
    id: int
    question: str
    spoken_answer: str = "はい、できます。"
    card: str = ""


ENTRIES = [Entry(number, f"質問その{number}はどうすればよいのでしょうか？") for number in range(1, 15)]
LINKED = Entry(9, "送料はいくらですか？", "こちらをご覧ください。\nhttps://goen.example/shipping")
CARD = """{"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [
  {"type": "text", "text": "送料は全国一律550円", "weight": "bold", "wrap": true},
  {"type": "button", "action": {"type": "uri", "label": "くわしく見る", "uri": "https://goen.example/shipping"}}]}}"""
WITH_CARD = Entry(10, "送料はいくらですか？", "送料は全国一律550円です。", CARD)

SHOWN: dict[str, list[Message]] = {
    "answer": faq_messages.answer(ENTRIES[0], asked_id=41),
    "answer_with_address": faq_messages.answer(LINKED, asked_id=42),
    "answer_with_card": faq_messages.answer(WITH_CARD, asked_id=45),
    "titles": [faq_messages.offer_titles(ENTRIES[:5], None, asked_id=43)],
    "shelves": faq_messages.topics({"配送・送料": ENTRIES[:2], "定期便": ENTRIES[2:]}),
    "shelves_empty": faq_messages.topics({}),
    "shelf_first_page": [faq_messages.topic_page("定期便", ENTRIES)],
    "shelf_last_page": [faq_messages.topic_page("定期便", ENTRIES, page=1)],
    "unsolved": [faq_messages.unsolved(asked_id=41)],
    "not_understood": [faq_messages.not_understood(asked_id=44)],
    "ticket_opened": [ticket_messages.ticket_opened(OPEN, "本日15:00")],
    "ticket_opened_after_hours": [ticket_messages.ticket_opened(CLOSED, "明日12:00")],
    "already_waiting": [ticket_messages.already_waiting(OPEN)],
    "already_waiting_after_hours": [ticket_messages.already_waiting(CLOSED)],
    "change_of_address": [
        change_messages.form(
            "address", [], "本日15:00", is_complete=False, actions=[ticket_messages.withdraw(7)]
        )
    ],
    "change_of_delivery_of_one_order": [
        change_messages.form("delivery", ["A-1001"], "本日15:00", is_complete=False)
    ],
    "change_of_subscription_after_a_broken_promise": [
        change_messages.form("subscription", ["A-1001", "A-1002"], "", is_complete=False)
    ],
    "change_with_details": [change_messages.form("address", [], "本日15:00", is_complete=True)],
    "erasure_asked_for": [change_messages.erasure("本日15:00")],
    "erasure_after_a_broken_promise": [change_messages.erasure("")],
    "change_details_received": [change_messages.received("本日15:00")],
    "ticket_closed": [ticket_messages.ticket_closed()],
    "satisfaction_question": [satisfaction_messages.question(7)],
    "satisfaction_thanks": [satisfaction_messages.thanks(7, 5)],
    "satisfaction_sorry": [satisfaction_messages.thanks(7, 2)],
    "courtesy": [line.text(words.words().courtesy)],
}


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    assert_golden(GOLDEN, name, SHOWN[name])


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


@pytest.mark.parametrize("tag_count", [1, 5, 11, 12, 13, 30])
@pytest.mark.parametrize("tag", ["分類", "分" * 18])
def test_a_stock_of_any_size_fits_into_one_message(tag: str, tag_count: int) -> None:
    topics = {f"{tag}{n:02}": [Entry(n, "質" * 100) for n in range(200)] for n in range(tag_count)}
    assert_valid(faq_messages.topics(topics))


def test_a_page_of_any_titles_fits_into_one_message() -> None:
    assert_valid([faq_messages.topic_page("分" * 20, [Entry(n, "質" * 100) for n in range(200)], page=3)])


def test_a_page_that_is_not_there_is_said_so() -> None:
    assert faq_messages.topic_page("定期便", ENTRIES, page=99) == faq_messages.topic_page(
        "定期便", ENTRIES, page=1
    )


def test_the_shop_may_change_hours_and_words() -> None:
    try:
        shop.use({"support": {"hours": {"weekdays": "土日"}, "words": {"ticket_opened": "はい、ただいま！"}}})
        saturday = datetime(2026, 10, 3, 11, tzinfo=TOKYO)
        assert ticket_messages.ticket_opened(saturday, "明日12:00")["text"] == "はい、ただいま！"
    finally:
        shop.use({})


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("hours", "weekdays", "月曜"),
        ("hours", "opens", "25:00"),
        ("hours", "closes", "09:00"),
        ("words", "solved", "{x}"),
    ],
)
def test_what_cannot_be_is_refused_at_the_start(section: str, key: str, value: str) -> None:
    with pytest.raises(shop.ShopFileError, match=key):
        shop.use({"support": {section: {key: value}}})
