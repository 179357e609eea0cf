"""The second factor in a real browser: set-up by keyboard, sign-in with it, also without scripts; checked by axe."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot import localtime
from bot.db.database import write_transaction
from console.auth import second_factor, staff_accounts
from tests.browser.console_site import LARGE, SMALL, enter, violations
from tests.console import chats


def fits(page: Page) -> None:
    """No axe violations, no overflow."""
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("メールアドレス").fill("staff@example.jp")
    page.get_by_label("パスワード").fill(chats.PASSWORD)
    page.get_by_label("パスワード").press("Enter")


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_the_second_factor_is_set_up_and_asked_for_at_sign_in(
    page: Page, site: str, faults: list[str], size: Any
) -> None:
    page.set_viewport_size(size)
    enter(page, site)
    page.goto(f"{site}/account")
    page.get_by_role("button", name="設定をはじめる").press("Enter")
    page.get_by_role("button", name="続ける").press(
        "Enter"
    )  # the demo's people have no passwords to confirm with
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    box = page.get_by_label("認証アプリに出ている6桁のコード")
    box.fill("000000" if app.now() != "000000" else "111111")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(box).to_be_focused()
    fits(page)
    box.fill(app.now())
    box.press("Enter")
    expect(page.get_by_text("2段階認証がオンになりました。")).to_be_visible()
    recovery = page.locator(".recovery-codes li").first.inner_text()
    fits(page)
    page.get_by_role("link", name="控えました").click()
    expect(page.get_by_text("残りの予備コードは10個です。")).to_be_visible()
    fits(page)
    page.context.clear_cookies()
    sign_in(page, site)
    expect(box).to_be_focused()
    box.press("Enter")
    assert page.url.endswith("/sign-in/code"), "a code is required"
    page.get_by_text("認証アプリが使えないとき").click()
    recovery_box = page.get_by_label("予備コード（16文字）")
    recovery_box.fill("aaaa-aaaa-aaaa-aaaa")
    recovery_box.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(recovery_box).to_be_focused()
    fits(page)
    recovery_box.fill(recovery)
    recovery_box.press("Enter")
    expect(page.get_by_text("残りは9個です。")).to_be_visible()
    faults[:] = [fault for fault in faults if "422" not in fault]


def test_the_second_factor_works_without_scripts(browser: Any, browser_context_args: Any, site: str) -> None:
    me = staff_accounts.find("staff@example.jp")
    assert me
    with localtime.fixed(localtime.now() - timedelta(minutes=5)), write_transaction():
        second_factor.begin(me)
        shown = second_factor.to_confirm(me)
        assert shown
        app = pyotp.TOTP(shown.secret)
        assert second_factor.confirm(me, app.at(localtime.now()))
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    page.get_by_label("認証アプリに出ている6桁のコード").fill(app.now())
    page.keyboard.press("Enter")
    expect(page.get_by_text("一覧からチャットを選んでください。")).to_be_visible()
    context.close()
