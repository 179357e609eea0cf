"""Chats of customers in an emergency, as staff see them in a browser: the most serious first, each marked."""

import os

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from bot import notices
from bot.db.database import write_transaction
from support.bad_moments import urgency
from support.tickets import tickets
from tests.browser.console_site import LARGE, SMALL, Server, enter, violations
from tests.console import chats


def waits(name: str, words: str, cause: str) -> tickets.Ticket:
    who = chats.customer(name)
    made = chats.ticket(who, minutes_ago=5)
    chats.wrote(who, words)
    with write_transaction():
        urgency.raise_urgency(made, cause)
    return made


@pytest.mark.parametrize("size", [LARGE, SMALL])
def test_the_most_serious_chat_is_first_and_marked(page: Page, server: Server, size: ViewportSize) -> None:
    waits("高橋 蓮", "もう二度と買いません", tickets.UPSET)
    waits("伊藤 葵", "届いた瓶が割れていました", tickets.DAMAGE)
    waits("渡辺 結衣", "子どもがキャップを飲み込みました", tickets.HARM)
    waits("中村 樹", "もう消えてしまいたい", tickets.DANGER)
    taken_back = waits("小林 陽菜", "やっぱりいいです", tickets.UPSET)
    with write_transaction():
        urgency.withdraw(taken_back, "やっぱりいいです")
        notices.notify("danger:1", "いのちにかかわる言葉がチャットに届きました（12:00）。")
    page.set_viewport_size(size)
    enter(page, server.address)

    page.goto(f"{server.address}/tickets")

    names = page.locator(".row-name").all_inner_texts()
    assert names[:4] == ["中村 樹", "渡辺 結衣", "高橋 蓮", "伊藤 葵"]
    rows = page.locator(".queue li:not(.queue-part)")
    expect(rows.nth(0)).to_contain_text("いのちの危険")
    expect(rows.nth(1)).to_contain_text("お体のこと")
    expect(rows.nth(3)).to_contain_text("商品の不具合")
    expect(page.get_by_text("いのちにかかわる言葉がチャットに届きました")).to_be_visible()
    assert violations(page) == []
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/queue-{size['width']}.png")

    page.goto(f"{server.address}/tickets?view=resolved")
    expect(page.locator(".queue li").first).to_contain_text("お客様が取り下げ")
