"""The page that asks for the password again, in a real browser: by keyboard, without scripts, checked by axe."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from console.auth import second_factor, staff_accounts
from console.auth.staff_accounts import Staff
from customers.api import keys
from tests.browser.console_site import LARGE, SMALL, enter, violations
from tests.console import chats

PICTURES = os.environ.get("PICTURES_OF_TESTS")
"""A folder for screenshots of what the tests see, if wanted."""


@pytest.fixture
def real_shop(server: object) -> None:
    """Not the demo, so that people have passwords."""
    settings.use(settings.current().model_copy(update={"demo_dir": None}))
    with write_transaction():
        if staff_accounts.find("owner@example.jp") is None:
            staff_accounts.add("owner@example.jp", "鈴木 一郎", "owner", chats.PASSWORD)


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("メールアドレス").fill("owner@example.jp")
    page.get_by_label("パスワード").fill(chats.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today*")


def check_page(page: Page, name: str) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png")  # type: ignore[index]


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_an_api_key_is_made_after_the_password(
    page: Page, site: str, real_shop: None, faults: list[str], size: Any
) -> None:
    page.set_viewport_size(size)
    sign_in(page, site)
    page.goto(f"{site}/api-keys")
    page.get_by_label("名前（どのシステムのものか）").fill("お店のシステム")
    page.get_by_role("button", name="キーを作る").click()
    box = page.get_by_label("いまのパスワード")
    expect(box).to_be_focused()
    check_page(page, "confirm")
    box.fill("wrong password")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("いまのパスワードが違います。")
    expect(box).to_be_focused()
    check_page(page, "confirm-wrong")
    box.fill(chats.PASSWORD)
    box.press("Enter")
    expect(page.get_by_role("heading", name="新しいキーができました")).to_be_visible()
    assert [key.name for key in keys.all_keys()] == ["お店のシステム"]
    faults[:] = [fault for fault in faults if "422" not in fault]


def test_with_a_second_factor_and_without_scripts(
    browser: Any, browser_context_args: Any, site: str, real_shop: None
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    owner = Staff.get(Staff.email == "owner@example.jp")
    with localtime.fixed(localtime.now() - timedelta(minutes=5)), write_transaction():
        second_factor.begin(owner)
        shown = second_factor.to_confirm(owner)
        assert shown

        app = pyotp.TOTP(shown.secret)
        assert second_factor.confirm(owner, app.at(localtime.now()))
    page.goto(f"{site}/account")
    page.locator("summary", has_text="2段階認証をオフにする").click()
    page.get_by_role("button", name="はい、2段階認証をオフにする").click()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "confirm-with-code.png")
    page.get_by_label("いまのパスワード").fill(chats.PASSWORD)
    page.get_by_label("認証アプリの6桁のコード、または予備コード").fill(app.now())
    page.keyboard.press("Enter")
    expect(page.get_by_text("2段階認証をオフにしました。")).to_be_visible()
    assert not second_factor.is_on(owner)
    context.close()


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_in_the_demo_it_is_a_button(page: Page, site: str, faults: list[str], size: Any) -> None:
    page.set_viewport_size(size)
    enter(page, site, "owner")
    page.goto(f"{site}/staff")
    page.get_by_label("お名前").fill("田中 みお")
    page.get_by_label("権限").select_option("owner")
    page.get_by_role("button", name="招待のリンクを作る").click()
    check_page(page, "confirm-demo")
    page.get_by_role("button", name="続ける").press("Enter")
    expect(page.get_by_role("heading", name="招待のリンクができました")).to_be_visible()
    page.goto(f"{site}/account")
    check_page(page, "account")
