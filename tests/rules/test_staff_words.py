"""スタッフ, however it is spelt; and what only sounds like it."""

import pytest

from support.staff_words import asks_for_staff

WISHES = """
スタッフ ｽﾀｯﾌ すたっふ スタッフさん スタッフ！ スタッフと話したい スタッフと話せますか？
スタッフにつないで スタッフお願いします スタッフを呼んでください スタッフに相談したいです
スタッフに聞きたい スタッフいますか スタッフに直接話したい オペレーター オペレータにつないでください
人と話したい 人間と話したいです 担当者 担当の方お願いします 担当者に代わってください 有人対応希望
店員さん 店長を出してください お問い合わせ 問合せ 問い合わせしたいです staff STAFF
talk-to-a-human
"""
OTHERS = """
スタッフさんの対応がよかったです スタッフの説明がわかりやすい スタッフが親切で感動しました
店員さんに聞いた 担当者の態度が悪い 人気の商品は 人に贈りたい 人が多い 人にお願いされた 人 係 方法
ひと月分ください 人参は使っていますか 友人に聞いた 代わりの品 商品について聞きたい
"""


@pytest.mark.parametrize("words", WISHES.split())
def test_a_wish_for_a_person(words: str) -> None:
    assert asks_for_staff(words)


@pytest.mark.parametrize("words", OTHERS.split())
def test_no_wish_for_a_person(words: str) -> None:
    assert not asks_for_staff(words)


def test_a_long_text_says_more_than_that() -> None:
    assert not asks_for_staff("スタッフ" + "お願いします" * 10)
