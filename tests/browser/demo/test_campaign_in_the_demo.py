"""A visitor makes a campaign of their own in the demo, and it arrives at its time while they travel; and staff write to
one person of today's queue, who answers."""

import re
import time

from playwright.sync_api import Browser, Locator, Page, expect

from bot import localtime
from bot.db.database import write_transaction
from customers.people import customer as customers
from customers.people.customer import Customer
from demo.phone.client import Handset
from demo.setup import SUPPORT_NAME, Stage
from demo.shop import people
from journeys.campaigns import campaigns
from journeys.campaigns.tables import DONE, SENT, Campaign, CampaignRecipient
from journeys.contacts import due
from tests.browser.demo.test_flow_in_the_demo import travel
from tests.browser.visitor import (
    PATIENCE_MS,
    a_new_friend,
    console,
    has_no_faults,
    hears,
    say,
    take_the_phone_of,
)
from tests.console import contact_scene

NAME = "冬のおたよりのお届け"
TEXT = "冬のおたよりができました。お肌の乾燥に、米ぬかクリームの使いかたをのせています。"
FRIEND = "西田 楓"
DUE = "三浦 詩織"
WRITTEN = "中村です。その後、いかがお過ごしですか？"
ANSWERED = "覚えていてくださってうれしいです"


def make_the_campaign(desk: Page) -> None:
    desk.get_by_role("link", name="キャンペーンを作る").first.click()
    desk.get_by_label("名前", exact=True).fill(NAME)
    desk.get_by_label("お知らせの種類").select_option("care")
    desk.get_by_role("button", name="下書きを作る").click()
    desk.get_by_label("お客様の番号かお名前").fill(FRIEND)
    desk.get_by_role("button", name="これにする").click()
    desk.get_by_label("文", exact=True).fill(TEXT)
    expect(desk.locator("#phone")).to_contain_text(TEXT)
    all_count = int(re.findall(r"([0-9,]+)人", desk.locator("#reach").inner_text())[0])
    desk.locator("summary", has_text="タグ・リンク").click()
    desk.get_by_label("友だちになって（何日以内）").fill("2")  # at noon a day may have passed already
    expect(desk.locator("#reach")).not_to_contain_text(f"{all_count}人")
    has_no_faults(desk)


def chat_with(phone: Page, name: str, account: str) -> Locator:
    """The person's chat with that account of the shop."""
    take_the_phone_of(phone, name)
    phone.get_by_role("navigation", name="お店のアカウント").get_by_role("button", name=account).click()
    expect(phone.get_by_role("heading", name=account)).to_be_visible()
    return phone.get_by_role("log")


def a_known_customer(handset: Handset) -> Customer:
    """The customer with that phone, once the bot has welcomed them."""
    deadline = time.monotonic() + PATIENCE_MS / 1_000
    while time.monotonic() < deadline:
        found = customers.find_by_line_user(handset.user_id)
        if found is not None and found.display_name and handset.received():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{handset.person.name} did not become a customer")


def somebody_comes_due(stage: Stage) -> None:
    """A customer who is not on the phone page comes due today, whatever day it is, with more sales than all others."""
    handset = stage.platform.handset(DUE, on_phone=False)
    handset.follow()
    who = a_known_customer(handset)
    with write_transaction():
        for days_ago in (62, 34):
            contact_scene.order(who, days_ago, 60_000)
        assert due.store([who.id], localtime.today()) == 1


def test_a_campaign_made_from_nothing_arrives_at_its_time_while_the_owner_travels(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    chat = a_new_friend(phone, FRIEND)
    desk = console(stage, browser, "owner", "/console/campaigns")
    expect(desk.get_by_role("main")).to_contain_text("季節のギフト箱のご案内")
    has_no_faults(desk)
    make_the_campaign(desk)
    desk.get_by_role("button", name="保存して、自分に送る").click()
    hears(chat, "【テスト】")
    hears(chat, TEXT)

    tomorrow = localtime.today().toordinal() + 1
    day = type(localtime.today()).fromordinal(tomorrow)
    desk.get_by_label("日時を決める").check()
    desk.get_by_label("日時", exact=True).fill(f"{day}T12:00")
    desk.get_by_role("button", name="確認へ進む").click()
    expect(desk.get_by_role("heading", name="送る前の確認")).to_be_visible()
    has_no_faults(desk)
    desk.get_by_role("button", name="この内容で予約する").click()
    expect(desk.locator("#progress")).to_contain_text("12:00に始まります")

    arrived = travel(phone, "＋1日")
    expect(arrived.get_by_role("button", name=TEXT[:10])).to_be_visible()
    expect(arrived).to_contain_text(re.compile("12:0[0-9]"))
    has_no_faults(phone)
    desk.reload()
    expect(desk.get_by_role("heading", name="結果", exact=True)).to_be_visible()
    has_no_faults(desk)
    desk.context.close()
    made = Campaign.get(Campaign.name == NAME)
    progress = campaigns.progress(made)
    assert (made.state, made.reason) == (DONE, "")
    assert progress.audience == progress.sent + progress.skipped + progress.failed + progress.held_out > 0


def test_staff_write_to_one_person_by_the_second_account_who_answers_them(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    somebody_comes_due(stage)
    people.add_who_is_due(stage.platform)
    desk = console(stage, browser, "staff", "/console/contacts")
    has_no_faults(desk)
    card = desk.get_by_role("article").first
    expect(card.get_by_role("heading")).to_contain_text(DUE)
    chat = chat_with(phone, DUE, SUPPORT_NAME)
    phone.locator("#screen").get_by_role("button", name="友だちに追加").click()
    phone.get_by_role("dialog").get_by_role("button", name="友だちに追加").click()
    hears(chat, "ひだまり堂")
    has_no_faults(phone)

    card.get_by_role("textbox").fill(f"{DUE}さん、{WRITTEN}")
    card.get_by_role("button", name="送信する").click()
    said = desk.get_by_text("へのメッセージを受け付けました")
    expect(said).to_be_visible()
    if "いま送ります" not in said.inner_text():
        stage.travel(1)
    hears(chat, WRITTEN)
    say(phone, ANSWERED)
    desk.goto(f"{stage.bot_url}/console/tickets")
    desk.get_by_role("link", name=re.compile(DUE)).first.click()
    expect(desk.get_by_role("main")).to_contain_text(ANSWERED)
    expect(desk.get_by_role("main")).to_contain_text("中村 彩")
    has_no_faults(desk)
    desk.get_by_placeholder("返信を書く").fill("こちらこそ、ありがとうございます。")
    desk.get_by_role("button", name="送信", exact=True).click()
    hears(chat, "こちらこそ、ありがとうございます")
    desk.context.close()


def test_the_campaign_of_the_weeks_before_has_results(stage: Stage) -> None:
    sent = Campaign.get(Campaign.name == "季節のギフト箱のご案内")
    progress = campaigns.progress(sent)
    assert sent.state == DONE
    assert progress.audience == progress.sent + progress.skipped + progress.failed + progress.held_out
    local = localtime.local(
        CampaignRecipient.get(CampaignRecipient.campaign == sent, CampaignRecipient.state == SENT).settled_at
    )
    assert local.hour in range(12, 21)
