"""Which questions are about an order under way."""

import pytest

from support.faq.delivery import asks_where_it_is


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("いつ届きますか", True),
        ("注文した商品はいつ届きますか？", True),
        ("商品がまだ届きません", True),
        ("届かない", True),
        ("配達状況を確認する方法を教えてください", True),
        ("発送しましたか", True),
        ("発送はいつですか", True),
        ("荷物どこ？", True),
        ("不在で受け取れませんでした", True),
        ("送料はいくらですか？", False),
        ("海外への発送はできますか？", False),
        ("届け先の住所を変更したいです", False),
        ("定期便の次回お届け日を変更したいです", False),
        ("届いた商品が壊れていました", False),
        ("返金はいつになりますか？", False),
        ("品切れの商品はいつ入荷しますか？", False),
        ("紹介のポイントはいつもらえますか？", False),
        ("", False),
    ],
)
def test_a_question_is_about_an_order_under_way(question: str, expected: bool) -> None:
    assert asks_where_it_is(question) is expected
