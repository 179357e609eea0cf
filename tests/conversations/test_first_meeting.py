"""Somebody adds the shop, looks round, leaves and comes back."""

from tests.conversations.town import Town, said


def test_a_new_customer_is_greeted_by_name_and_becomes_basic(town: Town) -> None:
    misaki = town.customer("佐藤 美咲", follows=False)

    hello, menu = misaki.follows()

    assert "佐藤 美咲さん、はじめまして！ひだまり堂です" in hello
    assert "ベーシック会員です" in menu
    assert {
        "ポイント",
        "ランク",
        "お友達を紹介",
        "アンケート",
        "よくある質問",
        "スタッフと話す",
    } <= misaki.buttons


def test_blocking_is_remembered_and_a_return_is_welcomed(town: Town) -> None:
    misaki = town.customer("佐藤 美咲")
    misaki.blocks()
    town.order("1001", 5_000, line_user_id=misaki.user_id)
    assert misaki.hears() == [], "nothing is pushed to somebody who blocked us"

    back = misaki.follows()

    assert "佐藤 美咲さん、おかえりなさい" in said(back)
    assert "いまのポイント\n80" in said(misaki.says("ポイント")), "30 for adding the shop, 50 for the order"
