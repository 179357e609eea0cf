"""The phone page in a real browser: people follow, write, tap, share, block; the bot behind it answers each event."""

import datetime
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from demo.phone.controls import Controls, Product
from demo.phone.platform import Platform, create_platform
from tests.demo.conftest import SECRET, TOKEN, Shop
from tests.line_limits import assert_valid

SHARE = "https://line.me/R/share?text=https%3A%2F%2Fline.me%2FR%2FoaMessage%2F%2540goen%2F%3F%25E7%25B4%25B9%25E4%25BB%258BA1"


def chip(label: str) -> dict[str, Any]:
    return {"type": "action", "action": {"type": "message", "label": label, "text": label}}


def number(score: int) -> dict[str, Any]:
    return {
        "type": "box",
        "layout": "vertical",
        "action": {
            "type": "postback",
            "label": str(score),
            "data": f"s={score}",
            "displayText": f"{score}点",
        },
        "contents": [{"type": "text", "text": str(score), "align": "center"}],
    }


QUESTION = {
    "type": "flex",
    "altText": "ひとつだけ教えてください",
    "contents": {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [
                {"type": "text", "text": "<img src=x onerror=alert(1)>", "wrap": True},
                {"type": "box", "layout": "horizontal", "contents": [number(score) for score in (8, 9, 10)]},
                {"type": "button", "action": {"type": "uri", "label": "お友達に紹介", "uri": SHARE}},
            ],
        },
    },
}


@dataclass
class AnsweringShop:
    """Greets with quick replies, asks at アンケート, otherwise repeats what was written."""

    events: list[dict[str, Any]] = field(default_factory=list)
    shop: Shop | None = None

    def deliver(self, raw: bytes, _: dict[str, str]) -> int:
        for event in json.loads(raw)["events"]:
            self.events.append(event)
            if "replyToken" in event:
                threading.Thread(target=self.answer, args=[event], daemon=True).start()
        return 200

    def answer(self, event: dict[str, Any]) -> None:
        messages: list[dict[str, Any]]
        if event["type"] == "follow":
            messages = [{"type": "text", "text": "ようこそ", "quickReply": {"items": [chip("アンケート")]}}]
        elif event.get("message", {}).get("text") == "アンケート":
            messages = [QUESTION]
        else:
            messages = [{"type": "text", "text": f"{self.heard(event)}ですね"}]
        assert_valid(messages)
        assert self.shop is not None
        body = {"replyToken": event["replyToken"], "messages": messages}
        assert self.shop.call("POST", "/v2/bot/message/reply", body).status == 200

    @staticmethod
    def heard(event: dict[str, Any]) -> str:
        if event["type"] == "postback":
            return str(event["postback"]["data"])
        return str(event["message"].get("text", event["message"]["type"]))


@dataclass
class ShopClock:
    days: int = 0
    bought: list[tuple[str, str]] = field(default_factory=list)

    def now(self) -> datetime.datetime:
        return datetime.datetime(2026, 4, 1, 3, tzinfo=datetime.UTC) + datetime.timedelta(days=self.days)

    def travel(self, days: int) -> str:
        self.days += days
        return f"{days}日進みました。"

    def buy(self, user_id: str, product: str) -> str:
        if product == "gone":
            raise RuntimeError("売り切れです。")
        self.bought.append((user_id, product))
        return "お買い物を記録しました。"


@pytest.fixture
def answering() -> AnsweringShop:
    return AnsweringShop()


@pytest.fixture
def shop_clock() -> ShopClock:
    return ShopClock()


@pytest.fixture
def line(answering: AnsweringShop, shop_clock: ShopClock) -> Iterator[Platform]:
    controls = Controls(
        now=shop_clock.now,
        buy=shop_clock.buy,
        travel=shop_clock.travel,
        products=[Product("tea", "お茶", 2980), Product("gone", "限定の品", 5000)],
        console_links=[("スタッフとしてサインイン", "http://127.0.0.1:9/staff")],
        addresses=[("https://shop.example", "http://127.0.0.1:9")],
    )
    made = create_platform(
        channel_secret=SECRET,
        access_token=TOKEN,
        shop_name="ひだまり堂",
        deliver=answering.deliver,
        controls=controls,
    )
    with made:
        answering.shop = Shop(made.url)
        made.handset("山田 花子")
        made.handset("佐藤 健一")
        yield made


