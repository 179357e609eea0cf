"""A campaign in a real browser in another time zone: from an idea to scheduled by keyboard, the same without scripts,
its progress, the question when it is late, and its result; both languages, both sizes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import localtime
from bot.db.database import write_transaction
from journeys.campaigns import campaigns as engine
from journeys.campaigns import tables
from journeys.campaigns.tables import Campaign, CampaignRecipient
from tests.browser.console_site import SMALL, enter, violations
from tests.browser.test_flows import PICTURES, WIDE, press, write
from tests.console.test_campaigns import a_campaign, on_its_way, put, scheduled, some_customers, the

ELSEWHERE = "America/New_York"


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The browser's zone is not the shop's."""
    return {**browser_context_args, "timezone_id": ELSEWHERE}


def check(page: Page, name: str) -> None:
    """No violation that axe finds, and nothing wider than the page at both sizes."""
    assert violations(page) == [], page.url
    for size in (SMALL, WIDE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (page.url, size)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"campaign-{name}-{size['width']}.png", full_page=True)


def in_english(page: Page) -> None:
    page.locator("details.me summary").click()
    page.get_by_role("button", name="English").click()


def test_from_an_idea_to_scheduled_by_keyboard(page: Page, site: str, faults: list[str]) -> None:
    some_customers(12)
    page.set_viewport_size(WIDE)
    enter(page, site, "owner")
    page.goto(f"{site}/campaigns")
    check(page, "none")
    page.get_by_role("link", name="キャンペーンを作る").focus()
    page.keyboard.press("Enter")
    press(page, "下書きを作る")
    expect(page.get_by_role("alert")).to_contain_text("か所を直してください")
    check(page, "new-wrong")
    write(page, "名前", "春の石けん")
    page.get_by_label("お知らせの種類").select_option("care")
    press(page, "下書きを作る")
    expect(page.get_by_role("heading", name="春の石けん")).to_be_visible()

    reach, phone = page.locator("#reach"), page.locator("#phone")
    expect(reach).to_contain_text("13人")  # with the customer of the waiting ticket
    write(page, "文", "{shop}から、春の石けんのご案内です。")
    expect(phone).to_contain_text("春の石けんのご案内です。")
    page.get_by_label("アクティブ").focus()
    page.keyboard.press("Space")
    expect(reach).to_contain_text("12人")
    expect(reach).to_contain_text("約8人")
    expect(reach).to_contain_text("¥24")
    page.locator("summary", has_text="お買い上げでしぼる").focus()
    page.keyboard.press("Enter")
    write(page, "ご注文の回数（以上）", "一回")
    expect(reach).to_contain_text("数えられません")
    expect(phone).to_contain_text("春の石けんのご案内です。")
    check(page, "editor")
    write(page, "ご注文の回数（以上）", "0")
    expect(reach).to_contain_text("12人")

    page.get_by_label("日時を決める").check()
    day = localtime.today() + timedelta(days=2)
    page.get_by_label("日時", exact=True).fill(f"{day}T10:30")
    press(page, "確認へ進む")
    expect(page.get_by_role("heading", name="送る前の確認")).to_be_visible()
    expect(page.locator(".in-a-sentence")).to_contain_text(
        "10:30、12人のお客様のうち約8人に「春の石けん」を送ります。費用は約¥24です。"
    )
    check(page, "confirm")
    page.get_by_role("link", name="戻って直す").click()
    expect(page.get_by_label("日時", exact=True)).to_have_value(f"{day}T10:30")
    press(page, "保存して、お名前を見る")
    expect(page.get_by_role("link", name="お客様 11")).to_be_visible()
    check(page, "people")
    page.go_back()
    press(page, "確認へ進む")
    press(page, "この内容で予約する")
    expect(page.locator("#progress")).to_contain_text("10:30に始まります")
    check(page, "scheduled")
    in_english(page)
    expect(page.locator("#progress")).to_contain_text("It begins on")
    check(page, "scheduled-en")
    [campaign] = Campaign.select()
    assert f"{localtime.local(campaign.scheduled_at):%Y-%m-%d %H:%M}" == f"{day} 10:30"
    faults[:] = [fault for fault in faults if "422" not in fault]


