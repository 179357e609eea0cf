"""The pictures of docs/pictures, from the running demo: a short scene is played in a browser. See script/pictures."""

import os
import re
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from commands.demo import hire
from demo.sample_shop import CUSTOMER_COUNT
from demo.stage import Stage, free_port
from script import browser
from tests.project_files import ROOT

PICTURES = ROOT / "docs" / "pictures"
QUIET = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")


def take() -> None:
    """Play the scene and write the files."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        Stage(free_port(), free_port(), None, customer_count=CUSTOMER_COUNT, hire=hire) as stage,
        sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(
            executable_path=browser.find(),
            args=[*QUIET, *(("--no-sandbox",) if os.geteuid() == 0 else ())],
        )

        def page(width: int, height: int) -> Page:
            size: ViewportSize = {"width": width, "height": height}
            return chromium.new_context(viewport=size, locale="ja-JP", timezone_id="Asia/Tokyo").new_page()

        _detractor(page, stage.platform.url)
        _phone(page, stage.platform.url)
        _console(page, stage.bot_url)
    _overview()


def _detractor(page: Callable[[int, int], Page], url: str) -> None:
    """Gives the staff a chat to answer."""
    phone = page(1280, 800)
    phone.goto(f"{url}/phone")
    phone.get_by_label("お客さま", exact=True).get_by_role("button", name="高橋 恵").click()
    phone.locator("#screen").get_by_text("ひだまり堂").first.click()
    log = phone.get_by_role("log")
    log.get_by_role("button", name="3", exact=True).click()
    log.get_by_text("申し訳ありません").wait_for()
    _say(phone, "届いた箱がつぶれていました")
    log.get_by_role("button", name="スタッフと話す").last.click()
    log.get_by_text("スタッフにおつなぎ").or_(log.get_by_text("スタッフにお伝え")).first.wait_for()
    _say(phone, "贈り物だったので、困っています")
    phone.context.close()


def _say(phone: Page, words: str) -> None:
    phone.get_by_placeholder("メッセージを入力").fill(words)
    phone.keyboard.press("Enter")
    phone.locator(".mine").get_by_text(words, exact=True).wait_for()
    phone.wait_for_timeout(800)  # the answer


def _phone(page: Callable[[int, int], Page], url: str) -> None:
    phone = page(390, 844)
    phone.goto(f"{url}/phone")
    phone.get_by_text("ひだまり堂").first.click()
    phone.get_by_role("button", name="10", exact=True).first.click()
    phone.get_by_text("あなたの紹介コード").wait_for()
    phone.wait_for_timeout(1500)
    # The demo's own button, which is not on a customer's phone.
    phone.locator(".panel-open").evaluate("button => button.remove()")
    log = phone.get_by_role("log")
    log.evaluate("log => { log.scrollTop = 0; }")
    phone.wait_for_timeout(400)
    phone.screenshot(path=PICTURES / "phone-question.png")
    phone.get_by_role("button", name="メニュー", exact=True).click()  # folds it, for the sake of the cards
    log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
    phone.wait_for_timeout(400)
    phone.screenshot(path=PICTURES / "phone.png")
    _say(phone, "ランク")
    phone.get_by_text("あなたのランク").last.wait_for()
    phone.wait_for_timeout(800)
    phone.screenshot(path=PICTURES / "phone-rank.png")


def _console(page: Callable[[int, int], Page], url: str) -> None:
    desk = page(1280, 800)
    desk.goto(f"{url}/console/demo-sign-in/owner")
    desk.get_by_role("link", name=re.compile("高橋 恵")).click()
    desk.get_by_placeholder("返信を書く").fill(
        "お待たせしました。つぶれた箱でのお届けになり、申し訳ありません。"
    )
    desk.wait_for_timeout(600)
    desk.screenshot(path=PICTURES / "console-ticket.png")
    _try_ranks(desk, url)
    menu = desk.locator(".menu-sheet a").evaluate_all("links => links.map((link) => link.pathname)")
    for place in [*menu, "/console/answers/figures", "/console/coupons", "/console/account", "/voices"]:
        desk.goto(f"{url}{place}")
        desk.wait_for_timeout(400)
        desk.screenshot(path=PICTURES / picture_of(place))
    small = page(390, 844)
    small.goto(f"{url}/console/demo-sign-in/staff")
    small.wait_for_timeout(400)
    small.screenshot(path=PICTURES / "console-phone.png")


def _try_ranks(desk: Page, url: str) -> None:
    """So that the page of trials has one to show."""
    desk.goto(f"{url}/console/rank-trials")
    desk.get_by_label("アンバサダー · 関係性").fill("45")
    desk.get_by_role("button", name="試算する").click()
    desk.get_by_role("heading", name=re.compile("試算 #1")).wait_for()
    desk.screenshot(path=PICTURES / "console-rank-trial.png")


def picture_of(place: str) -> str:
    """The file with the picture of the page at that path: `console-faq-missing.png`."""
    return place.strip("/").replace("/", "-") + ".png"


def _overview() -> None:
    """The phone beside the console, for the top of the README."""
    phone, console = (
        Image.open(PICTURES / name).convert("RGB") for name in ("phone-question.png", "console-ticket.png")
    )
    height, gap = 800, 24
    phone = phone.resize((round(phone.width * height / phone.height), height), Image.Resampling.LANCZOS)
    whole = Image.new("RGB", (phone.width + console.width + 3 * gap, height + 2 * gap), "#e9eceb")
    whole.paste(phone, (gap, gap))
    whole.paste(console, (phone.width + 2 * gap, gap))
    whole.quantize(256).save(PICTURES / "overview.png", optimize=True)
    for path in PICTURES.glob("*.png"):
        if path.name != "overview.png":
            Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    take()
