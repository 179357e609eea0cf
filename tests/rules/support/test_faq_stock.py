"""The FAQ that new shops begin with: what customers write, and which entry must come of it."""

import csv
from functools import cache
from pathlib import Path

import pytest

from support.faq.search import Decision, Entry, FaqVerdict, Index

STOCK = Path(__file__).resolve().parents[3] / "support" / "faq_stock.csv"

# What a customer may write -> the question whose entry helps. The entry is the answer or among the
# suggestions.
ASKED = [
    ("送料はいくらかかりますか", "送料はいくらですか？"),
    ("送料教えてください", "送料はいくらですか？"),
    ("送料っていくら？", "送料はいくらですか？"),
    ("北海道までの送料", "送料はいくらですか？"),
    ("商品がまだ届きません。", "商品がまだ届きません"),
    ("注文した商品がまだ届かないのですが", "商品がまだ届きません"),
    ("いつ届きますか", "注文した商品はいつ届きますか？"),
    ("注文した商品いつ届く", "注文した商品はいつ届きますか？"),
    ("配送状況を知りたい", "配達状況を確認する方法を教えてください"),
    ("追跡番号を教えて", "配達状況を確認する方法を教えてください"),
    ("日時指定はできますか", "お届け日時の指定はできますか？"),
    ("届け先の住所を変えたい", "届け先の住所を変更したいです"),
    ("住所変更したいです", "届け先の住所を変更したいです"),
    ("再配達してほしい", "不在で受け取れませんでした"),
    ("置き配できますか", "置き配や宅配ボックスは使えますか？"),
    ("海外発送はできますか？", "海外への発送はできますか？"),
    ("送料無料はいくらからですか", "送料無料になる条件はありますか？"),
    ("同梱してもらえますか", "まとめて送ってもらえますか？"),
    ("注文をキャンセルしたい", "注文をキャンセルしたいです"),
    ("キャンセルしたいんですけど", "注文をキャンセルしたいです"),
    ("さっきの注文取り消しできますか", "注文をキャンセルしたいです"),
    ("数量を変更したい", "注文の内容を変更したいです"),
    ("確認メールが届かない", "注文できたか確認したいです"),
    ("注文方法が知りたい", "注文方法を教えてください"),
    ("再入荷はいつですか", "品切れの商品は再入荷しますか？"),
    ("返品したいのですが", "返品はできますか？"),
    ("返品できますか？", "返品はできますか？"),
    ("返品の方法", "返品はできますか？"),
    ("交換してもらえますか", "商品を交換してもらえますか？"),
    ("届いた商品が壊れていた", "届いた商品が壊れていました"),
    ("届いたら割れてました", "届いた商品が壊れていました"),
    ("違う商品が届いた", "注文と違う商品が届きました"),
    ("注文した商品と違うものが届きました", "注文と違う商品が届きました"),
    ("商品が一つ足りない", "商品が足りません"),
    ("返品の送料はどちら負担ですか", "返品の送料は誰が払いますか？"),
    ("返金はいつですか", "返金はいつになりますか？"),
    ("定期便を解約したい", "定期便を解約したいです"),
    ("解約したいです", "定期便を解約したいです"),
    ("定期便の解約方法を教えてください", "定期便を解約したいです"),
    ("定期便を休みたい", "定期便をお休みしたいです"),
    ("定期便を一回スキップできますか", "定期便をお休みしたいです"),
    ("次回のお届け日を変更したい", "定期便の次回お届け日を変更したいです"),
    ("定期便の間隔を変えたい", "定期便のお届け間隔を変えられますか？"),
    ("定期便の縛りはありますか", "定期便に回数の縛りはありますか？"),
    ("定期便を再開したい", "お休み中の定期便を再開したいです"),
    ("支払い方法は何がありますか", "どんな支払い方法がありますか？"),
    ("支払方法を教えて", "どんな支払い方法がありますか？"),
    ("コンビニ払いできますか", "どんな支払い方法がありますか？"),
    ("支払い方法を変更できますか", "支払い方法を変更したいです"),
    ("カードの期限が切れたので更新したい", "クレジットカードの情報を更新したいです"),
    ("クレジットカードがエラーになる", "カード決済がエラーになります"),
    ("支払い期限を過ぎてしまいました", "支払いの期限はいつまでですか？"),
    ("払込票をなくしてしまいました", "払込票をなくしました"),
    ("二重に引き落とされている", "代金が二重に引き落とされています"),
    ("領収書が欲しいです", "領収書は発行できますか？"),
    ("領収書発行してもらえますか", "領収書は発行できますか？"),
    ("インボイス対応していますか", "インボイス（適格請求書）に対応していますか？"),
    ("使い方がわからない", "商品の使い方を教えてください"),
    ("使い方を教えてほしい", "商品の使い方を教えてください"),
    ("肌に合わない", "肌に合わないときはどうすればいいですか？"),
    ("肌が赤くなってかゆい", "肌に合わないときはどうすればいいですか？"),
    ("飲んだら気持ち悪くなった", "食べたあと体調が悪くなりました"),
    ("アレルギーがあっても大丈夫ですか", "アレルギーがあるのですが使えますか？"),
    ("成分を教えてください", "成分や原材料を知りたいです"),
    ("妊娠中でも飲めますか", "妊娠中や授乳中でも使えますか？"),
    ("薬と一緒に飲んでも大丈夫ですか", "薬を飲んでいますが一緒に使えますか？"),
    ("賞味期限はいつまでですか", "賞味期限や使用期限はどのくらいですか？"),
    ("賞味期限が切れてしまった", "期限が切れた商品は使えますか？"),
    ("保存方法は？", "保存方法を教えてください"),
    ("効果が感じられない", "効果はどのくらいで感じられますか？"),
    ("サンプルはありますか", "お試しやサンプルはありますか？"),
    ("ラッピングできますか", "ギフト包装はできますか？"),
    ("のしを付けてほしい", "ギフト包装はできますか？"),
    ("メッセージカードを付けたい", "メッセージカードを付けられますか？"),
    ("今のポイントは？", "今のポイントを知りたいです"),
    ("ポイントが付いてない", "ポイントが付いていません"),
    ("ポイントの使い方", "ポイントの使い方を教えてください"),
    ("会員ランクって何ですか", "会員ランクとは何ですか？"),
    ("友達を紹介したい", "友達を紹介するにはどうすればいいですか？"),
    ("ログインできない", "ログインできません"),
    ("パスワードを忘れました", "ログインできません"),
    ("退会したい", "退会したいです"),
    ("個人情報の扱いについて", "個人情報はどのように扱われますか？"),
    ("配信を停止したい", "お知らせの配信を止めたいです"),
    ("電話番号は何番ですか", "問い合わせ先を教えてください"),
    ("営業時間は何時までですか", "営業時間を教えてください"),
    ("返信がまだ来ない", "返信が来ないのですが"),
]

