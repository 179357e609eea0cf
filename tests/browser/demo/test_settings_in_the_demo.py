"""The owner changes the greeting on its page, and the next customer's phone shows it within five seconds."""

import os
import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.config import settings as bot_settings
from bot.config import shop
from bot.db import database as bot_database
from commands.demo import MACHINERY, hire
from demo.setup import Stage, free_port
from tests.browser.visitor import PATIENCE_MS, a_new_person, has_no_faults, hears, open_chat

SECONDS = 5
GREETING = "{name}さん、春の{shop}へようこそ🌸\nごゆっくりどうぞ。"


@pytest.fixture
def own_demo() -> Iterator[Stage]:
    """A demo whose settings are kept in the console, with web, worker and clock as processes of their own."""
    before = bot_settings._current
    with (
        patch.dict(os.environ, SHOP_TOML=""),
        Stage(free_port(), free_port(), None, customer_count=10, hire=hire, machinery=MACHINERY) as running,
    ):
        yield running
    bot_database.close()
    shop.use({})
    bot_settings._current = before


def test_a_new_greeting_reaches_the_next_customer_within_five_seconds(
    own_demo: Stage, page: Page, browser: Browser
) -> None:
    desk = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo").new_page()
    desk.set_default_timeout(PATIENCE_MS)
    desk.goto(f"{own_demo.bot_url}/console/demo-sign-in/owner")
    desk.goto(f"{own_demo.bot_url}/console/settings?q=友だち追加のあいさつ")
    desk.get_by_role("link", name="友だち追加のあいさつ（お名前がわかるとき）").click()
    field = desk.get_by_label("友だち追加のあいさつ（お名前がわかるとき）", exact=True)
    field.fill(GREETING)
    shown = desk.get_by_role(
        "group", name="お客様の画面: 友だち追加のあいさつ（お名前がわかるとき）", exact=True
    )
    expect(shown).to_contain_text("佐藤さん、春のひだまり堂へようこそ🌸")
    has_no_faults(desk)

    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{own_demo.platform.url}/phone")
    a_new_person(page, "春野 みどり")
    page.get_by_role("button", name="友だちに追加").click()
    desk.get_by_role("button", name="保存する").click()
    expect(desk.get_by_text("保存しました。")).to_be_visible()
    time.sleep(SECONDS - 2)  # the rest is for the worker to answer
    page.get_by_role("dialog").get_by_role("button", name="友だちに追加").click()
    open_chat(page)
    hears(page.get_by_role("log"), "春野 みどりさん、春のひだまり堂へようこそ🌸")

    desk.goto(f"{own_demo.bot_url}/console/settings/versions")
    expect(desk.get_by_role("table")).to_contain_text("春の{shop}へようこそ")
    desk.get_by_role("link", name="この変更を元に戻す").click()
    desk.get_by_role("button", name="元に戻す").click()
    expect(desk.get_by_text("元に戻しました。")).to_be_visible()
    desk.goto(f"{own_demo.bot_url}/console/settings/subjects/greeting")
    expect(field).to_have_value("{name}さん、はじめまして！{shop}です🌿\n友だち追加、ありがとうございます。")
