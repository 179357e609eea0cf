"""Web push in a real browser: its service worker shows what the product sent; and alerts in an open tab.

The browser's own push service is on the internet. Here `PushManager.subscribe` gives a subscription of the strict one
of `tests/push_service.py`, which checks and decrypts what the product sends; the browser is then handed the plain text
where its push service would hand it, by DevTools, and its service worker is the product's own.
"""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from bot.web_push import keys
from bot.web_push.client import PushClient
from console.auth.push_devices import PushDevice
from console.notifications.sender import send_due
from support.tickets import tickets
from support.tickets.tickets import Ticket
from tests.browser.console_site import LARGE, SMALL, enter, violations
from tests.console import chats
from tests.push_service import PushService

SUBSCRIBED = """
(given) => {
  const plain = (text) => atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const decoded = (text) => Uint8Array.from(plain(text), (c) => c.charCodeAt(0));
  const make = (options) => ({
    endpoint: given.endpoint,
    options,
    getKey: (name) => decoded(name === "auth" ? given.secret : given.key).buffer,
    unsubscribe: async () => { localStorage.removeItem("stand-in"); return true; },
  });
  const key = () => decoded(given.server).buffer;
  PushManager.prototype.getSubscription = async () =>
    localStorage.getItem("stand-in") ? make({ applicationServerKey: key() }) : null;
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly) throw new Error("a push must be shown");
    if (options.applicationServerKey.length !== 65) throw new Error("no key");
    localStorage.setItem("stand-in", "yes");
    return make({ applicationServerKey: options.applicationServerKey.buffer });
  };
}
"""


@pytest.fixture
def service() -> Iterator[PushService]:
    made = PushService()
    yield made
    made.stop()


class Browser:
    """The service worker of the page's browser, by DevTools."""

    def __init__(self, page: Page, site: str) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._registrations: list[dict[str, Any]] = []
        self._page, self._site = page, site
        self._session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: self._registrations.extend(event["registrations"]),
        )
        self._session.send("ServiceWorker.enable")

    def push(self, payload: dict[str, Any]) -> None:
        """Hand the service worker a message, as the browser's push service would."""
        page = self._page
        for _ in range(50):
            if self._registrations:
                break
            page.wait_for_timeout(100)
        registration = self._registrations[-1]
        self._session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self._site.removesuffix("/console"),
                "registrationId": registration["registrationId"],
                "data": json.dumps(payload),
            },
        )

    def shown(self) -> list[dict[str, str]]:
        """The notifications that the service worker shows."""
        found: list[dict[str, str]] = self._page.evaluate(
            "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
            ".map(({ title, body, tag, data }) => ({ title, body, tag, address: data.address }))"
        )
        return found

    def shows(self, title: str, count: int = 1) -> None:
        """Wait until so many notifications with that title are shown. Playwright takes a promise for true."""
        until = time.monotonic() + 30
        while [each["title"] for each in self.shown()].count(title) != count:
            assert time.monotonic() < until, self.shown()
            self._page.wait_for_timeout(100)


def turned_on(page: Page, site: str, context: BrowserContext, service: PushService) -> Browser:
    """Somebody who takes web push on this device."""
    context.grant_permissions(["notifications"], origin=site.removesuffix("/console"))
    made = service.subscribe(keys.public_key())
    given = {
        "endpoint": made.endpoint,
        "key": made.browser_key,
        "secret": made.browser_secret,
        "server": keys.public_key(),
    }
    page.add_init_script(f"({SUBSCRIBED})({json.dumps(given)})")
    enter(page, site)
    page.goto(f"{site}/notifications")
    page.get_by_role("button", name="この端末で受け取る").click()
    expect(page.get_by_text("この端末で受け取っています。")).to_be_visible()
    return Browser(page, site)


def arrives(browser: Browser, service: PushService) -> None:
    """What the product sends goes through the push service to the browser."""
    before = len(service.received)
    send_due(PushClient())
    assert service.refusals == []
    for each in service.received[before:]:
        browser.push(each.payload)