# Messages that no entry helps with: thanks, greetings, small talk, other people's business.
NOT_ASKED = [
    "こんにちは",
    "ありがとう",
    "ありがとうございます！",
    "了解です",
    "はい",
    "おはようございます☀",
    "今日は暑いですね",
    "いい天気ですね",
    "元気ですか？",
    "あなたの名前は？",
    "暇だなあ",
    "おやすみ",
    "おもしろい",
    "お腹すいた",
    "明日の天気を教えて",
    "好きな食べ物は何ですか",
    "また買いますね",
    "とても良かったです",
    "無事届きました、ありがとう",
    "すごく気に入りました",
    "求人に応募したいです",
    "社長の名前を教えてください",
    "駐車場はありますか",
    "店舗はどこにありますか",
    "取材をお願いしたい",
    "ふるさと納税の返礼品ですか",
]


@cache
def stock() -> list[dict[str, str]]:
    with STOCK.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def index() -> Index:
    return Index(
        Entry(number, row["質問"], row["回答"], tuple(row["言い換え"].split("|")))
        for number, row in enumerate(stock())
    )


def titles(decision: Decision) -> list[str]:
    return [stock()[number]["質問"] for number in decision.entry_ids]


@pytest.mark.parametrize("row", stock(), ids=lambda row: row["質問"])
def test_an_entry_is_complete_and_short_enough_for_a_chat(row: dict[str, str]) -> None:
    assert all(row.values())
    assert len(row["質問"]) <= 40
    assert len(row["回答"]) <= 200
    assert 1 <= len(row["言い換え"].split("|")) <= 4


def test_the_stock_asks_nothing_twice_and_is_large_enough_to_start_with() -> None:
    phrases = [phrase for row in stock() for phrase in (row["質問"], *row["言い換え"].split("|"))]
    assert len(phrases) == len(set(phrases))
    assert len(stock()) >= 40


@pytest.mark.parametrize("row", stock(), ids=lambda row: row["質問"])
def test_every_written_phrase_is_answered_at_once(row: dict[str, str]) -> None:
    for phrase in (row["質問"], *row["言い換え"].split("|")):
        decision = index().decide(phrase)
        assert (decision.verdict, titles(decision)) == (FaqVerdict.ANSWER_OUTRIGHT, [row["質問"]])


def test_what_customers_write_finds_its_entry() -> None:
    missed = [(words, title) for words, title in ASKED if title not in titles(index().decide(words))]
    assert len(missed) <= 0.05 * len(ASKED), missed


def test_what_is_answered_at_once_is_right() -> None:
    decisions = [(words, title, index().decide(words)) for words, title in ASKED]
    outright = [each for each in decisions if each[2].verdict is FaqVerdict.ANSWER_OUTRIGHT]
    wrong = [(words, titles(decision)) for words, title, decision in outright if titles(decision) != [title]]
    assert len(outright) >= 0.3 * len(ASKED)
    assert not wrong


@pytest.mark.parametrize("words", NOT_ASKED)
def test_chitchat_is_never_answered_with_an_entry(words: str) -> None:
    assert index().decide(words).verdict is not FaqVerdict.ANSWER_OUTRIGHT
