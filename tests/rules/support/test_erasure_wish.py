"""Which words wish personal information to be erased; which deny it, ask for the way, or mean something else."""

import json
from pathlib import Path

import pytest

from support.listening.erasure_wish import wishes_erasure
from support.listening.folding import fold

MESSAGES = Path(__file__).parents[3] / "benchmarks" / "faq_messages.jsonl"
WISHED = """
個人情報を削除してほしい
個人情報の削除をお願いします
個人情報の削除を希望します
データを消して
データ消してください
私のデータ全部消してもらえますか
登録情報を全部消してください
会員登録を消したい
会員登録を抹消していただきたく存じます
アカウント消したい
アカウント削除
登録を消してください
お客様情報の消去をお願いいたします
個人情報消してください、もう送らないで
個人情報って消せますか？
退会したい
退会したいです
退会します
もう退会でお願いします
たいかいしたい
退会させてください
会員をやめたいです
いろいろとお世話になりました。退会したいです。ありがとうございました。
退会手続きお願いします。個人情報も全部消してください。
"""
NOT_WISHED = """
キャンセルしたい
注文を取り消したい
予約を消して
予約を消してほしいです
通知を消したい
通知を消してください
お知らせを止めて
メルマガを退会したい
定期便を退会したい
定期をやめたい
履歴を消したい
写真を消してください
感想を消したいです
カートの商品を消して
クーポンを消してしまいました
トークを消してしまった
しみを消したい
データが消えました
データを消しても大丈夫ですか
エラーが出て消したい
LINEのアカウントを消したい
退会方法
退会方法を知りたい
退会するにはどうすればいいですか
退会したらポイントはどうなりますか
退会しました
退会しません
退会したくないです
先月退会したのにメールが来る
会員をやめたらどうなる
個人情報はどのように扱われますか？
個人情報は削除されますか
個人情報を削除していただきありがとうございました
アカウントは削除しました
登録を変更したい
お届け先の登録を消して
住所を変えてほしい
前の住所を消して
"""


@pytest.mark.parametrize("words", WISHED.split("\n")[1:-1])
def test_these_wish_to_be_erased(words: str) -> None:
    assert wishes_erasure(fold(words))


@pytest.mark.parametrize("words", NOT_WISHED.split("\n")[1:-1])
def test_these_do_not(words: str) -> None:
    assert not wishes_erasure(fold(words))


def test_no_question_about_something_else_is_taken_for_the_wish() -> None:
    about = {"退会したいです", "個人情報はどのように扱われますか？"}
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    found = [row["query"] for row in rows if wishes_erasure(fold(row["query"]))]
    assert [
        each["query"] for each in rows if each["query"] in found and not about & {*each["relevant"]}
    ] == []
    assert len(found) >= 4
