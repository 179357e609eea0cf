"""Chats in a real browser: two people in one chat, replies sent without a connection, keyboard shortcuts, a phone."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from support.tickets import canned_replies, tickets
from support.tickets.tickets import Ticket
from support.transcript import search as transcript_search
from tests.browser.console_site import SMALL, Server, enter, violations
from tests.console import chats

GREETING = "山田 花子さま、ひだまり堂の佐藤 はなです。"


@pytest.fixture
def colleague(browser: Browser, browser_context_args: dict[str, Any], site: str) -> Iterator[Page]:
    """The owner, in another browser."""
    context: BrowserContext = browser.new_context(**browser_context_args)
    page = context.new_page()
    enter(page, site, "owner")
    yield page
    context.close()


@pytest.fixture
def canned_texts(server: Server) -> None:
    with write_transaction():
        canned_replies.keep("あいさつ", "{name}さま、{shop}の{staff}です。", None)
        canned_replies.keep("おわび", "申し訳ございません。", None)


def box(page: Page) -> Any:
    return page.get_by_label("返信", exact=True)


def open_chat(page: Page, site: str, ticket: Ticket | None = None) -> Ticket:
    found: Ticket = ticket or Ticket.get()
    page.goto(f"{site}/tickets/{found.id}")
    return found


def stored() -> list[str]:
    """The replies of staff that the server has stored."""
    rows = InboxEvent.select().where(InboxEvent.source == "staff.replied").order_by(InboxEvent.id)
    return [json.loads(row.body)["text"] for row in rows]


def test_two_people_see_each_other_and_do_not_reply_across_each_other(
    page: Page, colleague: Page, site: str
) -> None:
    enter(page, site)
    open_chat(page, site)
    box(page).fill("確認いたします。")
    open_chat(colleague, site)
    expect(colleague.locator("#room")).to_contain_text("佐藤 はなさんが入力中です")
    expect(page.locator("#room")).to_contain_text("鈴木 一郎さんも見ています")
    box(colleague).fill("本日お送りします。")
    box(colleague).press("Control+Enter")
    expect(page.locator("#chat")).to_contain_text("本日お送りします。")
    expect(page.get_by_role("alert").filter(has_text="鈴木 一郎さんが先に返信しています")).to_be_visible()
    expect(page.get_by_role("button", name="送信", exact=True)).to_be_hidden()
    assert violations(page) == []
    page.get_by_role("button", name="それでも送る").click()
    expect(colleague.locator("#chat")).to_contain_text("確認いたします。")
    expect(page.get_by_role("button", name="送信", exact=True)).to_be_visible()
    assert stored() == ["本日お送りします。", "確認いたします。"]


def test_of_two_replies_at_once_the_server_refuses_the_later(page: Page, colleague: Page, site: str) -> None:
    enter(page, site)
    open_chat(page, site)
    open_chat(colleague, site)
    page.route(re.compile("/room|/chat"), lambda route: route.abort())  # this page polls nothing
    box(colleague).fill("先に。")
    box(colleague).press("Control+Enter")
    expect(colleague.locator("#promised > li")).to_have_count(0)
    box(page).fill("あとから。")
    box(page).press("Control+Enter")
    expect(page.locator("#reply-error")).to_contain_text("先にほかのスタッフが返信しています")
    expect(box(page)).to_have_value("あとから。")
    box(page).press("Control+Enter")
    expect(box(page)).to_have_value("")
    expect(page.locator("#promised > li")).to_have_count(0)
    assert stored() == ["先に。", "あとから。"]


def test_a_pending_reply_is_delivered_though_the_connection_drops_and_the_server_restarts(
    page: Page, site: str, server: Server
) -> None:
    enter(page, site)
    open_chat(page, site)
    page.context.set_offline(True)
    for text in ("必ずお返事します。", "二通目です。"):
        box(page).fill(text)
        box(page).press("Control+Enter")
        expect(page.locator("#promised")).to_contain_text(text)
    expect(page.locator("#promised")).to_contain_text("つながりしだい送信します")
    expect(box(page)).to_have_value("")
    server.stop()
    page.context.set_offline(False)
    page.wait_for_timeout(300)
    assert stored() == []
    server.start()
    expect(page.locator("#promised > li")).to_have_count(0)
    expect(page.locator("#chat .from-staff", has_text="必ずお返事します。")).to_contain_text("送信中…")
    assert stored() == ["必ずお返事します。", "二通目です。"]


def test_an_answer_whose_receipt_was_lost_is_sent_again_and_stored_once(page: Page, site: str) -> None:
    enter(page, site)
    made = open_chat(page, site)

    def lose_the_receipt(route: Route) -> None:
        with suppress(Error):  # the page may have navigated meanwhile
            route.fetch()
            route.abort()

    page.route("**/reply", lose_the_receipt)
    box(page).fill("必ずお返事します。")
    box(page).press("Control+Enter")
    expect(page.locator("#promised")).to_contain_text("つながりしだい送信します")
    page.goto(f"{site}/tickets")
    expect(page.locator(f"#row-{made.id}")).to_contain_text("送信待ち")
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator(f"#row-{made.id} .why-draft")).to_have_count(0)
    assert stored() == ["必ずお返事します。"]


def test_what_is_refused_is_back_in_the_box_with_the_reason(page: Page, site: str) -> None:
    enter(page, site)
    made = open_chat(page, site)
    with write_transaction():
        tickets.resolve(made.id)
    box(page).fill("間に合いますか。")
    box(page).press("Control+Enter")
    expect(page.locator("#reply-error")).to_contain_text("対応済みです")
    expect(box(page)).to_have_value("間に合いますか。")
    expect(page.locator("#promised > li")).to_have_count(0)
    assert stored() == []


def test_drafts_belong_to_their_chats_and_the_list_shows_them(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    first, second = Ticket.get(), chats.ticket(chats.customer("もう一人"))
    open_chat(page, site, first)
    box(page).fill("書きかけです")
    open_chat(page, site, second)
    expect(box(page)).to_have_value("")
    expect(page.locator(f"#row-{first.id}")).to_contain_text("下書きあり")
    page.reload()
    expect(page.locator(f"#row-{first.id}")).to_contain_text("下書きあり")
    page.locator(f"#row-{first.id}").click()
    expect(box(page)).to_have_value("書きかけです")
    box(page).press("Control+Enter")
    expect(page.locator(f"#row-{first.id} .why-draft")).to_have_count(0)
    page.reload()
    expect(box(page)).to_have_value("")


def test_a_slash_opens_the_canned_texts(page: Page, site: str, canned_texts: None, faults: list[str]) -> None:
    enter(page, site)
    open_chat(page, site)
    box(page).press_sequentially("/")
    search = page.get_by_role("combobox", name="定型文を探す")
    expect(search).to_be_focused()
    options = page.get_by_role("listbox", name="定型文").get_by_role("option")
    expect(options).to_have_count(2)
    assert violations(page) == []
    search.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    search.press("Escape")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("/")
    box(page).fill("")
    box(page).press_sequentially("/")
    search.fill("あいさ")
    expect(options).to_have_count(1)
    for how in ("isComposing: true", "keyCode: 229"):
        search.evaluate(
            f"(field) => field.dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, {how}}}))"
        )
    expect(search).to_be_visible()
    search.press("Enter")
    expect(box(page)).to_have_value(GREETING)
    expect(box(page)).to_be_focused()
    box(page).press_sequentially("1/2")
    expect(search).to_be_hidden()
    expect(box(page)).to_have_value(f"{GREETING}1/2")


def test_a_chat_by_keys_alone(page: Page, site: str, canned_texts: None, faults: list[str]) -> None:
    first = Ticket.get()
    second = chats.ticket(chats.customer("もう一人"))
    enter(page, site)
    press = page.keyboard.press
    for key, name in (("j", "山田 花子"), ("j", "もう一人"), ("k", "山田 花子")):
        press(key)
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        page.wait_for_load_state()
    press("?")
    help_page = page.get_by_role("dialog", name="キーボード操作")
    expect(help_page).to_be_visible()
    assert violations(page) == []
    press("j")
    press("Escape")
    expect(help_page).to_be_hidden()
    press("a")
    expect(page.get_by_text("あなたが担当になりました。")).to_be_visible()
    page.wait_for_load_state()
    assert Ticket.get_by_id(first.id).assignee_id is not None
    press("r")
    expect(box(page)).to_be_focused()
    page.keyboard.type("/")
    page.keyboard.type("おわ")
    press("Enter")
    page.keyboard.type("jkae?")
    expect(box(page)).to_have_value("申し訳ございません。jkae?")
    press("Control+Enter")
    expect(page.locator("#chat")).to_contain_text("申し訳ございません。jkae?")
    page.locator(".chat-scroll").focus()
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true, keyCode: 229}))"
    )
    press("e")
    ask = page.get_by_role("dialog", name="対応済みにしますか？")
    expect(ask).to_be_visible()
    press("Escape")
    press("e")
    press("Enter")
    expect(page.get_by_text("山田 花子さんのチャットを対応済みにしました。")).to_be_visible()
    assert Ticket.get_by_id(second.id).state == tickets.WAITING


def test_single_keys_can_be_switched_off(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    page.keyboard.press("?")
    page.get_by_label("一文字のキー操作を使う").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_timeout(200)
    expect(page).to_have_url(f"{site}/tickets")


def test_the_cost_counts_down_to_a_push(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    made = open_chat(page, site)
    expect(page.locator("#room .cost")).to_contain_text("1通分かかります")
    text = {"type": "text", "id": "9", "text": "まだですか？"}
    chats.came(made.customer, {"type": "message", "replyToken": "t", "message": text}, minutes_ago=49 / 60)
    expect(page.get_by_text(re.compile("無料（返信）・あと[1-6]秒"))).to_be_visible()
    expect(page.locator("#room .cost-paid")).to_be_visible()
    expect(page.locator("#room .cost-free")).to_be_hidden()


def test_on_a_phone_the_box_the_list_and_the_way_back_fit(
    page: Page, site: str, canned_texts: None, faults: list[str]
) -> None:
    page.set_viewport_size(SMALL)
    chats.wrote(Ticket.get().customer, "割れていた件です", 1)
    sum(transcript_search.fill())
    enter(page, site)
    page.goto(f"{site}/search?q=割れてい")
    page.get_by_role("link", name="割れていた件です").click()
    expect(page.locator("#sought")).to_be_in_viewport()
    expect(box(page)).to_be_in_viewport()
    page.get_by_role("button", name="定型文").click()
    expect(page.get_by_role("option").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert violations(page) == []
    page.get_by_role("option", name="おわび").click()
    expect(box(page)).to_have_value("申し訳ございません。")
    page.get_by_role("link", name="一覧へ戻る").click()
    expect(page.locator(".pane-queue")).to_contain_text("下書きあり")


def test_without_scripts_a_canned_text_is_chosen_and_an_answer_sent(
    browser: Browser, browser_context_args: dict[str, Any], site: str, canned_texts: None
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page, site)
    open_chat(page, site)
    box(page).fill("山田さま")
    page.locator("#canned-select").select_option("おわび")
    page.get_by_role("button", name="入れる", exact=True).click()
    expect(box(page)).to_have_value("山田さま\n申し訳ございません。")
    page.get_by_role("button", name="送信", exact=True).click()
    expect(page.locator(".is-queued", has_text="申し訳ございません。")).to_contain_text("送信中…")
    chats.replied(Ticket.get(), 99, "先に。")
    box(page).fill("もう一言。")
    page.get_by_role("button", name="送信", exact=True).click()
    page.get_by_role("button", name="それでも送る").click()
    expect(page.locator("#chat")).to_contain_text("もう一言。")
    assert stored() == ["山田さま\n申し訳ございません。", "先に。", "もう一言。"]
    context.close()
