"""Coupons at the counter: staff's phone opens the address in the QR code, signs in, and redeems or cancels."""

import re

from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.db.database import write_transaction
from customers.people import customer as customers
from demo.setup import Stage
from rewards.ledger import ledger
from tests.browser.visitor import PATIENCE_MS, a_new_friend, has_no_faults, hears, say

PHONE: ViewportSize = {"width": 390, "height": 844}


def exchanges(phone: Page) -> str:
    """Exchange 100 points for the soap; returns the coupon's code."""
    chat = phone.get_by_role("log")
    done, asked = chat.get_by_text("交換しました"), chat.get_by_text("と交換しますか？")
    done_before, asked_before = done.count(), asked.count()
    say(phone, "クーポン")
    expect(chat.get_by_text("ひだまり石けん").last).to_be_visible(timeout=PATIENCE_MS)
    chat.get_by_role("button", name="ポイントと交換する").last.click()
    expect(asked).to_have_count(asked_before + 1, timeout=PATIENCE_MS)
    chat.get_by_role("button", name="交換する", exact=True).last.click()
    expect(done).to_have_count(done_before + 1, timeout=PATIENCE_MS)
    return str(re.findall("[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", chat.inner_text())[-1])


def test_staff_take_one_coupon_back_and_redeem_the_next(stage: Stage, phone: Page, browser: Browser) -> None:
    chat = a_new_friend(phone, "石田 結")
    with write_transaction():
        [person] = [each for each in stage.platform.channel.people.all() if each.name == "石田 結"]
        who = customers.find_by_line_user(person.user_id)
        assert who is not None
        ledger.adjust(who.id, 170, 1, "デモ", "counter:1")

    code = exchanges(phone)
    desk = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport=PHONE).new_page()
    desk.set_default_timeout(PATIENCE_MS)
    desk.goto(f"{stage.bot_url}/console/redeem?code={code}")
    desk.get_by_role("link", name=re.compile("スタッフ")).click()
    expect(desk.get_by_role("heading", name="ひだまり石けん")).to_be_visible()
    desk.get_by_text("このクーポンを取り消す").click()
    has_no_faults(desk)
    desk.get_by_label(re.compile("取り消しの理由")).fill("石けんが割れていたため")
    desk.get_by_role("button", name="取り消す", exact=True).click()
    expect(desk.get_by_text("取り消しを受け付けました")).to_be_visible()
    hears(chat, "交換の100ポイントをお戻ししました（いま200ポイント）")

    again = exchanges(phone)
    assert again != code
    desk.get_by_label("コード", exact=True).fill(again.lower())
    desk.get_by_role("button", name="調べる").click()
    desk.get_by_role("button", name="使用済みにする").click()
    expect(desk.get_by_text("「ひだまり石けん（ミニ）」を使用済みにしました")).to_be_visible()
    desk.goto(f"{stage.bot_url}/console/redeem?code={again}")
    expect(desk.get_by_text("もう使われています")).to_be_visible()
    desk.get_by_role("link", name="お渡ししたクーポンの一覧").click()
    expect(desk.get_by_role("row", name=re.compile("石田 結")).nth(1)).to_contain_text(
        "石けんが割れていたため"
    )
    desk.context.close()
