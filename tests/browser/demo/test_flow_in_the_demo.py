"""A visitor makes a flow of their own in the demo, walks it through and switches it on; a customer gets it."""

import re
from collections import Counter

from playwright.sync_api import Browser, Locator, Page, expect

from bot import localtime
from bot.queue.outbox import OutboxMessage
from demo.setup import Stage
from demo.shop.flows import FIRST_ORDER, NEWCOMERS
from journeys.enrolments.tables import Enrolment
from journeys.flows.tables import Flow
from journeys.sending.message_kinds import CLASS_RULES, Kind, MessageClass
from journeys.sending.tables import SENT, PlannedMessage
from tests.browser.visitor import PATIENCE_MS, a_new_friend, buy, console, has_no_faults, hears

ASKED = "そのあと、いかがですか？"
FOLLOWS = "うれしいです！香りの楽しみかたを、またお送りしますね。"
NAME = "お買い物のあとのひとこと"


def travel(phone: Page, days: str) -> Locator:
    """Travel, and the list of what arrived meanwhile."""
    button = phone.get_by_role("button", name=days)
    button.click()
    expect(phone.locator("#panel [aria-busy]")).to_have_count(0, timeout=60_000)
    return phone.get_by_role("group", name="この間に届いたもの")


def make_the_flow(desk: Page) -> None:
    desk.get_by_role("link", name="シナリオを作る").first.click()
    desk.get_by_label("名前", exact=True).fill(NAME)
    desk.get_by_role("group", name="きっかけ").get_by_label("できごと").select_option("order")
    has_no_faults(desk)
    desk.get_by_role("button", name="下書きを作る").click()
    desk.get_by_label("待つ日数", exact=True).fill("1")
    desk.get_by_label("送る時刻", exact=True).fill("11:00")
    desk.get_by_label("文", exact=True).fill("{name}さん、" + ASKED)
    desk.locator("summary", has_text="ボタンとリンク").click()
    desk.get_by_label("ボタンの文字 1").fill("気に入った")
    desk.get_by_label("タグ・アドレス・言葉 1").fill("好き")
    send_at_once(desk)
    desk.get_by_role("button", name="下書きに保存").last.click()
    expect(desk.locator("#phone")).to_contain_text(ASKED)
    has_no_faults(desk)


def add_the_answer(desk: Page) -> None:
    """A second step for those who tapped the button."""
    desk.get_by_role("button", name="下にステップを加える").click()
    desk.get_by_label("待つ日数", exact=True).fill("3")
    desk.locator("summary", has_text="ほかの待ち方").click()
    desk.get_by_label("次のことがあるまで待つ").select_option("tag")
    desk.get_by_label("待つタグ").fill("好き")
    desk.locator("summary", has_text="条件を付ける").click()
    desk.get_by_label("タグがある").fill("好き")
    desk.get_by_label("文", exact=True).fill(FOLLOWS)
    send_at_once(desk)
    desk.get_by_role("button", name="下書きに保存").last.click()
    expect(desk.locator("#phone")).to_contain_text(FOLLOWS)


def send_at_once(desk: Page) -> None:
    """The step waits for no reply to go along with."""
    days = desk.get_by_label("無料の返信に乗せるために待てる日数")
    if not days.is_visible():
        desk.locator("summary", has_text="変える").last.click()
    days.fill("0")


def test_a_flow_made_from_nothing_arrives_on_the_phone_and_its_button_branches(
    stage: Stage, phone: Page, browser: Browser
) -> None:
    desk = console(stage, browser, "owner", "/console/flows")
    has_no_faults(desk)
    make_the_flow(desk)
    add_the_answer(desk)

    desk.get_by_role("link", name="ためしに動かす").click()
    desk.get_by_role("link", name="次へ").click()
    expect(desk.get_by_role("group", name="スマートフォン")).to_contain_text(ASKED)
    has_no_faults(desk)
    desk.get_by_role("link", name=re.compile(NAME)).first.click()
    desk.get_by_role("link", name="はじめる").click()
    expect(desk.get_by_text("明日のきっかけから始まります")).to_be_visible()
    has_no_faults(desk)
    desk.get_by_role("button", name="はじめる").click()
    expect(desk.get_by_role("heading", name=NAME)).to_contain_text("配信中")

    chat = a_new_friend(phone, "佐々木 花")
    expect(travel(phone, "＋1日")).to_contain_text("この間に届いたお知らせはありません")
    buy(phone)
    hears(chat, "お買い上げありがとうございます")
    arrived = travel(phone, "＋1日")
    expect(arrived).to_contain_text(re.compile("この間に[0-9]通届きました"))
    expect(arrived.get_by_role("button", name=ASKED)).to_be_visible()
    has_no_faults(phone)
    arrived.get_by_role("button", name=ASKED).click()
    hears(chat, f"佐々木 花さん、{ASKED}")
    chat.get_by_role("button", name="気に入った").click()
    hears(chat, FOLLOWS)

    why = arrived.get_by_role("link", name=re.compile(ASKED)).get_attribute("href")
    assert why is not None
    desk.goto(why)
    expect(desk.get_by_role("main")).to_contain_text(NAME, timeout=PATIENCE_MS)
    has_no_faults(desk)
    desk.context.close()


def test_the_weeks_that_the_demo_plays_keep_to_the_limits(stage: Stage) -> None:
    rows = list(PlannedMessage.select().where(PlannedMessage.state == SENT).order_by(PlannedMessage.id))
    sent_as = {call.id: call.sent_as for call in OutboxMessage.select()}
    pushed = [row for row in rows if sent_as[row.outbox_id or 0] == "push"]
    assert {"reply", "push"} <= {sent_as[row.outbox_id or 0] for row in rows}
    assert {flow.key for flow in Flow.select().join(Enrolment).distinct()} >= {FIRST_ORDER, NEWCOMERS}
    cards = {
        row.outbox_id for row in pushed if row.kind == Kind.ORDER_RECEIVED
    }  # who orders at night is awake
    at_night = [
        row.cause
        for row in pushed
        if not 9 <= localtime.local(row.settled_at).hour < 21 and row.outbox_id not in cards
    ]
    assert at_night == []
    counted = {
        (row.customer_id, localtime.local_date(row.settled_at), row.outbox_id)
        for row in pushed
        if CLASS_RULES[MessageClass(row.message_class)].counts
    }
    assert max(Counter((customer, day) for customer, day, _ in counted).values()) == 1
