"""配信停止 and 退会, however they are put; and what only sounds like it."""

import pytest

from support.wishes import declines_messages, ends_something

NOTHING_MORE = """
配信停止してください 配信を停止したいです 配信停止お願いします 配信を止めてください お知らせはいりません
お知らせを止めて 通知いらない 通知を止めたいです もうメッセージ送らないで メッセージはもういらないです
LINEを止めてください 配信拒否
"""
ENDS = """
退会 退会したい 退会したいです。 退会の手続きをお願いします 解約 解約したいのですが 解約できますか？
定期便を解約したい 定期便をやめたいです 定期を止めてください 注文をキャンセルしたいです ご注文のキャンセルをお願いします
この注文を取り消してください 注文キャンセル 返品したい 返品できますか 返金してください アカウントを削除してください
"""
NEITHER = """
お知らせが楽しみです 配信の回数を減らしてほしい 通知の音がかわいい 返品がかんたんで助かりました
解約の心配がなくてうれしい 退会しようか迷っています
定期便がお得になったら 注文がしやすい キャンセル ありがとうございます
配送を早くしてほしい 注文の仕方を教えて メッセージカードがうれしかったです
"""


@pytest.mark.parametrize("words", NOTHING_MORE.split())
def test_who_wants_to_be_sent_nothing_more(words: str) -> None:
    assert declines_messages(words)
    assert not ends_something(words)


@pytest.mark.parametrize("words", ENDS.split())
def test_who_wants_to_end_something(words: str) -> None:
    assert ends_something(words)
    assert not declines_messages(words)


@pytest.mark.parametrize("words", NEITHER.split())
def test_what_wishes_for_neither(words: str) -> None:
    assert not declines_messages(words)
    assert not ends_something(words)


def test_a_long_text_says_more_than_that() -> None:
    assert not ends_something("返品したい" + "です" * 20)
