"""Text comparison in search: both sides are folded, so that spellings of a name match."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.folding import VARIANTS, folded, letters

ALIKE = [
    *(
        ("山﨑", "山崎"),
        ("山嵜", "山崎"),
        ("髙橋", "高橋"),
        ("高槗", "高橋"),
        ("齋藤", "斉藤"),
        ("齊藤", "斎藤"),
    ),
    *(("渡邊", "渡辺"), ("渡邉", "渡辺"), ("渡邉\U000e0101", "渡辺"), ("澤田", "沢田"), ("濵﨑", "浜崎")),
    *(
        ("濱口", "浜口"),
        ("廣瀨", "広瀬"),
        ("國分", "国分"),
        ("櫻井", "桜井"),
        ("嶋田", "島田"),
        ("冨田", "富田"),
    ),
    *(("𠮷野家", "吉野家"), ("眞鍋", "真鍋"), ("德永", "徳永"), ("龍之介", "竜之介"), ("瀧本", "滝本")),
    *(
        ("舘ひろし", "館ひろし"),
        ("柳\ufe00", "柳"),
        ("葛\U000e0100城", "葛城"),
        ("曾我", "曽我"),
        ("惠美", "恵美"),
    ),
    *(
        ("ﾔﾏｻﾞｷ", "やまざき"),
        ("ヤマザキ", "やまざき"),
        ("ﾊﾟﾝ", "ぱん"),
        ("関ヶ原", "関ケ原"),
        ("ヴィオラ", "ゔぃおら"),
    ),
    *(
        ("ＥＣ－１００１", "ec-1001"),
        ("①", "1"),
        ("Straße", "STRASSE"),
        ("山\u200b崎", "山崎"),
        ("㈱", "(株)"),
    ),
]


@pytest.mark.parametrize(("written", "sought"), ALIKE)
def test_both_spellings_match(written: str, sought: str) -> None:
    assert folded(written) == folded(sought)


@pytest.mark.parametrize(
    ("one", "other"),
    [("山崎", "川崎"), ("阪本", "坂本"), ("はし", "ばし"), ("びょう", "びよう"), ("1001", "1002")],
)
def test_what_differs_stays_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_no_kanji_stands_in_two_groups() -> None:
    written = "".join("".join(group) for group in VARIANTS.split())
    assert sorted({letter for letter in written if written.count(letter) > 1}) == []
    assert all(len(unicodedata.normalize("NFKC", group)) > 1 for group in VARIANTS.split())


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet="ﾊﾞﾟﾌか\u3099は﨑邉\U000e0101ａA\u200bé\u0301", max_size=12))
def test_pieces_fold_alone_as_they_fold_in_the_text(text: str) -> None:
    assert "".join(letters(text)) == text
    assert "".join(folded(piece) for piece in letters(text)) == folded(text)
