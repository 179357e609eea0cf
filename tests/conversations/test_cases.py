"""A low score opens a ticket of cause detractor, whether or not the customer asks for staff; the bot goes on
helping."""

from bot.db.database import write_transaction
from support.tickets import case_assignment
from support.tickets.tickets import Ticket
from tests.conversations.scenario import STAFF, Phone, Scenario, said


def ticket_of(phone: Phone) -> Ticket:
    found = phone.ticket
    assert found is not None
    return found


def on_duty(*staff_ids: int) -> None:
    with write_transaction():
        for staff_id in staff_ids:
            case_assignment.begin(staff_id)


def test_a_detractor_opens_a_case_with_an_assignee_and_the_bot_goes_on_helping(scenario: Scenario) -> None:
    on_duty(STAFF)
    misaki = scenario.customer()

    misaki.says("アンケート")
    misaki.taps("2")

    case = ticket_of(misaki)
    assert (case.cause, case.assignee_id, case.handed_over_at) == ("detractor", STAFF, None)
    assert case.due_at is not None
    assert "ありがとうございます" in said(misaki.says("梱包が過剰でした")), (
        "the words are asked for and heard"
    )
    assert "ポイント" in said(misaki.says("ポイント"))
    assert ticket_of(misaki).id == case.id


def test_cases_are_assigned_in_turn(scenario: Scenario) -> None:
    on_duty(3, 4)
    cases = []
    for name in ("佐藤 美咲", "山本 健太", "鈴木 さくら", "高橋 恵"):
        phone = scenario.customer(name)
        phone.says("アンケート")
        phone.taps("1")
        cases.append(ticket_of(phone).assignee_id)
    assert cases == [3, 4, 3, 4]


def test_the_bot_is_silent_once_staff_wrote_to_a_detractor_or_they_asked_for_staff(
    scenario: Scenario,
) -> None:
    written_to, asking = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    for phone in (written_to, asking):
        phone.says("アンケート")
        phone.taps("2")
        phone.says("やめる")

    scenario.staff_say(ticket_of(written_to), "ご不便をおかけしました。")
    assert "スタッフにおつなぎしました" in said(asking.says("スタッフ"))

    for phone in (written_to, asking):
        phone.hears()
        assert phone.says("届くのが遅かったです") == []
        assert ticket_of(phone).handed_over_at is not None


def test_a_low_score_tapped_by_mistake_leaves_no_case(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("2")
    assert misaki.ticket is not None
    misaki.taps("9")
    assert misaki.ticket is None


def test_resolving_a_case_without_a_message_changes_nothing_for_the_customer(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("2")
    scenario.staff_resolve(misaki.ticket)
    assert misaki.hears() == []
