"""The wish to be erased, said in the chat, becomes a ticket that says so to staff; erasing itself is an owner's."""

import pytest

from customers.people.customer import Customer
from support.tickets import tickets
from tests.conversations.scenario import Phone, Scenario, said
from tests.conversations.test_pictures import BASE, console

__all__ = ("console",)


def ticket_of(phone: Phone) -> tickets.Ticket:
    found = phone.ticket
    assert found is not None
    return found


@pytest.mark.parametrize("words", ["個人情報を削除してほしい", "データを消して", "退会したい"])
def test_the_customer_hears_once_who_sees_to_it_and_by_when(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()

    heard = said(misaki.says(words))

    assert "お店の責任者がいたします" in heard
    assert "までに、このトークでお返事します" in heard
    assert "スタッフと話す" not in heard
    ticket = ticket_of(misaki)
    assert (ticket.cause, ticket.asked_change) == ("erasure", "erasure")
    assert f"個人情報の削除のご希望：「{words}」" in ticket.note
    assert "責任者" not in said(misaki.says("個人情報を消してください"))


@pytest.mark.parametrize(
    "words", ["キャンセルしたい", "予約を消して", "通知を消したい", "退会方法", "退会しました"]
)
def test_other_wishes_are_not_taken_for_it(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()

    assert "責任者" not in said(misaki.says(words))
    assert misaki.ticket is None or misaki.ticket.asked_change == ""


def test_who_wants_no_more_messages_either_gets_none(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "責任者" in said(misaki.says("退会します。もうメッセージはいりません"))
    assert Customer.get().opted_out_at is not None


def test_in_an_open_chat_it_is_noted_and_nothing_is_promised_to_the_angry(scenario: Scenario) -> None:
    misaki, furious = scenario.customer("佐藤 美咲"), scenario.customer("田中 健一")
    misaki.says("スタッフ")
    furious.says("ふざけんな金返せ")

    assert "責任者" in said(misaki.says("やっぱり退会したいです"))
    assert "責任者" not in said(furious.says("個人情報を全部削除してください"))
    for phone in (misaki, furious):
        assert ticket_of(phone).asked_change == "erasure"


def test_it_can_be_taken_back(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("退会したい")

    misaki.taps("やっぱりいいです")

    assert misaki.ticket is None


def test_staff_see_what_it_is_and_an_owner_the_way_to_it(scenario: Scenario, console: object) -> None:
    misaki = scenario.customer()
    misaki.says("退会したい")
    page = scenario.web.get(f"/console/tickets/{ticket_of(misaki).id}", base_url=BASE).text

    assert "個人情報を消してほしい、というご希望です。" in page
    assert "オーナーが、お客様のページから消します。" in page
