"""Takes the pictures of docs/pictures from the running demo, with a short scene played in a browser. See
script/pictures.

`script/pictures console-figures phone` takes these alone. A page that answers with an error gets no picture.
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, Response, ViewportSize, sync_playwright

from commands.demo import MACHINERY, hire
from demo.setup import Stage, free_port
from demo.shop.people import CUSTOMER_COUNT
from script import browser
from tests.project_files import ROOT

PICTURES = ROOT / "docs" / "pictures"
QUIET = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
PHONES = {"phone-question", "phone", "phone-rank", "demo-tour"}
OVERVIEW = {"phone-question", "console-ticket"}
"""The pictures that the overview is composed of."""


class PageBroken(Exception):
    """The page answers with an error or reports one. The text says which."""


class Camera:
    """Opens pages and takes the pictures that are wanted; all when none is named."""

    def __init__(self, chromium: Browser, folder: Path, wanted: Sequence[str] = ()) -> None:
        self._chromium, self._folder = chromium, folder
        self._wanted = {*wanted, *(OVERVIEW if "overview" in wanted else ())}
        self._faults: dict[Page, list[str]] = {}
        self.known: list[str] = []
        self.taken: list[Path] = []

    def wants(self, names: set[str]) -> bool:
        """Whether one of these is to be taken."""
        return not self._wanted or bool(self._wanted & names)

    def wants_others(self, names: set[str]) -> bool:
        """Whether one besides these is to be taken."""
        return not self._wanted or bool(self._wanted - names - {"overview"})

    def page(self, width: int, height: int) -> Page:
        """A new visitor's page, whose errors are recorded from now on."""
        size: ViewportSize = {"width": width, "height": height}
        page = self._chromium.new_context(viewport=size, locale="ja-JP", timezone_id="Asia/Tokyo").new_page()
        faults = self._faults[page] = []

        def load_page(response: Response) -> None:
            if response.status >= 400:
                faults.append(f"{response.url} answers {response.status}")

        page.on("response", load_page)
        page.on("pageerror", lambda error: faults.append(f"a script fails: {error}"))
        return page

    def open(self, page: Page, address: str) -> None:
        """Go to a page whose picture is to be taken. A redirect, as to the sign-in, counts as an error."""
        self._faults[page].clear()
        page.goto(address)
        if urlsplit(page.url).path != urlsplit(address).path:
            self._faults[page].append(f"{address} leads to {page.url}")

    def take(self, page: Page, name: str) -> None:
        """Save the picture of what the page shows now. Raises PageBroken if it had an error since it was opened."""
        self.known.append(name)
        if not self.wants({name}):
            return
        if faults := self._faults[page]:
            raise PageBroken(f"No picture {name} is taken: {'; '.join(faults)}.")
        path = self._folder / f"{name}.png"
        page.screenshot(path=path)
        self.taken.append(path)


