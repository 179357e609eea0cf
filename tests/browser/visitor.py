"""Actions of a visitor of the demo, for the tests that play it in a browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from demo.setup import Stage

PATIENCE_MS = 60_000


def a_new_person(phone: Page, name: str) -> None:
    phone.get_by_role("button", name="新しいお客さま").click()
    phone.get_by_label("名前", exact=True).fill(name)
    phone.get_by_role("button", name="作る").click()
    expect(phone.get_by_role("heading", name=f"{name}さんのトーク")).to_be_visible()


def take_the_phone_of(phone: Page, name: str) -> None:
    phone.get_by_label("お客さま", exact=True).get_by_role("button", name=name).click()


def a_new_friend(phone: Page, name: str) -> Locator:
    """Add a new person on the page, who adds the shop; the chat's messages."""
    a_new_person(phone, name)
    phone.get_by_role("button", name="友だちに追加").click()
    phone.get_by_role("dialog").get_by_role("button", name="友だちに追加").click()
    open_chat(phone)
    chat = phone.get_by_role("log")
    expect(chat).to_contain_text(f"{name}さん、はじめまして", timeout=PATIENCE_MS)
    return chat


def open_chat(phone: Page) -> None:
    phone.locator("#screen").get_by_text("ひだまり堂").first.click()


def say(phone: Page, words: str) -> None:
    phone.get_by_placeholder("メッセージを入力").fill(words)
    phone.keyboard.press("Enter")


def hears(chat: Locator, words: str) -> None:
    expect(chat).to_contain_text(words, timeout=PATIENCE_MS)


def buy(phone: Page) -> None:
    phone.get_by_role("button", name="買い物する").click()


def console(stage: Stage, browser: Browser, role: str, path: str) -> Page:
    """The console in another browser, signed in to by one click."""
    desk = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo").new_page()
    desk.set_default_timeout(PATIENCE_MS)
    desk.goto(f"{stage.bot_url}/console/demo-sign-in/{role}")
    desk.goto(f"{stage.bot_url}{path}")
    return desk


def tap_score(chat: Locator, score: int) -> None:
    chat.get_by_role("button", name=str(score), exact=True).last.click()


def has_no_faults(page: Page) -> None:
    """No axe violations."""
    faults = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert faults.violations_count == 0, faults.generate_report()
