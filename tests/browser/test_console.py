"""The console in a real browser: signing in, replying, and messages that arrive meanwhile."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.queue.inbox import InboxEvent
from support.tickets.tickets import Ticket
from tests.browser.console_site import LARGE, SMALL, enter, violations
from tests.console import chats, pictures


def replies() -> list[InboxEvent]:
    return list(InboxEvent.select().where(InboxEvent.source == "staff.replied"))


def test_a_person_signs_in_with_the_password(page: Page, site: str, faults: list[str]) -> None:
    page.goto(f"{site}/tickets?view=mine")
    page.get_by_label("メールアドレス").fill("staff@example.jp")
    page.get_by_label("パスワード").fill(chats.PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    expect(page).to_have_url(f"{site}/tickets?view=mine")
    page.locator("details.me summary").click()
    page.get_by_role("button", name="サインアウト").click()
    expect(page.get_by_text("サインアウトしました。")).to_be_visible()


def test_an_entry_is_searched_for_beside_the_chat_and_put_into_the_reply(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    page.get_by_role("link", name="山田 花子").click()
    box = page.get_by_label("返信", exact=True)
    box.fill("お待たせしました。")
    page.get_by_label("探す言葉").fill("領収書")
    page.get_by_label("探す言葉").press("Enter")
    found = page.locator("#faq-found details").first
    found.locator("summary").click()
    found.get_by_role("button", name="返信に入れる").click()
    expect(box).to_have_value(re.compile("お待たせしました。\n.+但し書き", re.DOTALL))


def test_an_entry_shows_as_customers_see_it_while_it_is_typed(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    page.goto(f"{site}/faq/new")
    page.get_by_label("質問", exact=True).fill("駐車場はありますか")
    page.get_by_label("回答", exact=True).fill("店の裏に3台分あります。")
    seen = page.locator("#preview")
    expect(seen).to_contain_text("店の裏に3台分あります。")
    expect(seen).to_contain_text("まだ困っています")
    page.get_by_role("button", name="FAQに加える").click()
    expect(page.get_by_text("「駐車場はありますか」を加えました。")).to_be_visible()


def test_the_second_of_two_clicks_sends_nothing(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    page.goto(f"{site}/canned")
    submit = "form => !form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }))"
    form = page.locator("main form").first
    assert [form.evaluate(submit), form.evaluate(submit)] == [False, True], "whether it was prevented"


def test_staff_answer_with_the_keyboard_and_enter_is_a_new_line(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    page.get_by_role("link", name="山田 花子").click()
    box = page.get_by_label("返信", exact=True)
    box.fill("申し訳ございません。")
    box.press("Enter")
    box.press_sequentially("明日お送りします。")
    assert box.input_value() == "申し訳ございません。\n明日お送りします。"
    assert replies() == []
    box.press("Control+Enter")
    ours = page.locator(".from-staff", has_text="申し訳ございません。")
    expect(ours.last).to_contain_text("送信中…")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(page.locator("#promised > li")).to_have_count(0)
    assert len(replies()) == 1
    box.fill("もう一言。")
    page.get_by_role("button", name="送信", exact=True).click()
    expect(page.locator("#chat .from-staff", has_text="もう一言。")).to_be_visible()
    assert len(replies()) == 2, "each answer has a key of its own"


def test_the_enter_that_ends_a_conversion_to_kanji_never_sends(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    page.goto(f"{site}/tickets/{Ticket.get().id}")
    box = page.get_by_label("返信", exact=True)
    box.fill("へんかん")
    for how in ("isComposing: true", "keyCode: 229"):
        box.evaluate(
            "(box) => box.dispatchEvent(new KeyboardEvent('keydown', "
            f"{{key: 'Enter', ctrlKey: true, bubbles: true, {how}}}))"
        )
    expect(box).to_have_value("へんかん")
    assert replies() == []


def test_what_the_customer_writes_appears_and_the_draft_stays(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    made = Ticket.get()
    page.goto(f"{site}/tickets/{made.id}")
    box = page.get_by_label("返信", exact=True)
    box.fill("書きかけの返信")
    chats.wrote(made.customer, "まだ届きません。急いでいます。")
    expect(page.locator("#chat").get_by_text("まだ届きません。急いでいます。")).to_be_visible()
    expect(page.locator(".pane-queue").get_by_text("まだ届きません。急いでいます。")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("まだ届きません。急いでいます。")
    expect(box).to_have_value("書きかけの返信")
    expect(box).to_be_focused()
    chats.ticket(chats.customer("もう一人"))
    expect(page).to_have_title("(2) 山田 花子 · ひだまり堂")
    page.reload()
    expect(box).to_have_value("書きかけの返信")


def test_too_long_a_text_is_refused_with_the_draft_preserved(page: Page, site: str) -> None:
    enter(page, site)
    page.goto(f"{site}/tickets/{Ticket.get().id}")
    box = page.get_by_label("返信", exact=True)
    box.fill("あ" * 5001)
    expect(page.locator("#reply-count")).to_have_text("-1")
    page.get_by_role("button", name="送信", exact=True).click()
    expect(page.locator("#reply-error")).to_contain_text("5000文字まで")
    assert len(box.input_value()) == 5001
    assert replies() == []


def test_a_faq_answer_goes_into_the_reply_by_a_click(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    page.goto(f"{site}/tickets/{Ticket.get().id}")
    box = page.get_by_label("返信", exact=True)
    box.fill("山田さま")
    entry = page.locator("#faq details[open]").first
    answer = entry.locator(".faq-answer").inner_text()
    entry.get_by_role("button").click()
    assert box.input_value().startswith("山田さま\n")
    assert answer[:20] in box.input_value().replace("\n", "") or answer[:20] in box.input_value()
    expect(box).to_be_focused()


def test_on_a_phone_one_goes_from_list_to_chat_and_back(page: Page, site: str, faults: list[str]) -> None:
    page.set_viewport_size(SMALL)
    enter(page, site)
    expect(page.get_by_text("一覧からチャットを選んでください。")).to_be_hidden()
    page.get_by_role("link", name="山田 花子").click()
    expect(page.locator(".pane-queue")).to_be_hidden()
    expect(page.get_by_label("返信", exact=True)).to_be_in_viewport()
    expect(page.locator("#chat").get_by_text("交換品はいつごろ届きますか？")).to_be_in_viewport()
    expect(page.get_by_text("お客様の言葉に合うFAQ").or_(page.locator("#faq"))).to_be_hidden()
    page.get_by_text("お客様とFAQ").click()
    expect(page.locator("#faq")).to_be_visible()
    page.get_by_role("link", name="一覧へ戻る").click()
    expect(page.get_by_role("heading", name="チャット")).to_be_visible()


def test_the_way_through_a_chat_by_keyboard_alone(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ")).to_be_focused()
    expect(page.get_by_role("link", name="本文へ")).to_be_in_viewport()
    page.keyboard.press("Enter")
    for _ in range(12):  # past the names of the queues
        page.keyboard.press("Tab")
        if "row-" in (page.evaluate("document.activeElement.id") or ""):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="山田 花子")).to_be_visible()
    page.get_by_role("button", name="担当する").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("あなたが担当になりました。")).to_be_visible()


def test_reading_and_answering_work_without_scripts(
    browser: Any, browser_context_args: Any, site: str
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page, site)
    page.get_by_role("link", name="山田 花子").click()
    page.get_by_label("返信", exact=True).fill("承知しました。")
    page.get_by_role("button", name="送信", exact=True).click()
    expect(page.locator(".from-staff", has_text="承知しました。")).to_contain_text("送信中…")
    page.get_by_role("button", name="対応済みにする").click()
    expect(page.get_by_text("山田 花子さんのチャットを対応済みにしました。")).to_be_visible()
    kinds = [
        event.source
        for event in InboxEvent.select().where(InboxEvent.source != "line").order_by(InboxEvent.id)
    ]
    assert kinds == ["staff.replied", "ticket.resolve_requested"]
    context.close()


def test_a_session_that_ends_leads_to_the_sign_in(page: Page, site: str) -> None:
    enter(page, site)
    page.goto(f"{site}/tickets/{Ticket.get().id}")
    page.context.clear_cookies()
    expect(page).to_have_url(f"{site}/sign-in")


def test_a_picture_appears_while_staff_watch_and_opens_large(
    page: Page, site: str, faults: list[str]
) -> None:
    enter(page, site)
    made = Ticket.get()
    page.goto(f"{site}/tickets/{made.id}")
    box = page.get_by_label("返信", exact=True)
    box.fill("書きかけの返信")
    chats.sent(made.customer, "4711")
    expect(page.locator("#chat").get_by_text("受信中…")).to_be_visible()
    chats.arrives("4711", pictures.broken_lid())
    shown = page.get_by_alt_text("お客様から届いた写真")
    expect(shown).to_be_in_viewport()
    width = shown.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")
    assert width == pictures.SIZE[0]
    expect(box).to_have_value("書きかけの返信")
    with page.context.expect_page() as opened:
        shown.click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("document.images[0].naturalWidth") == pictures.SIZE[0]
    assert violations(page) == []


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
def test_videos_audio_and_files_fit_the_chat(page: Page, site: str, faults: list[str], size: Any) -> None:
    page.set_viewport_size(size)
    made = Ticket.get()
    chats.sent(made.customer, "1", pictures.broken_lid())
    chats.sent(made.customer, "2", pictures.silence(), kind="audio")
    chats.sent(made.customer, "3", b"%PDF-1.7", kind="file", file_name="領収書_2026年4月_ひだまり堂_控え.pdf")
    enter(page, site)
    page.goto(f"{site}/tickets/{made.id}")
    voice = page.get_by_label("お客様から届いた音声")
    voice.evaluate(
        "(voice) => voice.readyState >= 1 || new Promise((go) => { voice.onloadedmetadata = go; })"
    )
    assert voice.evaluate("(voice) => voice.duration") == 1
    with page.expect_download() as saved:
        page.locator("#chat").get_by_role("link", name="領収書").click()
    assert saved.value.suggested_filename == "領収書_2026年4月_ひだまり堂_控え.pdf"
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_voice_message_goes_on_while_the_chat_is_renewed(page: Page, site: str, faults: list[str]) -> None:
    made = Ticket.get()
    chats.sent(made.customer, "4711", pictures.silence(seconds=60), kind="audio")
    enter(page, site)
    page.goto(f"{site}/tickets/{made.id}")
    voice = page.get_by_label("お客様から届いた音声")
    voice.evaluate("(voice) => { voice.muted = true; voice.currentTime = 5; return voice.play(); }")
    chats.wrote(made.customer, "聞いていただけましたか？")
    expect(page.locator("#chat").get_by_text("聞いていただけましたか？")).to_be_visible()
    expect(voice).to_have_count(1)
    assert voice.evaluate("(voice) => !voice.paused && voice.currentTime > 5")


def test_the_menu_opens_by_keyboard_and_closes_by_escape(page: Page, site: str, faults: list[str]) -> None:
    enter(page, site, "owner")
    group = page.locator(".menu-wide summary", has_text="お店")
    group.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="お店の設定", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(group).to_be_focused()
    expect(page.get_by_role("link", name="お店の設定", exact=True)).to_be_hidden()


def test_on_a_phone_the_menu_unfolds_without_scripts(
    browser: Any, browser_context_args: Any, site: str
) -> None:
    context = browser.new_context(**{**browser_context_args, "viewport": SMALL}, java_script_enabled=False)
    page = context.new_page()
    enter(page, site, "owner")
    page.get_by_role("button", name="メニュー").click()
    page.get_by_role("link", name="変更の記録").click()
    expect(page.get_by_role("heading", name="変更の記録")).to_be_visible()
    context.close()
