"""Each way to cheat with referrals, played on the demo: what the phone shows, what staff see, and the outcome."""

import itertools
import re

from playwright.sync_api import Browser, Locator, Page, expect

from demo.phone.client import Handset
from demo.setup import Stage
from tests.browser.visitor import (
    PATIENCE_MS,
    console,
    has_no_faults,
    hears,
    open_chat,
    say,
    take_the_phone_of,
)

HELD_PAGE = "/console/referrals/held"
_numbers = itertools.count(1)


def someone(stage: Stage, name: str) -> Handset:
    """A friend of the shop who has been greeted; each has another name."""
    phone = stage.platform.handset(f"{name}{next(_numbers):02}")
    phone.follow()
    return phone


def chat_of(phone: Page, person: Handset) -> Locator:
    take_the_phone_of(phone, person.person.name)
    open_chat(phone)
    chat = phone.get_by_role("log")
    hears(chat, f"{person.person.name}さん、はじめまして")
    return chat


def code_of(phone: Page, person: Handset) -> str:
    """The referral code on the invitation card."""
    chat = chat_of(phone, person)
    say(phone, "紹介")
    hears(chat, "あなたの紹介コード")
    return str(re.findall("あなたの紹介コード\\s*([A-Z0-9]{4}-[A-Z0-9]{4})", chat.inner_text())[-1])


def sends(phone: Page, person: Handset, code: str) -> Locator:
    chat = chat_of(phone, person)
    say(phone, f"紹介コード {code} で来ました！")
    return chat


def held_card(desk: Page, friend: Handset) -> Locator:
    desk.reload()
    return desk.get_by_role("region", name=re.compile(f"→ {friend.person.name}$"))


def test_ones_own_code_a_second_code_and_a_customers_are_refused_at_once(stage: Stage, phone: Page) -> None:
    misaki, kenta, sakura = (someone(stage, name) for name in ("美咲", "健太", "桜"))
    code, kentas = code_of(phone, misaki), code_of(phone, kenta)

    say(phone, kentas)
    hears(phone.get_by_role("log"), "ご自身の紹介コードです")

    hears(sends(phone, sakura, code), "ご紹介で来てくださったんですね")
    say(phone, kentas)
    hears(phone.get_by_role("log"), "すでに受け取っています")

    chat = chat_of(phone, kenta)
    phone.get_by_role("button", name="買い物する").click()
    hears(chat, "お買い上げありがとうございます")
    say(phone, code)
    hears(chat, "はじめての方だけ")


def test_a_referral_circle_waits_for_staff_and_the_friend_is_notified(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    misaki, sakura = someone(stage, "美咲"), someone(stage, "桜")
    hears(sends(phone, sakura, code_of(phone, misaki)), "ご紹介で来てくださったんですね")
    chat = sends(phone, misaki, code_of(phone, sakura))
    hears(chat, "スタッフが確認して")

    desk = console(stage, browser, "staff", HELD_PAGE)
    card = held_card(desk, misaki)
    expect(card).to_contain_text("たがいに紹介しあっています")
    has_no_faults(desk)
    card.locator("summary", has_text="認めない").click()
    card.get_by_label("理由").fill("ご家族どうしの紹介のため")
    card.get_by_role("button", name="はい、認めない").click()

    hears(chat, "今回は特典の対象になりませんでした")
    expect(held_card(desk, misaki)).to_have_count(0)
    desk.context.close()


def test_a_shared_address_holds_the_reward_until_staff_have_reviewed(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    misaki, sakura = someone(stage, "美咲"), someone(stage, "桜")
    hears(sends(phone, sakura, code_of(phone, misaki)), "ご紹介で来てくださったんですね")
    stage.buy(
        misaki.user_id, "HD-102", email="family@example.jp", postal_code="150-0041", address="神南1-19-11"
    )
    stage.buy(
        sakura.user_id,
        "HD-201",
        email="FAMILY@example.jp",
        postal_code="〒1500041",
        address="渋谷区神南一丁目19番11号",
    )
    friend = chat_of(phone, sakura)
    hears(friend, "お買い上げありがとうございます")

    desk = console(stage, browser, "staff", HELD_PAGE)
    expect(held_card(desk, sakura)).to_contain_text("メールアドレスか電話番号が同じです", timeout=PATIENCE_MS)
    card = held_card(desk, sakura)
    expect(card.locator("div", has_text="同じもの")).to_contain_text("お届け先 メールアドレス")
    expect(card).to_contain_text(re.compile("D-[0-9A-F]{8}"))
    expect(friend).not_to_contain_text("ご紹介でのはじめてのお買い物")
    card.locator("summary", has_text="認めてお礼をする").click()
    card.get_by_role("button", name="はい、認めてお礼をする").click()

    stage.travel(1)  # both had their message of that day with their orders
    hears(friend, "ご紹介でのはじめてのお買い物のお礼に、200ポイント")
    hears(chat_of(phone, misaki), "ご紹介のお友達が、はじめてのお買い物をしてくださいました")
    desk.context.close()


def test_the_eleventh_friend_of_a_day_waits_and_earns_once_staff_agree(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    misaki = someone(stage, "美咲")
    code = code_of(phone, misaki)
    crowd = [someone(stage, "友") for _ in range(10)]
    for each in crowd:
        each.say(code)
    last = someone(stage, "桜")
    hears(chat_of(phone, crowd[-1]), "ご紹介で来てくださったんですね")
    chat = sends(phone, last, code)
    hears(chat, "スタッフが確認して")

    desk = console(stage, browser, "staff", HELD_PAGE)
    card = held_card(desk, last)
    expect(card).to_contain_text("1日の紹介の人数が多すぎます")
    expect(card).to_contain_text("11人")
    card.locator("summary", has_text="認めてお礼をする").click()
    card.get_by_role("button", name="はい、認めてお礼をする").click()

    hears(chat, "ご紹介で来てくださったんですね")
    phone.get_by_role("button", name="買い物する").click()
    hears(chat, "ご紹介でのはじめてのお買い物のお礼に、200ポイント")
    desk.context.close()