def test_without_scripts_everything_works_too(
    browser: Browser, browser_context_args: dict[str, Any], site: str
) -> None:
    some_customers(3)
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page, site, "owner")
    page.goto(f"{site}/campaigns/new")
    page.get_by_label("名前", exact=True).fill("お知らせ")
    page.get_by_label("お知らせの種類").select_option("care")
    page.get_by_role("button", name="下書きを作る").click()
    page.get_by_label("文", exact=True).fill("{shop}です。")
    page.get_by_role("button", name="見え方を確かめる").click()
    expect(page.locator("#phone .phone-bubble")).to_contain_text("です。")
    page.get_by_label("アクティブ").check()
    page.get_by_role("button", name="保存して、数え直す").click()
    expect(page.locator("#reach")).to_contain_text("3人")
    page.get_by_role("button", name="確認へ進む").click()
    page.get_by_role("button", name="いますぐ送る").click()
    expect(page.locator("#progress")).to_be_visible()
    expect(page.get_by_role("link", name="開き直す")).to_be_visible()
    context.close()


def test_its_progress_moves_by_itself_and_it_is_stopped(page: Page, site: str, faults: list[str]) -> None:
    campaign = on_its_way(8)
    enter(page, site, "owner")
    page.goto(f"{site}/campaigns/{campaign.id}")
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "6")
    waiting = CampaignRecipient.state == tables.WAITING
    CampaignRecipient.update(state=tables.SENT, settled_at=localtime.now()).where(waiting).execute()
    expect(bar).to_have_attribute("aria-valuenow", "8")
    check(page, "sending")
    press(page, "いったん止める")
    expect(page.get_by_role("heading", name="止まっています")).to_be_visible()
    check(page, "stopped")
    page.get_by_role("link", name="送りませんでした").click()
    expect(page.get_by_role("heading", name="送りませんでした", level=2)).to_be_visible()
    check(page, "recipients")
    page.go_back()
    press(page, "続きを送る")
    expect(page.get_by_role("button", name="いったん止める")).to_be_visible()
    put(campaign, state=tables.DONE, finished_at=localtime.now())
    expect(page.get_by_role("heading", name="終わりました")).to_be_visible()
    expect(page.get_by_role("heading", name="結果", exact=True)).to_be_visible()
    check(page, "done")
    in_english(page)
    check(page, "done-en")
    page.goto(f"{site}/campaigns")
    check(page, "list-en")


def test_failure_4_a_late_campaign_asks_and_takes_a_new_time(
    page: Page, site: str, faults: list[str]
) -> None:
    campaign = scheduled(a_campaign())
    put(
        campaign,
        state=tables.LATE,
        reason="outage",
        scheduled_at=localtime.now() - timedelta(hours=2, minutes=1),
    )
    enter(page, site, "owner")
    page.goto(f"{site}/campaigns/{campaign.id}")
    expect(
        page.get_by_role("heading", name="予定の時刻を2時間過ぎています。いま送りますか。")
    ).to_be_visible()
    check(page, "late")
    press(page, "この日時に送る")
    expect(page.get_by_role("alert")).to_contain_text("のように入れてください")
    check(page, "late-wrong")
    day = localtime.today() + timedelta(days=1)
    page.get_by_label("新しい日時").fill(f"{day}T11:00")
    press(page, "この日時に送る")
    expect(page.locator("#progress")).to_contain_text("11:00に始まります")
    assert f"{localtime.local(the(campaign).scheduled_at):%Y-%m-%d %H:%M}" == f"{day} 11:00"
    with write_transaction():
        assert engine.unschedule(the(campaign))
    faults[:] = [fault for fault in faults if "422" not in fault]
