"""The guided tour, walked in a browser: each step does or opens what it says, and ticks itself."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from demo.setup import Stage
from demo.tour.progress import FILE
from tests.browser.visitor import PATIENCE_MS, has_no_faults, hears, say, tap_score

QUESTION = "当社をご家族やお友達に勧める可能性はどれくらいありますか？"


@pytest.fixture
def tour(stage: Stage, phone: Page) -> Locator:
    """The tour at its first step, whatever other tests did in this shop."""
    (stage.folder / FILE).unlink()
    stage._progress.begin()
    phone.reload()
    return phone.get_by_role("region", name="ツアー")


def shows(tour: Locator, title: str, count: str) -> None:
    expect(tour.locator("strong")).to_contain_text(title, timeout=PATIENCE_MS)
    expect(tour.get_by_text(count, exact=True)).to_be_visible()


def test_the_tour_leads_through_customer_staff_and_owner(phone: Page, tour: Locator) -> None:
    chat = phone.get_by_role("log")
    shows(tour, "質問に答える", "0 / 8")
    hears(chat, QUESTION)
    has_no_faults(phone)
    tap_score(chat, 10)

    shows(tour, "買い物をする", "1 / 8")
    tour.get_by_role("button", name="石けんを買う").click()
    hears(chat, "はちみつ石けん")

    shows(tour, "不満を伝える", "2 / 8")
    tour.get_by_role("button", name="恵さんのトークをひらく").click()
    hears(chat, QUESTION)
    tap_score(chat, 2)
    hears(chat, "申し訳ありません")
    say(phone, "届いた箱がつぶれていました")

    shows(tour, "スタッフとして返事をする", "3 / 8")
    with phone.expect_popup() as opened:
        tour.get_by_role("link", name="スタッフの画面をひらく").click()
    desk = opened.value
    desk.get_by_role("link", name=re.compile("高橋 恵")).first.click()
    desk.get_by_placeholder("返信を書く").fill("すぐに新しいものをお送りします。")
    desk.get_by_role("button", name="送信").click()
    hears(chat, "すぐに新しいものをお送りします")

    shows(tour, "1週間すすめる", "4 / 8")
    tour.get_by_role("button", name="1週間すすめる").and_(tour.locator(".strong")).click()

    for number, title in ((5, "オーナーの朝"), (6, "数字を見る"), (7, "配信の費用を確かめる")):
        shows(tour, title, f"{number} / 8")
        with phone.expect_popup() as opened:
            tour.locator("a.strong").click()
        expect(opened.value.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
        opened.value.close()
        phone.bring_to_front()
    expect(tour).to_contain_text("おつかれさまでした", timeout=PATIENCE_MS)


def test_it_can_be_left_resumed_and_read_in_english(phone: Page, tour: Locator) -> None:
    tour.get_by_role("button", name="あとで").click()
    phone.reload()
    resume = tour.get_by_role("button", name="ツアーをつづける（0 / 8）")
    expect(resume).to_be_visible()
    resume.click()
    shows(tour, "質問に答える", "0 / 8")
    tour.get_by_role("button", name="English").click()
    shows(tour, "Answer the question", "0 / 8")
    tour.get_by_text("All steps").click()
    tour.get_by_role("button", name="Reply as staff（Not yet）").click()
    expect(tour.get_by_role("link", name="Open the console as staff")).to_be_visible()
    expect(phone.get_by_text("When the demo ends, all changes are discarded")).to_be_attached()
    has_no_faults(phone)


def test_on_a_narrow_screen_the_step_stands_above_the_phone(stage: Stage, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ja-JP", timezone_id="Asia/Tokyo"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{stage.platform.url}/phone")
    bar, device = page.locator("#tour-bar"), page.locator(".device")
    expect(bar).to_contain_text(re.compile("ツアー \\d/8："))
    bar_box, phone_box = bar.bounding_box(), device.bounding_box()
    assert bar_box and phone_box
    assert bar_box["y"] + bar_box["height"] <= phone_box["y"] + 0.5, "the hint does not cover the phone"
    assert phone_box["y"] + phone_box["height"] <= 844.5
    bar.get_by_role("button", name="くわしく").click()
    expect(page.get_by_role("region", name="ツアー").locator(".strong")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    has_no_faults(page)
    context.close()
