"""The demo as a visitor plays it: the real processes, the phone page and the console, in a real browser.

A promoter is asked two weeks after buying and brings a friend; a passive says what is missing; a detractor is handed to
staff and answered.
"""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from commands.demo import hire
from demo.stage import Stage, free_port

PATIENCE_MS = 15_000
QUESTION = "当社をご家族やお友達に勧める可能性はどれくらいありますか？"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The demo with a small shop, all its processes running."""
    with Stage(free_port(), free_port(), None, customer_count=30, hire=hire) as running:
        yield running


@pytest.fixture
def phone(stage: Stage, page: Page) -> Iterator[Page]:
    """The phone page; what the browser complains of fails the test."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{stage.platform.url}/phone")
    yield page
    assert complaints == []


def a_new_friend(phone: Page, name: str) -> Locator:
    """A new person on the page who adds the shop; the chat's messages."""
    phone.get_by_role("button", name="新しいお客さま").click()
    phone.get_by_label("名前", exact=True).fill(name)
    phone.get_by_role("button", name="作る").click()
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


def tap_score(chat: Locator, score: int) -> None:
    chat.get_by_role("button", name=str(score), exact=True).last.click()


def test_a_promoter_is_asked_after_two_weeks_thanked_and_brings_a_friend(phone: Page) -> None:
    chat = a_new_friend(phone, "青木 みどり")
    buy(phone)
    hears(chat, "お買い上げありがとうございます")
    for _ in range(2):
        phone.get_by_role("button", name="＋1週間").click()
        expect(phone.get_by_role("button", name="＋1週間")).to_be_enabled(timeout=60_000)
    hears(chat, QUESTION)
    tap_score(chat, 10)
    hears(chat, "10点！うれしいです")
    hears(chat, "20ポイントをお贈りしました")
    qr = chat.locator("img[src*='/q/']")
    expect(qr).to_be_visible()
    assert qr.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 100
    faults = Axe().run(phone, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert faults.violations_count == 0, faults.generate_report()

    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", chat.inner_text())
    assert code
    friend = a_new_friend(phone, "青木 ひかり")
    say(phone, f"紹介コード {code[0]} です")
    hears(friend, "ご紹介で来てくださったんですね")
    buy(phone)
    hears(friend, "ご紹介でのはじめてのお買い物のお礼に、200ポイント")
    phone.get_by_label("お客さま", exact=True).get_by_text("青木 みどり").click()
    open_chat(phone)
    hears(phone.get_by_role("log"), "ご紹介のお友達が、はじめてのお買い物をしてくださいました")


def test_a_passive_says_what_is_missing(phone: Page) -> None:
    chat = a_new_friend(phone, "上田 湊")
    say(phone, "アンケート")
    hears(chat, QUESTION)
    tap_score(chat, 8)
    hears(chat, "「10点」になりそうですか")
    say(phone, "香りが選べたらうれしいです")
    hears(chat, "聞かせてくださってありがとうございます")


def test_a_detractor_is_handed_to_staff_and_answered(stage: Stage, phone: Page, browser: Browser) -> None:
    chat = a_new_friend(phone, "江口 蓮")
    say(phone, "アンケート")
    hears(chat, QUESTION)
    tap_score(chat, 2)
    hears(chat, "申し訳ありません")
    say(phone, "届いた箱がつぶれていました")
    hears(chat, "届いた商品が壊れていました")
    chat.get_by_role("button", name="スタッフと話す").last.click()
    hears(chat, "スタッフに")
    say(phone, "贈り物だったので困っています")

    desk = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo").new_page()
    desk.set_default_timeout(PATIENCE_MS)
    desk.goto(f"{stage.bot_url}/console/demo-sign-in/staff")
    desk.get_by_role("link", name=re.compile("江口 蓮")).click()
    expect(desk.get_by_text("贈り物だったので困っています").first).to_be_visible()
    desk.get_by_placeholder("返信を書く").fill("申し訳ありません。すぐに新しいものをお送りします。")
    desk.get_by_role("button", name="送信").click()
    hears(chat, "すぐに新しいものをお送りします")

    desk.goto(f"{stage.bot_url}/console/demo-sign-in/owner?next=/console/figures")
    expect(desk.get_by_role("heading", name="お店の数字")).to_be_visible()
    expect(desk.get_by_text("支持者100人への道")).to_be_visible()
    desk.context.close()