def open_phone(browser: Browser, line: Platform, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="ja-JP", timezone_id="Asia/Tokyo"
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Security Policy" in said.text else None)
    page.goto(f"{line.url}/phone")
    # The page asks which phone to show before it draws itself, and writes that into its address.
    page.wait_for_url("**#p=*")
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def phone(browser: Browser, line: Platform) -> Iterator[Page]:
    yield from open_phone(browser, line, 390, 844)


@pytest.fixture
def desk(browser: Browser, line: Platform) -> Iterator[Page]:
    yield from open_phone(browser, line, 1280, 800)


def follow(page: Page) -> None:
    page.get_by_role("button", name="友だちに追加").click()
    page.get_by_role("dialog").get_by_role("button", name="友だちに追加").click()
    expect(page.get_by_role("log").get_by_text("ようこそ")).to_be_visible()


def balloon(page: Page, words: str) -> Any:
    return page.get_by_role("log").locator(".balloon").filter(has_text=re.compile(f"^{re.escape(words)}$"))


def test_somebody_who_becomes_a_friend_in_the_chat_finds_room_to_write(phone: Page) -> None:
    phone.evaluate("location.hash += '&c=shop'")
    expect(phone.get_by_text("まだ友だちではありません。")).to_be_visible()
    follow(phone)
    height = phone.get_by_placeholder("メッセージを入力").evaluate("box => box.clientHeight")
    assert height > 30


def test_a_person_follows_taps_a_chip_and_a_number(phone: Page, answering: AnsweringShop) -> None:
    follow(phone)
    phone.get_by_role("group", name="返信の候補").get_by_role("button", name="アンケート").click()
    expect(balloon(phone, "アンケート")).to_be_visible()
    expect(phone.get_by_role("group", name="返信の候補")).to_be_hidden()
    expect(phone.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    phone.get_by_role("button", name="9", exact=True).click()
    expect(balloon(phone, "9点")).to_be_visible()
    expect(balloon(phone, "s=9ですね")).to_be_visible()
    expect(phone.get_by_text("既読").first).to_be_visible()
    assert answering.events[-1]["postback"] == {"data": "s=9"}


def test_a_person_writes_and_enter_waits_for_the_kanji(phone: Page) -> None:
    follow(phone)
    box = phone.get_by_role("textbox", name="メッセージ")
    box.fill("とうきょう")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "keyCode": 229})
    expect(box).to_have_value("とうきょう")
    box.press("Enter")
    expect(balloon(phone, "とうきょうですね")).to_be_visible()
    expect(box).to_have_value("")


def test_stickers_places_and_pictures_are_sent_and_unsent(
    phone: Page, answering: AnsweringShop, line: Platform
) -> None:
    follow(phone)
    phone.get_by_role("button", name="スタンプを選ぶ").click()
    phone.get_by_role("button", name="うれしい").click()
    expect(phone.get_by_role("img", name="スタンプ: うれしい")).to_be_visible()
    phone.get_by_role("button", name="写真や位置情報を送る").click()
    phone.get_by_role("button", name="位置情報", exact=True).click()
    phone.get_by_role("button", name="東京駅").click()
    expect(balloon(phone, "locationですね")).to_be_visible()
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="写真や位置情報を送る").click()
        phone.get_by_role("button", name="写真", exact=True).click()
    chooser.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG picture"})
    expect(balloon(phone, "imageですね")).to_be_visible()
    phone.get_by_role("button", name="メッセージのメニュー").last.click()
    phone.get_by_role("button", name="送信を取り消す").click()
    expect(phone.get_by_text("メッセージの送信を取り消しました")).to_be_visible()
    line.settle()
    assert answering.events[-1]["type"] == "unsend"


def test_a_person_blocks_and_comes_back(phone: Page, answering: AnsweringShop, line: Platform) -> None:
    follow(phone)
    phone.get_by_role("button", name="トークのメニュー").click()
    phone.get_by_role("button", name="ブロックする").click()
    phone.get_by_role("dialog").get_by_role("button", name="ブロックする").click()
    expect(phone.get_by_text("ブロックしています。")).to_be_visible()
    line.settle()
    assert answering.events[-1]["type"] == "unfollow"
    phone.get_by_role("button", name="ブロック解除").click()
    expect(phone.get_by_role("textbox", name="メッセージ")).to_be_visible()
    line.settle()
    assert answering.events[-1]["follow"] == {"isUnblocked": True}


