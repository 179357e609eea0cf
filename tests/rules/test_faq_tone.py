"""Whose words call for a human being before any FAQ, and whose ask for nothing."""

import pytest

from support import tone
from support.bm25 import normalise

HUMAN_FIRST = [
    "最悪です。もう二度と買いません",
    "いい加減にしてください",
    "返金してください",
    "至急連絡ください！！",
    "詐欺じゃないですか",
    "肌が腫れて病院に行きました",
    "消費者センターに相談します",
    "ﾑｶつく",
    "対応がひどいです",
    "金返せ",
]
FAQ_WILL_DO = [
    "送料はいくらですか？",
    "定期便を解約したいです",
    "賞味期限を教えてください",
    "怒っていないので大丈夫ですよ",
    "クレームではありませんが、少し使いにくいです",
    "急ぎませんので、お手すきのときにお願いします",
    "とても良い商品でした",
    "こんにちは",
    "",
]


@pytest.mark.parametrize("words", HUMAN_FIRST)
def test_a_human_comes_first(words: str) -> None:
    assert tone.wants_a_human_first(words)


@pytest.mark.parametrize("words", FAQ_WILL_DO)
def test_the_faq_comes_first(words: str) -> None:
    assert not tone.wants_a_human_first(words)


@pytest.mark.parametrize(
    "words", ["ありがとうございます😊", "はい", "ＯＫ！", "お願いします", "了解です。", "こんにちは〜"]
)
def test_courtesy(words: str) -> None:
    assert tone.is_courtesy(words)


@pytest.mark.parametrize("words", ["ありがとう、送料は？", "大丈夫ではないです", "送料", "", "😊"])
def test_more_than_courtesy(words: str) -> None:
    assert not tone.is_courtesy(words)


ASKED = """
これって送料かかりますか？ 送料かかりますか 送料はいくら 送料かかるかな いつ届きますか 定休日はいつ 使い方を教えて
使い方を教えてください 教えてほしいのですが 解約方法が知りたい 質問があります 聞きたいことがあるのですが
"""
NOT_ASKED = """
肌がなめらか 髪がやわらか なかなか はるか はるかな また買います 友人に教えてもらって買いました
教えてもらって正解でした。 いつも何か買います 質問に答えてくれた
"""


@pytest.mark.parametrize("words", ASKED.split())
def test_a_question(words: str) -> None:
    assert tone.asks_something(words)


@pytest.mark.parametrize("words", NOT_ASKED.split())
def test_no_question(words: str) -> None:
    assert not tone.asks_something(words)


def test_the_lists_are_written_in_the_form_they_are_compared_in() -> None:
    for sign in tone.HUMAN_FIRST + tone.COURTESIES:
        assert sign == normalise(sign)
