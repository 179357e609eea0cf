"""Requests for staff, however they are worded; and messages that only sound like one."""

import pytest

from support.listening.staff_requests import asks_for_staff, asks_for_staff_too

NAMED = """
スタッフ ｽﾀｯﾌ すたっふ スタッフさん スタッフさーん スタッフ！ スタッフは？ オペレーター 担当者 有人対応 staff STAFF
"""
SPEAK = """
スタッフと話したい スタッフと話せますか？ スタッフと話がしたいんですけど スタッフさんとお話しできますか
スタッフに相談したいです スタッフに聞きたいことがあります スタッフに伝えたいことがあります スタッフと喋りたい
スタッフと話すにはどうすればいいですか 人と話したい 人間と話したいです 人間のオペレーターと話したい
中の人と話したい 店員さんと話したい 店員さんに質問したい 店長を出してください 責任者を出して 上の人を出して
詳しい方に聞きたいです お店の人につないで お店に連絡したいのですが サポートにつないで
カスタマーセンターに電話したい 誰かいますか だれか答えて 人いないの？ 相談したい 直接話したい
"""
CONNECT = """
スタッフにつないで スタッフにつなげて スタッフに繋いでいただくことはできますか スタッフお願いします
スタッフを呼んでください スタッフ出して スタッフ希望 スタッフどこ スタッフの方いらっしゃいますか
スタッフに見てほしい スタッフに対応してもらいたい 人に代わって 担当の方お願いします 担当の者に代わってください
有人チャットにつないで 窓口につないで お問い合わせ 問合せ 問い合わせしたいです talk-to-a-human
speak-to-someone
"""
CALL = """
スタッフに電話してほしい スタッフさんに電話してもらえますか スタッフから電話ください スタッフから連絡がほしい
スタッフと電話で話したい 電話でスタッフと話したい 電話してほしい お電話いただけますか 電話で相談したい
折り返し電話ください 連絡ください
"""
INSTEAD = """
AIじゃなくて人と話したい ボットではなく人に代わって 自動応答じゃなくてスタッフと話したい やっぱり人と話したい
すみません、スタッフと話したいです できればスタッフさんと話したいです 早く人に代わって とりあえずスタッフ出して
"""
PRAISED = """
スタッフさんの対応がよかったです スタッフの対応が良かった スタッフさんの対応 スタッフさんありがとう
スタッフがいい スタッフの説明がわかりやすい スタッフさんのおすすめが知りたい スタッフの皆さんによろしく
店長のファンです サポートが手厚い 話しやすい 連絡が早い 電話対応が丁寧でした お店の人が親切でした 人間らしい
"""
REPORTED = """
スタッフと話せてよかった スタッフに電話したらすぐ対応してくれた スタッフに電話したけどつながらなかった
スタッフに相談したら解決しました 店員さんに聞いた 担当者の態度が悪い 問い合わせしました
折り返し電話をもらえて助かった 相談してよかった 人にお願いされた
"""
DENIED = "スタッフと話したくない スタッフに電話しないでください 人と話すのが苦手 電話はいりません"
OTHERS = """
スタッフになりたい スタッフ募集していますか 人 係 方法 店 人気の商品は 人に贈りたい 人にすすめたい
人に教えたい 人が多い 人の話 人から聞いて 友人と話したい 家族に相談してから決めます 誰かにプレゼントしたい
お店はどこですか お店に行きたい サービスしてください ひと月分ください 人参は使っていますか 代わりの品
商品について聞きたい 電話番号を変更したい 問い合わせ先を教えて 担当者の連絡先を教えて agent-orange
thank-you-staff
"""


@pytest.mark.parametrize("words", (NAMED + SPEAK + CONNECT + CALL + INSTEAD).split())
def test_a_wish_for_a_person(words: str) -> None:
    assert asks_for_staff(words)


@pytest.mark.parametrize("words", (PRAISED + REPORTED + DENIED + OTHERS).split())
def test_no_wish_for_a_person(words: str) -> None:
    assert not asks_for_staff(words)
    assert not asks_for_staff_too(words)


@pytest.mark.parametrize(
    "words",
    [
        "箱がつぶれていました。スタッフと話したいです",
        "商品が届きません！！\n電話ください",
        "人と話したい\n\nずっと待っています",
    ],
)
def test_a_wish_beside_other_words(words: str) -> None:
    assert not asks_for_staff(words)
    assert asks_for_staff_too(words)


@pytest.mark.parametrize(
    "words", ["スタッフさん！とても良かったです", "ありがとう。スタッフさん", "！？", ""]
)
def test_an_address_is_no_wish(words: str) -> None:
    assert not asks_for_staff_too(words)


def test_a_long_sentence_says_more_than_that() -> None:
    assert not asks_for_staff("スタッフ" + "お願いします" * 10)


@pytest.mark.parametrize(
    ("text", "is_wish"),
    [
        ("私の情報を消して", True),
        ("個人情報の写しがほしい", True),
        ("登録情報の削除をお願いします", True),
        ("会員データを全部消したい", True),
        ("個人情報はどう扱われますか", False),
        ("会員情報を変更したい", False),
        ("個人情報を消されました", False),
    ],
)
def test_a_wish_about_ones_own_data_goes_to_staff(text: str, is_wish: bool) -> None:
    assert asks_for_staff(text) is is_wish
