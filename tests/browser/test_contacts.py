"""The queue of individual contact worked through by staff in a real browser: written, snoozed, ended; both languages,
large and small screens, by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from bot.queue.inbox import InboxEvent
from journeys.contacts.tables import Contact
from tests.browser.console_site import SMALL, enter, violations
from tests.console.contact_scene import TEXT, a_queue

LARGE: ViewportSize = {"width": 1280, "height": 820}
NAMES = {1: "渡辺 久美子", 2: "小川 健", 3: "中島 はるか"}


@pytest.fixture
def queue(server: Any) -> list[Contact]:
    return a_queue()


def assert_well_made(page: Page) -> None:
    """No accessibility violations, and nothing runs over the side."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "390"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_staff_work_through_the_queue(
    page: Page, site: str, queue: list[Contact], faults: list[str], language: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.set_default_timeout(8_000)
    enter(page, site)
    page.goto(f"{site}/contacts")
    if language == "en":
        page.locator(".me summary").click()
        page.get_by_role("button", name="English").click()
    words = WORDS[language]
    cards = page.get_by_role("article")
    expect(cards).to_have_count(3)
    expect(cards.first).to_contain_text(words["why"])
    assert_well_made(page)

    cards.first.get_by_role("textbox").fill(TEXT)
    cards.first.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_text(words["done"])).to_be_visible()
    expect(cards).to_have_count(2)

    cards.first.get_by_label(words["later"]).select_option("7")
    cards.first.get_by_role("button", name=words["snooze"]).click()
    expect(cards).to_have_count(1)

    cards.first.get_by_label(words["why_not"]).select_option("gift")
    cards.first.get_by_role("button", name=words["end"]).click()
    expect(cards).to_have_count(0)
    expect(page.get_by_role("row", name=NAMES[1])).to_be_visible()
    assert_well_made(page)

    page.get_by_role("link", name=words["history"]).click()
    expect(page.get_by_role("row", name=NAMES[1])).to_be_visible()
    assert_well_made(page)
    states = {row.customer.display_name: row.state for row in Contact.select()}
    assert states == {NAMES[1]: "sending", NAMES[2]: "due", NAMES[3]: "not-needed"}
    assert InboxEvent.select().where(InboxEvent.source == "contact.send_requested").count() == 1


WORDS = {
    "ja": {
        "why": "最後のお買い物から34日。",
        "send": "送信する",
        "done": "へのメッセージを受け付けました",
        "later": "また出す日",
        "snooze": "後回し",
        "why_not": "連絡しない理由",
        "end": "連絡しない",
        "history": "これまでの連絡",
    },
    "en": {
        "why": "Last order 34 days ago.",
        "send": "Send",
        "done": "was taken.",
        "later": "Show again",
        "snooze": "Snooze",
        "why_not": "Why not",
        "end": "Not needed",
        "history": "History",
    },
}


def test_a_message_is_written_by_keyboard_alone(page: Page, site: str, queue: list[Contact]) -> None:
    page.set_viewport_size(LARGE)
    page.set_default_timeout(8_000)
    enter(page, site)
    page.goto(f"{site}/contacts")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == f"text-{queue[0].id}":
            break
    page.keyboard.press("Control+A")
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("へのメッセージを受け付けました")).to_be_visible()
    assert Contact.get_by_id(queue[0].id).text == TEXT
