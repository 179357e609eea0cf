"""A customer adds the shop, uses the menu, blocks and comes back."""

import pytest

from demo.line.accounts import Friendship
from demo.line.faults import FaultKind
from tests.conversations.scenario import Scenario, said


def test_a_new_customer_is_greeted_by_name_and_becomes_basic(scenario: Scenario) -> None:
    misaki = scenario.customer("佐藤 美咲", follows=False)

    hello, menu = misaki.follows()

    assert "佐藤 美咲さん、はじめまして！ひだまり堂です" in hello
    assert "ベーシック会員です" in menu
    assert misaki.buttons == {"ご注文の状況", "よくある質問", "スタッフと話す"}


def test_the_welcome_offers_each_choice_once(scenario: Scenario) -> None:
    """Its card has what a customer wants first, nothing below repeats it, and the rest is in the rich menu."""
    misaki = scenario.customer("佐藤 美咲", follows=False)
    misaki.follows()

    assert all("quickReply" not in message for message in misaki.handset.received())
    for choice in misaki.buttons:
        assert misaki.taps(choice), choice


def test_blocking_is_remembered_and_a_return_is_welcomed(scenario: Scenario) -> None:
    misaki = scenario.customer("佐藤 美咲")
    misaki.blocks()
    scenario.order("1001", 5_000, line_user_id=misaki.user_id)
    assert misaki.hears() == [], "nothing is pushed to somebody who blocked us"

    back = misaki.follows()

    assert "佐藤 美咲さん、おかえりなさい" in said(back)
    assert "いまのポイント\n80" in said(misaki.says("ポイント")), "30 for adding the shop, 50 for the order"


def test_a_return_after_the_greeting_is_no_first_meeting_and_no_second_gift(scenario: Scenario) -> None:
    misaki = scenario.customer("佐藤 美咲")
    for _ in range(3):
        misaki.blocks()
        misaki.follows()

    assert misaki.points == 30
    assert misaki.rank == "ベーシック"


def test_an_exchange_does_not_outlive_a_block(scenario: Scenario) -> None:
    misaki = scenario.customer("佐藤 美咲")
    misaki.says("アンケート")
    misaki.taps("8")
    misaki.blocks()
    misaki.follows()

    assert "うまく読み取れませんでした" in said(misaki.says("ぬるぽガッほげほげ"))


@pytest.mark.parametrize("first", ["こんにちは", "ポイント", "紹介"])
def test_somebody_who_was_there_before_the_bot_is_answered_and_their_name_learnt(
    scenario: Scenario, first: str
) -> None:
    kenta = scenario.friend_since_before_the_bot("山本 健太")

    heard = kenta.says(first)

    assert len(heard) == 1, "answered, and not greeted as new"
    assert kenta.customer.display_name == "山本 健太"
    assert len(kenta.says("こんにちは")) == 1


def test_somebody_who_was_there_before_the_bot_can_do_all_that_others_can(scenario: Scenario) -> None:
    kenta = scenario.friend_since_before_the_bot("山本 健太")
    kenta.says("アンケート")

    assert "10点！" in said(kenta.taps("10"))
    assert "お買い上げありがとうございます" in said(kenta.buys(5_000, "1001"))
    assert kenta.points == 70


def test_a_person_whose_profile_line_does_not_give_is_greeted_all_the_same(scenario: Scenario) -> None:
    misaki = scenario.customer("佐藤 美咲", follows=False)
    scenario.platform.faults.inject("user_profile", FaultKind.ERROR, times=100)

    hello = said(misaki.follows())
    for _ in range(5):
        scenario.sleep(seconds=10)
        hello += said(misaki.hears())

    assert hello.startswith("はじめまして！ひだまり堂です")


def test_a_block_that_is_reported_late_does_not_undo_a_return(scenario: Scenario) -> None:
    """LINE may deliver out of order: the latest by its timestamp holds."""
    misaki = scenario.customer("佐藤 美咲")
    misaki.handset.person.friendship = Friendship.STRANGER
    blocked = scenario.event("unfollow", source={"type": "user", "userId": misaki.user_id})
    scenario.sleep(minutes=5)
    misaki.follows()

    scenario.hears_from_line(blocked)

    scenario.order("1001", 5_000, line_user_id=misaki.user_id)
    assert "お買い上げありがとうございます" in said(misaki.hears())
