"""The desk in a real browser: what reaches a customer asks for confirmation, and the page keeps its scroll
position."""

from playwright.sync_api import Page, expect

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from support.tickets import tickets
from support.tickets.tickets import Ticket
from tests.browser.console_site import SMALL, enter


def resolutions() -> int:
    return int(InboxEvent.select().where(InboxEvent.source == "ticket.resolve_requested").count())


def test_ending_a_chat_is_asked_first_and_says_that_somebody_waits(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    page.goto(f"{site}/tickets/{Ticket.get().id}")
    done = page.locator(".chat-actions").get_by_role("button", name="対応済みにする")
    ask = page.get_by_role("dialog", name="対応済みにしますか？")
    done.click()
    expect(ask).to_contain_text("お客様は、まだお返事を待っています。")
    ask.get_by_role("button", name="やめる").click()
    expect(done).to_be_focused()
    assert resolutions() == 0
    done.click()
    ask.get_by_role("button", name="対応済みにする").click()
    expect(page.get_by_text("山田 花子さんのチャットを対応済みにしました。")).to_be_visible()
    assert resolutions() == 1


def test_the_ticket_sidebar_is_refreshed_with_the_chat(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    ticket = Ticket.get()
    page.goto(f"{site}/tickets/{ticket.id}")
    state = page.locator("#ticket-state")
    expect(state).to_contain_text("お返事を待っています")
    with write_transaction():
        tickets.record_staff_answer(ticket.id, 1)
    expect(state).to_contain_text("スタッフが対応しています")
    page.locator(".chat-actions").get_by_role("button", name="対応済みにする").click()
    expect(page.get_by_text("お客様は、まだお返事を待っています。")).to_be_hidden()


def test_adding_a_tag_keeps_the_scroll_position(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(f"{site}/tickets/{Ticket.get().id}")
    page.get_by_label("タグ", exact=True).fill("返品")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="タグ「返品」を外す")).to_be_attached()
    expect(page.get_by_role("link", name="ひだまり堂")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.scrollingElement.scrollTop") == 0


def test_the_faq_shows_its_figures_on_a_phone(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    page.set_viewport_size(SMALL)
    page.goto(f"{site}/faq")
    expect(page.locator(".faq-table td[data-label]").nth(3)).to_be_in_viewport(ratio=1)
