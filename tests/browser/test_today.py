"""The morning page of a shop in trouble in a real browser: no axe violations, no overflow, links that work."""

from playwright.sync_api import Page

from console.auth.staff_accounts import Role
from tests.browser.console_site import LARGE, SMALL, Server, enter, violations
from tests.console import today_scene


def test_a_morning_with_everything_at_once(page: Page, server: Server) -> None:
    today_scene.a_shop_in_trouble()
    enter(page, server.address, Role.OWNER)
    for language in ("日本語", "English"):
        if language == "English":
            page.locator("details.me summary").click()
            page.get_by_role("button", name=language).click()
        page.goto(f"{server.address}/today")
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        for size in (SMALL, LARGE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert violations(page) == []
    page.locator("ol.to-dos > li > a").first.click()
    page.wait_for_url("**/tickets/*")