def take(folder: Path, wanted: Sequence[str] = (), *, customer_count: int = CUSTOMER_COUNT) -> Camera:
    """Play the scene and save the files."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        Stage(
            free_port(), free_port(), None, customer_count=customer_count, hire=hire, machinery=MACHINERY
        ) as stage,
        sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(
            executable_path=browser.find(),
            args=[*QUIET, *(("--no-sandbox",) if os.geteuid() == 0 else ())],
        )
        camera = Camera(chromium, folder, wanted)
        _detractor(camera, stage.platform.url)
        if camera.wants(PHONES):
            _phone(camera, stage.platform.url)
        if camera.wants_others(PHONES):
            _console(camera, stage.bot_url)
    for path in camera.taken:
        Image.open(path).convert("RGB").quantize(256).save(path, optimize=True)
    if camera.wants({"overview"}):
        _overview(folder)
    return camera


def _detractor(camera: Camera, url: str) -> None:
    """Give staff a chat to reply in."""
    phone = camera.page(1280, 800)
    phone.goto(f"{url}/phone")
    phone.get_by_label("お客さま", exact=True).get_by_role("button", name="高橋 恵").click()
    phone.locator("#screen").get_by_text("ひだまり堂").first.click()
    log = phone.get_by_role("log")
    log.get_by_role("button", name="3", exact=True).click()
    log.get_by_text("申し訳ありません").wait_for()
    _say(phone, "届いた箱がつぶれていました")
    log.get_by_text("担当者に伝えました").first.wait_for()
    _say(phone, "贈り物だったので、困っています")
    phone.context.close()


def _say(phone: Page, words: str) -> None:
    phone.get_by_placeholder("メッセージを入力").fill(words)
    phone.keyboard.press("Enter")
    phone.locator(".mine").get_by_text(words, exact=True).wait_for()
    phone.wait_for_timeout(800)  # the reply


def _phone(camera: Camera, url: str) -> None:
    phone = camera.page(390, 844)
    camera.open(phone, f"{url}/phone")
    log = phone.get_by_role("log")
    log.get_by_role("button", name="10", exact=True).last.wait_for()
    beside = camera.page(1280, 860)
    camera.open(beside, f"{url}/phone")
    beside.get_by_role("region", name="ツアー").wait_for()
    beside.wait_for_timeout(1500)
    camera.take(beside, "demo-tour")
    for own in (".panel-open", "#tour-bar"):  # the demo's own, which are not on a customer's phone
        phone.locator(own).evaluate("node => node.remove()")
    log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
    phone.wait_for_timeout(400)
    camera.take(phone, "phone-question")
    log.get_by_role("button", name="10", exact=True).last.click()
    phone.get_by_text("あなたの紹介コード").wait_for()
    phone.wait_for_timeout(1500)
    phone.get_by_role("button", name="メニュー", exact=True).click()  # folded, to show the cards
    log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
    phone.wait_for_timeout(400)
    camera.take(phone, "phone")
    _say(phone, "ランク")
    phone.get_by_text("あなたのランク").last.wait_for()
    phone.wait_for_timeout(800)
    camera.take(phone, "phone-rank")


def _console(camera: Camera, url: str) -> None:
    desk = camera.page(1280, 800)
    desk.goto(f"{url}/console/demo-sign-in/owner?next=/console/tickets")
    desk.get_by_role("link", name=re.compile("高橋 恵")).click()
    desk.get_by_placeholder("返信を書く").fill(
        "お待たせしました。つぶれた箱でのお届けになり、申し訳ありません。"
    )
    desk.wait_for_timeout(600)
    camera.take(desk, "console-ticket")
    _try_ranks(camera, desk, url)
    menu = desk.locator(".menu-sheet a").evaluate_all("links => links.map((link) => link.pathname)")
    for place in [
        *menu,
        "/console/answers/figures",
        "/console/coupons",
        "/console/account",
        "/console/notifications",
        "/voices",
    ]:
        name = picture_of(place).removesuffix(".png")
        if camera.wants({name}):
            camera.open(desk, f"{url}{place}")
            desk.wait_for_timeout(400)
        camera.take(desk, name)
    if camera.wants({"console-flow"}):
        camera.open(desk, f"{url}/console/flows/after-purchase?step=anything-wrong")
        desk.wait_for_timeout(400)
    camera.take(desk, "console-flow")
    if camera.wants({"console-campaign"}):
        camera.open(desk, f"{url}/console/campaigns/1")
        desk.wait_for_timeout(400)
    camera.take(desk, "console-campaign")
    small = camera.page(390, 844)
    small.goto(f"{url}/console/demo-sign-in/staff")
    small.wait_for_timeout(400)
    camera.take(small, "console-phone")


def _try_ranks(camera: Camera, desk: Page, url: str) -> None:
    """Run a simulation, so that the page of simulations has one to show."""
    camera.open(desk, f"{url}/console/rank-trials")
    desk.get_by_label("アンバサダー · 関係性").fill("70")
    desk.get_by_role("button", name="試算する").click()
    desk.get_by_role("heading", name=re.compile("試算 #1")).wait_for()
    camera.take(desk, "console-rank-trial")


def picture_of(place: str) -> str:
    """The file with the picture of the page at that path: `console-faq-missing.png`."""
    return place.strip("/").replace("/", "-") + ".png"


def _overview(folder: Path) -> None:
    """The phone beside the console, for the top of the README."""
    phone, console = (
        Image.open(folder / name).convert("RGB") for name in ("phone-question.png", "console-ticket.png")
    )
    height, gap = 800, 24
    phone = phone.resize((round(phone.width * height / phone.height), height), Image.Resampling.LANCZOS)
    whole = Image.new("RGB", (phone.width + console.width + 3 * gap, height + 2 * gap), "#e9eceb")
    whole.paste(phone, (gap, gap))
    whole.paste(console, (phone.width + 2 * gap, gap))
    whole.quantize(256).save(folder / "overview.png", optimize=True)


def main() -> None:
    """Take the pictures that are named, or all."""
    wanted = [Path(name).name.removesuffix(".png") for name in sys.argv[1:]]
    try:
        camera = take(PICTURES, wanted)
    except PageBroken as broken:
        sys.exit(str(broken))
    known = {*camera.known, *PHONES, "overview"}
    if unknown := [name for name in wanted if name not in known]:
        sys.exit(f"There is no picture {', '.join(unknown)}. There are: {', '.join(sorted(known))}")


if __name__ == "__main__":
    main()