def test_an_alert_reaches_the_service_worker_and_a_later_one_replaces_it(
    page: Page, site: str, context: BrowserContext, service: PushService, faults: list[str]
) -> None:
    browser = turned_on(page, site, context, service)
    assert PushDevice.select().count() == 1
    made = chats.ticket(chats.customer("小林 誠"), tickets.DANGER)
    arrives(browser, service)
    browser.shows("お急ぎのチャットが1件")
    alert = {
        "title": "お急ぎのチャットが1件",
        "body": "",
        "tag": f"chat-{made.id}",
        "address": f"{site}/tickets/{made.id}",
    }
    assert [each for each in browser.shown() if each["tag"] == alert["tag"]] == [alert]
    browser.push({"title": "二度め", "address": f"/console/tickets/{made.id}", "tag": alert["tag"]})
    browser.shows("二度め")
    assert len([each for each in browser.shown() if each["tag"] == alert["tag"]]) == 1


def test_a_notification_leads_nowhere_but_into_the_console(
    page: Page, site: str, context: BrowserContext, service: PushService
) -> None:
    browser = turned_on(page, site, context, service)
    for number, address in enumerate(("https://elsewhere.example/", "/phone", "javascript:alert(1)", 7)):
        browser.push({"title": "x", "address": address, "tag": f"t{number}"})
    browser.shows("x", 4)
    assert {each["address"] for each in browser.shown()} == {f"{site}/"}


def test_the_test_says_that_it_arrived_and_stopping_removes_the_device(
    page: Page, site: str, context: BrowserContext, service: PushService
) -> None:
    browser = turned_on(page, site, context, service)
    with page.expect_response(lambda response: response.url.endswith("/notifications/test")):
        page.get_by_role("button", name="テストの通知を送る").click()
    expect(page.get_by_text("テストを送っています…")).to_be_visible()
    arrives(browser, service)
    expect(page.locator("#test-words")).to_have_text("この端末に届きました。")
    page.get_by_role("button", name="この端末では受け取らない").click()
    expect(page.get_by_text("この端末では、まだ通知を受け取っていません。")).to_be_visible()
    assert PushDevice.select().count() == 0


def test_after_another_sign_in_the_same_persons_device_is_registered_again_and_nobody_elses(
    page: Page, site: str, context: BrowserContext, service: PushService
) -> None:
    turned_on(page, site, context, service)
    for role, count in (("owner", 0), ("staff", 1)):
        page.locator(".me summary").click()
        page.get_by_role("button", name="サインアウト").click()
        expect(page).to_have_url(f"{site}/sign-in")
        assert PushDevice.select().count() == 0
        enter(page, site, role)
        with page.expect_response(lambda response: "/notifications/new" in response.url):
            page.goto(f"{site}/tickets")
        page.wait_for_timeout(1_000)
        assert PushDevice.select().count() == count, role


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("delete window.PushManager", "このブラウザーはプッシュ通知に対応していません"),
        (
            "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })",
            "通知が「許可しない」になっています",
        ),
        (
            "Object.defineProperty(navigator, 'userAgent', { get: () => 'iPhone Safari' })",
            "先にこの画面をホーム画面に追加してください",
        ),
        (
            "Object.defineProperty(window, 'isSecureContext', { get: () => false })",
            "https://のアドレスで開かれていない",
        ),
    ],
)
def test_the_page_says_what_is_wrong(page: Page, site: str, script: str, words: str) -> None:
    page.add_init_script(script)
    enter(page, site)
    page.goto(f"{site}/notifications")
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="この端末で受け取る")).to_be_hidden()


def test_an_open_tab_shows_alerts_and_counts_on_its_icon(page: Page, site: str, faults: list[str]) -> None:
    page.set_viewport_size(SMALL)
    enter(page, site)
    page.goto(f"{site}/search")
    page.wait_for_function("sessionStorage.length > 0")
    made = chats.ticket(chats.customer("小林 誠"), tickets.DANGER)
    toast = page.get_by_role("link", name="お急ぎのチャットが1件")
    expect(toast).to_be_visible(timeout=15_000)
    assert "小林" not in page.locator("#toasts").inner_text()
    assert page.evaluate("document.querySelector('link[rel=icon]').href").startswith("data:image/png")
    assert violations(page) == []
    toast.click()
    expect(page).to_have_url(f"{site}/tickets/{made.id}")
    assert Ticket.get_by_id(made.id).state == tickets.WAITING


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits(page: Page, site: str, scheme: Any, service: PushService) -> None:
    page.emulate_media(color_scheme=scheme)
    enter(page, site)
    for size in (SMALL, LARGE):
        page.set_viewport_size(size)
        page.goto(f"{site}/notifications")
        page.get_by_role("button", name="この端末で受け取る").wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
