"""特典 and 誕生日: what a rank gives, to whom and how long; and birthday points, once a year."""

import re
from urllib.parse import urlsplit

import pytest

from bot.config import shop
from bot.db.database import write_transaction
from rewards.coupons import birthdays
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ranks import pages
from rewards.ranks.rules import Rank
from rewards.ranks.tables import CustomerRank
from tests.conversations.scenario import Phone, Scenario, said


def page(scenario: Scenario, address: str) -> str:
    answer = scenario.web.get(urlsplit(address).path)
    scenario.settle()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return f"{answer.status_code} " + re.sub(r"<style>.*?</style>|<[^>]+>", "", answer.get_data(as_text=True))


def holding(scenario: Scenario, rank: Rank) -> Phone:
    misaki = scenario.customer()
    misaki.buys(5_000, "1001")
    CustomerRank.update(rank=rank).execute()
    return misaki


def test_a_basic_hears_what_comes_next_and_gets_no_link(scenario: Scenario) -> None:
    misaki = scenario.customer()
    card = said(misaki.says("特典"))
    assert "「ベーシック」の特典" in card
    assert "「アクティブ」になると" in card
    assert "特典ページをひらく" not in misaki.buttons


def test_a_premium_opens_the_premium_page_and_no_other(scenario: Scenario) -> None:
    misaki = holding(scenario, Rank.PREMIUM)
    misaki.says("ランク")
    misaki.taps("特典を見る")
    shown = page(scenario, misaki.opens("特典ページをひらく"))
    assert shown.startswith("200")
    assert "一般のご案内より1週間早く" in shown
    assert "アンバサダーの部屋" not in shown


def test_an_ambassador_reads_both(scenario: Scenario) -> None:
    misaki = holding(scenario, Rank.AMBASSADOR)
    misaki.says("特典")
    shown = page(scenario, misaki.opens("特典ページをひらく"))
    assert shown.index("アンバサダーの部屋") < shown.index("一般のご案内より1週間早く")


def test_below_the_rank_the_page_says_how_to_get_there(scenario: Scenario) -> None:
    misaki = holding(scenario, Rank.AMBASSADOR)
    misaki.says("特典")
    address = misaki.opens("特典ページをひらく")
    CustomerRank.update(rank=Rank.BASIC).execute()
    shown = page(scenario, address)
    assert "このページは「アンバサダー」の方へのものです" in shown
    assert "次の一歩" in shown
    assert "トークでひとこと" in shown
    assert "いちばんにお話しします" not in shown
    assert "1週間早く" not in shown


def test_a_link_expires_and_a_forged_one_opens_nothing(scenario: Scenario) -> None:
    misaki = holding(scenario, Rank.PREMIUM)
    misaki.says("特典")
    address = misaki.opens("特典ページをひらく")
    assert page(scenario, address[:-3] + "abc").startswith("404")
    assert page(scenario, "/p/nothing").startswith("404")
    scenario.sleep(days=7, minutes=1)
    expired = page(scenario, address)
    assert expired.startswith("410")
    assert "「特典」と送ると、新しいリンクが届きます" in expired


def test_a_link_to_a_page_names_nobody(scenario: Scenario) -> None:
    misaki = holding(scenario, Rank.PREMIUM)
    address = pages.link(misaki.customer.id, Rank.PREMIUM)
    assert misaki.user_id not in address
    assert "美咲" not in page(scenario, address)


def test_without_a_text_there_is_no_page(scenario: Scenario) -> None:
    shop.use({"ranks": {"pages": {"premium_body": "", "ambassador_body": ""}}})
    misaki = holding(scenario, Rank.PREMIUM)
    misaki.says("特典")
    assert "特典ページをひらく" not in misaki.buttons


def test_a_birthday_brings_points_once_a_year(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("誕生日")
    misaki.says("４月２０日")
    scenario.pass_time(days=18)
    assert "お誕生日おめでとう" not in said(misaki.hears())
    before = misaki.points
    scenario.pass_time(days=1)
    assert "お誕生日おめでとうございます🎂" in said(misaki.hears())
    assert misaki.points == before + 100
    scenario.pass_time(hours=3)
    assert misaki.points == before + 100

    scenario.pass_time(days=365)
    days = [each.occurred_on for each in ledger.history(misaki.customer.id) if each.action == Action.BIRTHDAY]
    assert [str(day) for day in days] == ["2027-04-20", "2026-04-20"]


def test_a_changed_birthday_brings_no_second_wish_in_the_year(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("誕生日")
    misaki.says("4/2")
    scenario.pass_time(days=1)
    with write_transaction():
        birthdays.change(misaki.customer.id, 4, 20, staff_id=7)
    scenario.pass_time(days=18)
    wishes = [each for each in ledger.history(misaki.customer.id) if each.action == Action.BIRTHDAY]
    assert len(wishes) == 1


def test_a_birthday_on_which_the_clock_stood_still_is_made_up_once(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer(), scenario.customer("山本 健太")
    for phone, day in ((misaki, "12/30"), (kenta, "12/28")):
        phone.says("誕生日")
        phone.says(day)
    scenario.pass_time(days=270)  # 27 December
    for phone in (misaki, kenta):
        phone.hears()
    scenario.sleep(days=6)  # the clock is down until 2 January
    for _ in range(3):
        scenario.pass_time(hours=1)

    assert said(misaki.hears()).count("お誕生日おめでとうございます🎂") == 1
    assert "お誕生日おめでとうございます🎂" not in said(kenta.hears()), "five days late is no wish any more"
    wishes = [each for each in ledger.history(misaki.customer.id) if each.action == Action.BIRTHDAY]
    assert [each.cause for each in wishes] == [f"birthday:{misaki.customer.id}:2026"]
    scenario.pass_time(days=362)  # 30 December
    assert "お誕生日おめでとうございます🎂" in said(misaki.hears())


@pytest.mark.parametrize("is_a_complaint", [True, False])
def test_a_birthday_amid_trouble_brings_its_points_at_once_and_the_wish_with_the_end_of_a_plain_conversation(
    scenario: Scenario, is_a_complaint: bool
) -> None:
    misaki = scenario.customer()
    misaki.says("誕生日")
    misaki.says("4/3")
    if is_a_complaint:
        misaki.says("アンケート")
        misaki.taps("2")
    misaki.says("スタッフと話す")
    before = misaki.points
    scenario.pass_time(days=2)
    assert misaki.points == before + 100
    assert "お誕生日" not in said(misaki.hears())

    scenario.staff_resolve(misaki.ticket)
    assert ("お誕生日おめでとうございます🎂" in said(misaki.hears())) == (not is_a_complaint)

    misaki.says("スタッフと話す")
    scenario.staff_resolve(misaki.ticket)
    assert "お誕生日" not in said(misaki.hears()), "once"
