"""Which words of a customer who waits take the request for staff back, and which only begin like it."""

import pytest

from support.listening import ConversationState, MessageKind, hear

WITHDRAWN = """
やっぱりいいです
やっぱいいや
やっぱ大丈夫です
ごめんなさい、やっぱりいいです🙏
やっぱりいいですー
やっぱりやめときます
やっぱり何でもないです
自己解決しました
自己解決しましたので大丈夫です
自力で解決できました
解決しました！ありがとうございます
電話で解決しました
家族に聞いて解決しました
先ほどの質問は取り消します
お手数ですが先程の件は取り消しでお願いします
相談は取り下げでお願いします
さっきの問い合わせ、なかったことにしてください
すみません間違えて押しました
もう結構です
返信不要です
荷物届きました。お返事不要です
用件は済みました
対応不要です、ありがとうございました
届きました！お騒がせしました
キャンセルで
"""
STAYS = """
やっぱり返品したい
やっぱり返品したいです
やっぱりキャンセルしたい
やっぱり交換でお願いします
やっぱり2つにしてください
やっぱり赤がいいです
やっぱりいいですか？
やっぱりやめたいです定期便
注文をキャンセルします
キャンセルできますか
解決しません
まだ解決していません
解決しましたか？
自己解決できません
見つかりません
大丈夫じゃないです
結構困っています
届きましたが壊れています
届きましたが、違う色でした
定期便を取り消してください
12月5日でいいです
間違えて注文しました
わかりました
お手すきのときで結構です
もういいです、他の店で買います
もういいです、返金してください
返品は不要です、交換してください
"""


@pytest.mark.parametrize("words", WITHDRAWN.split("\n")[1:-1])
def test_these_take_the_request_back(words: str) -> None:
    assert hear(words, ConversationState.WAITING).kind is MessageKind.WITHDRAW


@pytest.mark.parametrize("words", STAYS.split("\n")[1:-1])
def test_these_leave_it_with_staff(words: str) -> None:
    assert hear(words, ConversationState.WAITING).kind is not MessageKind.WITHDRAW


@pytest.mark.parametrize(
    "state", [ConversationState.IDLE, ConversationState.STAFF, ConversationState.COMMENT]
)
def test_only_who_waits_can_take_it_back(state: ConversationState) -> None:
    assert hear("やっぱりいいです", state).kind is not MessageKind.WITHDRAW
