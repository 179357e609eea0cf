"""Words in kana are matched with the FAQ's spelling in kanji; other words stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.text.spelling import Spelling, readings

SPELLING = Spelling(
    [
        "送料無料になる条件は？",
        "注文をキャンセルしたい",
        "返品の方法と日時指定",
        "商品がまだ届きません",
        "ラッピングできますか。おすすめはどれ？",
    ]
)

SPELT = [
    ("そうりょうはいくら", "送料はいくら"),
    ("ソウリョウ ハ イクラ", "送料はいくら"),
    ("ｿｳﾘｮｳﾑﾘｮｳﾆﾅﾙﾉﾊｲｸﾗｶﾗ", "送料無料になるのはいくらから"),
    ("きゃんせるしたい", "キャンセルしたい"),
    ("キャンセルデキマスカ", "キャンセルできますか"),
    ("らっぴんぐできますか", "ラッピングできますか"),
    ("まだとどかない", "まだ届かない"),  # by its kanji: the FAQ has 「届きません」
    ("じかんしていできますか", "じかんしていできますか"),  # 「間」 is nowhere in the FAQ
    ("おすすめは", "お勧めは"),  # written so on both sides, it has a gram
    ("注文ないようを変えたい", "注文ないようを変えたい"),  # 「内容」 is not a word of this FAQ
    ("へんぴんの方法", "返品の方法"),
    ("発送していただけますか", "発送していただけますか"),  # no 「指定」
    ("まとめて送って", "まとめて送って"),
    ("ハワイに送れますか", "ハワイに送れますか"),
    ("テスト", "テスト"),
    ("ＡＢＣ　１２", "ABC 12"),
    ("", ""),
]


@pytest.mark.parametrize(("words", "expected"), SPELT)
def test_words_in_kana_are_spelt_as_the_stock_does(words: str, expected: str) -> None:
    assert SPELLING.respelt(words) == expected


def test_an_empty_stock_changes_nothing() -> None:
    assert Spelling([]).respelt("そうりょうはいくら") == "そうりょうはいくら"


def test_the_readings_are_hiragana_and_long_enough_to_be_distinct_from_grammar() -> None:
    for reading, words in readings().items():
        assert len(reading) >= 2 and all("ぁ" <= letter <= "ゖ" or letter == "ー" for letter in reading), (
            reading
        )
        assert all(words)


@given(st.text(max_size=60))
def test_spelling_twice_changes_no_more(words: str) -> None:
    once = SPELLING.respelt(words)
    assert SPELLING.respelt(once) == once