def test_an_invitation_reaches_a_friend_and_waits_in_the_composer(desk: Page, line: Platform) -> None:
    follow(desk)
    box = desk.get_by_role("textbox", name="メッセージ")
    box.fill("アンケート")
    box.press("Enter")
    desk.get_by_role("button", name="お友達に紹介").click()
    desk.get_by_role("dialog").get_by_role("button", name="佐藤 健一").click()
    people = desk.get_by_role("complementary", name="お客さま")
    people.get_by_role("button", name="佐藤 健一").click()
    desk.get_by_role("button", name="山田 花子 https").click()
    desk.get_by_role("link", name=re.compile("oaMessage")).click()
    desk.get_by_role("dialog").get_by_role("button", name="友だちに追加").click()
    expect(box).to_have_value("紹介A1")
    expect(balloon(desk, "紹介A1")).to_have_count(0)
    desk.get_by_role("button", name="送信").click()
    expect(balloon(desk, "紹介A1ですね")).to_be_visible()


def test_a_new_customer_opens_a_link_from_a_qr_code(phone: Page) -> None:
    phone.get_by_role("button", name="紹介リンクを開く・人を増やす").click()
    phone.get_by_role("textbox", name="紹介リンク").fill(
        "https://line.me/R/oaMessage/%40goen/?%E7%B4%B9%E4%BB%8BB2"
    )
    phone.get_by_label("新しい人で開くとき").fill("新田 さくら")
    phone.get_by_role("button", name="開く", exact=True).click()
    phone.get_by_role("dialog").get_by_role("button", name="友だちに追加").click()
    expect(phone.get_by_role("textbox", name="メッセージ")).to_have_value("紹介B2")


def test_the_panel_travels_and_buys_and_says_what_failed(desk: Page, shop_clock: ShopClock) -> None:
    panel = desk.get_by_role("complementary", name="デモの操作")
    expect(panel.get_by_text("2026年4月1日")).to_be_visible()
    panel.get_by_role("button", name="＋1週間").click()
    expect(panel.get_by_text("7日進みました。")).to_be_visible()
    expect(panel.get_by_text("2026年4月8日")).to_be_visible()
    panel.get_by_role("button", name="買い物する").click()
    expect(panel.get_by_text("お買い物を記録しました。")).to_be_visible()
    assert [product for _, product in shop_clock.bought] == ["tea"]
    panel.get_by_label("山田 花子さんが買うもの").select_option("gone")
    panel.get_by_role("button", name="買い物する").click()
    expect(panel.get_by_text("売り切れです。")).to_be_visible()
    expect(panel.get_by_role("link", name="スタッフとしてサインイン")).to_have_attribute(
        "href", "http://127.0.0.1:9/staff"
    )


def test_on_a_narrow_screen_the_panel_is_a_sheet(phone: Page, shop_clock: ShopClock) -> None:
    opener = phone.get_by_role("button", name="買い物・時間")
    opener.click()
    panel = phone.get_by_role("complementary", name="デモの操作")
    expect(panel.get_by_role("button", name="買い物する")).to_be_visible()
    assert [each["id"] for each in Axe().run(phone).response["violations"]] == []
    panel.get_by_role("button", name="＋1週間").click()
    expect(phone.locator("#toast")).to_have_text("7日進みました。")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()
    assert shop_clock.days == 7


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_it_is_accessible(request: pytest.FixtureRequest, screen: str) -> None:
    page: Page = request.getfixturevalue(screen)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = [each["id"] for each in Axe().run(page).response["violations"]]
    follow(page)
    page.get_by_role("group", name="返信の候補").get_by_role("button", name="アンケート").click()
    expect(page.get_by_role("button", name="9", exact=True)).to_be_visible()
    results = Axe().run(page).response["violations"]
    found += [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in results]
    assert found == []


def test_pictures_of_the_public_address_come_from_this_machine(phone: Page, line: Platform) -> None:
    follow(phone)
    user_id = next(one.user_id for one in line.channel.people.all() if one.name == "山田 花子")
    urls = {
        "originalContentUrl": "https://shop.example/q/a.png",
        "previewImageUrl": "https://shop.example/q/a.png",
    }
    body = {"to": user_id, "messages": [{"type": "image", **urls}]}
    assert Shop(line.url).call("POST", "/v2/bot/message/push", body).status == 200
    expect(phone.get_by_role("img", name="画像を開く")).to_have_attribute("src", "http://127.0.0.1:9/q/a.png")


def test_a_page_left_open_survives_a_silence(phone: Page, line: Platform) -> None:
    follow(phone)
    assert line.url
    user_id = next(one.user_id for one in line.channel.people.all() if one.name == "山田 花子")
    time.sleep(0.3)
    Shop(line.url).push(user_id, "あとから")
    expect(balloon(phone, "あとから")).to_be_visible(timeout=10_000)  # before the page asks again
