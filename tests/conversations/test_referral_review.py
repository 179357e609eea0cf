"""A held referral, from the friend's code to what both are sent after the decision; and the days of the hold."""

import pytest

from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from rewards.referrals import referrals, review
from tests.conversations.scenario import Phone, Scenario, said


def code_of(phone: Phone) -> str:
    with write_transaction():
        return referrals.get_or_create_code(phone.customer.id)


def judge(scenario: Scenario, *, approve: bool) -> None:
    """Staff press one of the two buttons, as the console stores it; twice, as by a double click."""
    [held] = review.held()
    chat = Conversation.get_by_id(held.referee.conversation_id)
    data = {"referral_id": held.referral.id, "staff_id": 7, "approve": approve, "reason": "確認しました"}
    for _ in range(2):
        with write_transaction():
            inbox.put("referral.decided", held.event_id, chat.key, data, line_user_id=chat.line_user_id)
    scenario.settle()


def too_many(scenario: Scenario) -> tuple[Phone, Phone]:
    shop.use({"referrals": {"joined_a_day": 1}})
    hanako = scenario.customer()
    scenario.customer("一人目").says(f"紹介コード {code_of(hanako)} です")
    friend = scenario.customer("二人目")
    assert "スタッフが確認して" in said(friend.says(f"紹介コード {code_of(hanako)} です"))
    return hanako, friend


def test_approved_the_friend_is_welcomed_and_both_earn_when_they_buy(scenario: Scenario) -> None:
    hanako, friend = too_many(scenario)
    judge(scenario, approve=True)
    assert said(friend.hears()).count("ご紹介で来てくださったんですね") == 1
    friend.buys(3_980, "A-1")
    assert "お礼に200ポイント" in said(hanako.hears())
    assert (hanako.points, friend.points) == (230, 30 + 39 + 200)


def test_rejected_the_friend_hears_it_kindly_and_the_referrer_is_not_bothered(scenario: Scenario) -> None:
    hanako, friend = too_many(scenario)
    judge(scenario, approve=False)
    assert said(friend.hears()).count("特典の対象になりませんでした") == 1
    friend.buys(3_980, "A-1")
    assert hanako.hears() == []
    assert (hanako.points, friend.points) == (30, 30 + 39)


def test_one_address_for_both_waits_in_silence_and_is_paid_once_when_approved(scenario: Scenario) -> None:
    hanako, friend = scenario.customer(), scenario.customer("家族")
    scenario.order("A-1", 3_980, line_user_id=hanako.user_id, email="home@example.jp")
    hanako.hears()
    friend.says(f"紹介コード {code_of(hanako)} です")
    scenario.order("A-2", 3_980, line_user_id=friend.user_id, email="home@example.jp")
    assert "ご紹介" not in said(friend.hears())
    assert hanako.hears() == []
    judge(scenario, approve=True)
    assert "200ポイント" in said(hanako.hears())
    assert "200ポイント" in said(friend.hears())


def test_one_home_for_both_waits_in_silence_and_a_family_is_paid_when_approved(scenario: Scenario) -> None:
    hanako, friend = scenario.customer(), scenario.customer("家族")
    at_home = {"postal_code": "150-0041", "address": "東京都渋谷区神南1-19-11 コーポ101"}
    scenario.order("A-1", 3_980, line_user_id=hanako.user_id, **at_home)
    hanako.hears()
    friend.says(f"紹介コード {code_of(hanako)} です")
    at_home = {"postal_code": "１５０００４１", "address": "渋谷区神南一丁目１９番１１号 コーポ１０１号室"}
    scenario.order("A-2", 3_980, line_user_id=friend.user_id, **at_home)
    assert "ご紹介" not in said(friend.hears())
    assert hanako.hears() == []
    judge(scenario, approve=True)
    assert "200ポイント" in said(hanako.hears())
    assert "200ポイント" in said(friend.hears())


def test_both_hear_of_it_when_the_days_of_the_hold_are_over(scenario: Scenario) -> None:
    shop.use({"referrals": {"hold_days": 8}})
    hanako, friend = scenario.customer(), scenario.customer("友達")
    friend.says(f"紹介コード {code_of(hanako)} です")
    assert "ご紹介" not in said(friend.buys(3_980, "A-1"))
    scenario.pass_time(days=7)
    assert hanako.hears() == []
    scenario.pass_time(days=1)
    assert "お礼に200ポイント" in said(hanako.hears())
    assert "ご紹介でのはじめてのお買い物のお礼に、200ポイント" in said(friend.hears())
    scenario.pass_time(days=1)
    assert hanako.hears() == []


@pytest.mark.parametrize(
    ("hers", "friends"),
    [
        ("ref.owner@gmail.com", "ref.owner+2@gmail.com"),
        ("refowner@gmail.com", "r.e.f.owner@googlemail.com"),
        ("hana+shop@gmail.com", "h.ana@gmail.com"),
        ("hana@outlook.jp", "Hana+friend@outlook.jp"),
        ("hana@icloud.com", "hana+x@me.com"),
        ("hana@yahoo.co.jp", "hana-friend@yahoo.co.jp"),
    ],
)
def test_an_alias_of_the_referrers_mailbox_waits_for_a_person(
    scenario: Scenario, hers: str, friends: str
) -> None:
    hanako, friend = scenario.customer(), scenario.customer("別名")
    scenario.order("A-1", 3_980, line_user_id=hanako.user_id, email=hers, phone="090-7777-1111")
    friend.says(f"紹介コード {code_of(hanako)} です")
    scenario.order("A-2", 3_980, line_user_id=friend.user_id, email=friends)
    friend.hears()
    [held] = review.held()
    assert (held.referral.reason, held.shared) == ("shared_identity", ["email"])
    assert (hanako.points, friend.points) == (30 + 39, 30 + 39)


def test_a_mailbox_of_ones_own_is_no_alias(scenario: Scenario) -> None:
    hanako, friend = scenario.customer(), scenario.customer("お友達")
    scenario.order("A-1", 3_980, line_user_id=hanako.user_id, email="hana.sato@example.jp")
    friend.says(f"紹介コード {code_of(hanako)} です")
    scenario.order("A-2", 3_980, line_user_id=friend.user_id, email="hanasato@example.jp")
    friend.hears()
    assert review.held() == []
    assert friend.points == 30 + 39 + 200
