"""A flow made from nothing in a real browser, by keyboard alone; the same without scripts; a long one stays quick."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from bot.db.database import write_transaction
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import ON
from tests.browser.console_site import SMALL, enter, violations

PICTURES = os.environ.get("PICTURES_OF_TESTS")
"""A folder for screenshots of what the tests see, if wanted."""
WIDE: ViewportSize = {"width": 1280, "height": 900}


def check_page(page: Page, name: str) -> None:
    """A page that test_every_page.py does not see in this state."""
    assert violations(page) == [], page.url
    fits(page, name)


def fits(page: Page, name: str) -> None:
    for size in (SMALL, WIDE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (page.url, size)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size['width']}.png", full_page=True)


def write(page: Page, label: str, words: str) -> None:
    """Reach the field by its label and type, as somebody with a keyboard does."""
    box = page.get_by_label(label, exact=True).locator("visible=true")
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_a_flow_from_nothing_by_keyboard(page: Page, site: str, faults: list[str]) -> None:
    page.set_viewport_size(WIDE)
    enter(page, site, "owner")
    page.goto(f"{site}/flows")
    fits(page, "flows")
    page.get_by_role("link", name="シナリオを作る").focus()
    page.keyboard.press("Enter")
    press(page, "下書きを作る")
    expect(page.get_by_role("alert")).to_contain_text("か所を直してください")
    check_page(page, "new-wrong")
    write(page, "名前", "はじめてのお買い物のあと")
    page.get_by_role("group", name="きっかけ").get_by_label("できごと").select_option("order")
    write(page, "何回目のご注文か", "1")
    press(page, "下書きを作る")
    expect(page.get_by_role("heading", name="はじめてのお買い物のあと")).to_be_visible()
    expect(page.get_by_text("はじめる前に直すところ")).to_be_visible()
    text = "{name}さん、はじめてのお買い物をありがとうございます！"
    write(page, "文", text)
    phone = page.locator("#phone")
    expect(phone).to_contain_text("佐藤さん、はじめてのお買い物をありがとうございます！")
    expect(page.locator("[data-left-of='f-text']")).to_have_text(f"あと{5000 - len(text):,}文字")
    page.locator("summary", has_text="ボタンとリンク").focus()
    page.keyboard.press("Enter")
    write(page, "ボタンの文字 1", "問題ない")
    write(page, "タグ・アドレス・言葉 1", "no-concern")
    expect(phone).to_contain_text("問題ない")
    check_page(page, "step")
    press(page, "下にステップを加える")
    expect(page.locator("#step-step-2 #step-form")).to_be_visible()
    write(page, "待つ日数", "七日")
    write(page, "文", "商品はいかがですか？")
    press(page, "下書きに保存")
    expect(page.get_by_role("alert")).to_contain_text("数字で入れてください")
    expect(page.get_by_label("文", exact=True)).to_have_value("商品はいかがですか？")
    check_page(page, "step-wrong")
    write(page, "待つ日数", "7")
    press(page, "下書きに保存")
    expect(page.locator(".flash")).to_have_text("下書きに保存しました。")
    expect(page.get_by_text("はじめる前に直すところ")).to_be_hidden()
    fits(page, "flow")
    press(page, "公開する")
    expect(page.locator(".flash")).to_have_text("公開しました。")
    page.get_by_role("link", name="はじめる", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("明日のきっかけから始まります。いまのお客さまには送りません。")).to_be_visible()
    expect(page.locator("#take-in")).to_contain_text("0人")
    fits(page, "on")
    write(page, "さかのぼる日数", "60")
    expect(page.locator("#take-in")).to_contain_text("この60日のあいだに")
    press(page, "はじめる")
    expect(page.get_by_text("配信中", exact=True)).to_be_visible()
    fits(page, "flow-on")
    assert stock.find("flow").state == ON  # type: ignore[union-attr]
    page.locator("summary", has_text="配信を止める").first.focus()
    faults[:] = [fault for fault in faults if "422" not in fault]


def test_without_scripts_everything_works_too(browser: Any, browser_context_args: Any, site: str) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page, site, "owner")
    page.goto(f"{site}/new-flow")
    page.get_by_label("名前", exact=True).fill("ようこそ")
    page.get_by_role("group", name="きっかけ").get_by_label("できごと").select_option("follow")
    page.get_by_role("button", name="下書きを作る").press("Enter")
    page.get_by_label("文", exact=True).fill("{shop}です。")
    page.get_by_role("button", name="見え方を確かめる").press("Enter")
    expect(page.locator("#phone .phone-bubble")).to_contain_text("です。")
    page.get_by_role("button", name="同じものを下に作る").press("Enter")
    expect(page.locator(".flow-steps > li")).to_have_count(2)
    page.locator("#step-form summary", has_text="消す").press("Enter")
    page.get_by_role("button", name="はい、消す").press("Enter")
    expect(page.locator(".flow-steps > li")).to_have_count(1)
    page.get_by_role("link", name="はじめる", exact=True).press("Enter")
    page.get_by_label("いまのお客さまのうち、条件に合う方も入れる").press(" ")
    page.get_by_role("button", name="はじめる", exact=True).press("Enter")
    expect(page.get_by_text("配信中", exact=True)).to_be_visible()
    context.close()


@pytest.mark.parametrize("step_count", [200])
def test_a_long_flow_stays_quick(page: Page, site: str, faults: list[str], step_count: int) -> None:
    steps = [
        {"key": f"s-{number}", "wait": {"days": 1, "at": "11:00"}, "text": f"{number}通目のお便りです。"}
        for number in range(step_count)
    ]
    values = {"key": "long", "name": "長いもの", "trigger": {"on": "follow"}, "step": steps}
    with write_transaction():
        stock.save_draft(None, FlowDefinition.model_validate(values))
    enter(page, site, "owner")
    page.goto(f"{site}/flows/long")
    took = []
    for number in range(3):
        page.goto(f"{site}/flows/long?step=s-{number * 50}#step-s-{number * 50}")
        expect(page.locator(f"#step-s-{number * 50} #step-form")).to_be_in_viewport()
        begun = time.process_time()  # the console's thread is in this process
        assert page.request.get(f"{site}/flows/long?step=s-{number * 50}").ok
        took.append(time.process_time() - begun)
    assert min(took) < 1.5, took  # 0.3 s alone
    fits(page, "long")
