"""Which staff an @ in a note mentions."""

import pytest

from support.tickets.mentions import mentioned

NAMES = {1: "佐藤 はな", 2: "鈴木 一郎", 3: "鈴木 次郎", 4: "Ken Mori"}


@pytest.mark.parametrize(
    ("note", "who"),
    [
        ("@佐藤 はな さん、見てもらえますか", {1}),
        ("＠佐藤さん、お願いします", {1}),
        ("@佐藤はな @鈴木一郎 確認お願いします", {1, 2}),
        ("@鈴木 次郎へ", {3}),
        ("@鈴木さん", set()),  # two people have that name: neither is meant
        ("cc @KEN", {4}),
        ("佐藤さんから電話がありました", set()),
        ("mail@example.jp", set()),
        ("", set()),
    ],
)
def test_names_after_an_at(note: str, who: set[int]) -> None:
    assert mentioned(note, NAMES) == who


def test_a_name_is_meant_in_whichever_kanji_it_is_written() -> None:
    assert mentioned("@山崎 さんへ", {1: "山﨑 健", 2: "髙橋 美"}) == {1}
    assert mentioned("@高橋美", {1: "山﨑 健", 2: "髙橋 美"}) == {2}
