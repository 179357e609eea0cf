"""A visitor uses the demo: the real processes, the phone page and the console, in a real browser.

A promoter is asked two weeks after buying and refers a friend, who joins by LINE Login; a passive says what
is missing; a detractor is handed over to staff and gets a reply.
"""

import re

from playwright.sync_api import Browser, Page, expect

from demo.setup import Stage
from tests.browser.visitor import (
    a_new_friend,
    a_new_person,
    buy,
    console,
    has_no_faults,
    hears,
    say,
    take_the_phone_of,
    tap_score,
)

QUESTION = "当社をご家族やお友達に勧める可能性はどれくらいありますか？"


def test_a_promoter_is_asked_after_two_weeks_thanked_and_brings_a_friend(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    chat = a_new_friend(phone, "青木 みどり")
    buy(phone)
    hears(chat, "お買い上げありがとうございます")
    for _ in range(2):
        phone.get_by_role("button", name="＋1週間").click()
        expect(phone.get_by_role("button", name="＋1週間")).to_be_enabled(timeout=60_000)
    hears(chat, QUESTION)
    tap_score(chat, 10)
    hears(chat, "10点！うれしいです")
    hears(chat, "20ポイントをお贈りしました")
    qr = chat.locator("img[src*='/q/']")
    expect(qr).to_be_visible()
    assert qr.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 100
    has_no_faults(phone)

    a_new_person(phone, "青木 ひかり")
    take_the_phone_of(phone, "青木 みどり")
    chat.get_by_role("button", name="LINEで友だちに送る").click()
    phone.get_by_role("dialog").get_by_role("button", name="青木 ひかり").click()
    expect(phone.get_by_text("青木 ひかりさんに送りました。")).to_be_visible()

    take_the_phone_of(phone, "青木 ひかり")
    phone.locator("#screen").get_by_role("button", name="青木 みどり").click()
    phone.get_by_role("log").get_by_role("link").click()
    expect(phone.get_by_role("heading", name="ひだまり堂へのご招待")).to_be_visible()
    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="紹介コードを送って参加する")).to_be_visible()
    dialog.get_by_role("button", name="LINEで友だちになって参加する").click()
    expect(dialog.get_by_label("友だちに追加")).to_be_checked()
    has_no_faults(phone)
    dialog.get_by_role("button", name="許可する").click()
    expect(dialog).to_contain_text("招待を受け取りました")
    dialog.get_by_role("button", name="LINEのトークをひらく").click()
    friend = phone.get_by_role("log")
    hears(friend, "はじめまして")
    hears(friend, "ご紹介で来てくださったんですね")
    buy(phone)
    hears(friend, "ご紹介でのはじめてのお買い物のお礼に、200ポイント")
    take_the_phone_of(phone, "青木 みどり")
    stage.travel(1)  # the question was the one message of that day
    hears(chat, "ご紹介のお友達が、はじめてのお買い物をしてくださいました")
    hears(chat, "お礼に200ポイント")

    desk = console(stage, browser, "owner", "/console/referrals")
    row = desk.get_by_role("row", name=re.compile("青木 みどり"))
    bought, joined = (row.get_by_role("cell").nth(number) for number in (0, 1))
    expect(bought).to_have_text("1人")
    expect(joined).to_have_text("1人")
    desk.context.close()


def test_a_passive_says_what_is_missing(phone: Page) -> None:
    chat = a_new_friend(phone, "上田 湊")
    say(phone, "アンケート")
    hears(chat, QUESTION)
    tap_score(chat, 8)
    hears(chat, "「10点」になりそうですか")
    say(phone, "香りが選べたらうれしいです")
    hears(chat, "聞かせてくださってありがとうございます")


def test_a_detractor_is_handed_to_staff_and_answered_and_the_owner_counts_one_more(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    owner = console(stage, browser, "owner", "/console/figures")
    detractors = owner.get_by_role("row", name=re.compile("批判者（0〜6）")).get_by_role("cell").first
    before = int(detractors.inner_text())
    chat = a_new_friend(phone, "江口 蓮")
    say(phone, "アンケート")
    hears(chat, QUESTION)
    tap_score(chat, 2)
    hears(chat, "申し訳ありません")
    say(phone, "届いた箱がつぶれていました")
    hears(chat, "担当者に伝えました")
    say(phone, "贈り物だったので困っています")

    desk = console(stage, browser, "staff", "/console/tickets")
    desk.get_by_role("link", name=re.compile("江口 蓮")).click()
    expect(desk.get_by_text("贈り物だったので困っています").first).to_be_visible()
    desk.get_by_placeholder("返信を書く").fill("申し訳ありません。すぐに新しいものをお送りします。")
    desk.get_by_role("button", name="送信").click()
    hears(chat, "すぐに新しいものをお送りします")
    desk.context.close()

    expect(detractors).to_have_text(str(before))
    owner.reload()
    expect(detractors).to_have_text(str(before + 1))
    owner.context.close()
