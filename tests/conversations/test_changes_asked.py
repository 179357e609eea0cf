"""A change of address, delivery or subscription asked for in the chat becomes a ticket with what staff need."""

import pytest

from support.tickets.tickets import Ticket
from tests.conversations.scenario import Phone, Scenario, said


def ticket_of(phone: Phone) -> Ticket:
    found = phone.ticket
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "kind", "needed"),
    [
        ("お届け先の住所を変更していただけますか", "address", "新しいお届け先"),
        ("配達日ずらしたい", "delivery", "ご希望のお届け日と時間帯"),
        ("ていきびん いっかい やすみたい", "subscription", "変えたいこと"),
        ("定期便を解約したいです", "subscription", "変えたいこと"),
    ],
)
def test_one_message_asks_for_all_that_staff_need(
    scenario: Scenario, words: str, kind: str, needed: str
) -> None:
    misaki = scenario.customer()

    heard = said(misaki.says(words))

    assert "1通にまとめて" in heard
    assert needed in heard
    assert "ご注文番号" in heard
    assert "までに、このトークでお返事します" in heard
    ticket = ticket_of(misaki)
    assert (ticket.cause, ticket.asked_change, ticket.state) == ("change", kind, "waiting")
    assert words in ticket.note


def test_the_next_message_is_attached_and_the_form_is_not_sent_again(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("住所変更お願いします")
    details = "注文1001、新しい住所に変えてください 〒110-0005 台東区上野1-2-3 佐藤美咲 09012345678"

    heard = said(misaki.says(details))

    assert "スタッフにお渡ししました" in heard
    assert "1通にまとめて" not in heard
    assert details in ticket_of(misaki).note
    assert misaki.says("部屋番号は305です") == [], "from here on it is staff's"


def test_an_order_that_was_not_sent_yet_is_named(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.buys(5_000, "A-1001")

    assert "・ご注文 A-1001" in said(misaki.says("届け先を変えたいです"))


def test_thanks_and_a_question_are_not_the_details(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("配達日を変更したいです")

    for words in ("ありがとうございます", "送料はかかりますか？"):
        assert "お渡ししました" not in said(misaki.says(words))
    assert "お渡ししました" in said(misaki.says("12月5日の午前中、注文1001です"))


def test_a_request_that_says_it_all_asks_only_for_the_order(scenario: Scenario) -> None:
    misaki = scenario.customer()

    heard = said(misaki.says("お届け先を〒110-0005 台東区上野1-2-3に変更してください"))

    assert "いただいた内容を" in heard
    assert "新しいお届け先（" not in heard
    assert ticket_of(misaki).details_at is not None


@pytest.mark.parametrize(
    "words",
    ["住所変更は不要です", "住所変更しました", "定期便ってどうやって解約するん？", "定期便はいつ届きますか"],
)
def test_what_asks_for_no_change_opens_no_ticket(scenario: Scenario, words: str) -> None:
    misaki = scenario.customer()

    misaki.says(words)

    assert misaki.ticket is None


def test_the_angry_get_no_form(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("ふざけんな金返せ")

    assert misaki.says("定期便を解約したいです") == []


def test_it_can_be_taken_back(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("住所変更お願いします")

    misaki.taps("やっぱりいいです")

    assert misaki.ticket is None
