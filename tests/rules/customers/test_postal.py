"""Postal addresses as people and shop systems write them: which are the same place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import postal
from customers.values.parsing import BadValue

HOME = ("150-0041", "東京都渋谷区神南1-19-11 コーポ青山101")


@pytest.mark.parametrize(
    "written", ["150-0041", "1500041", "〒150-0041", "１５０－００４１", "150ー0041", "'150-0041"]
)
def test_a_postal_code_is_seven_digits(written: str) -> None:
    assert postal.code(written) == "1500041"


@pytest.mark.parametrize("written", ["", "150", "150-004", "150-00411", "SW1A 1AA", "渋谷区"])
def test_what_is_no_postal_code_is_refused(written: str) -> None:
    with pytest.raises(BadValue) as refused:
        postal.code(written)
    assert refused.value.code == "bad_postal_code"


@pytest.mark.parametrize(
    ("postal_code", "address"),
    [
        HOME,
        ("１５０００４１", "東京都渋谷区神南１－１９－１１　コーポ青山１０１"),
        ("〒150-0041", "渋谷区神南1丁目19番11号 コーポ青山101号室"),
        ("150-0041", "東京都 渋谷区 神南 1丁目19番地11 101"),
        ("150-0041", "渋谷区神南一丁目十九番十一号コーポ青山一〇一号室"),
        ("150-0041", "渋谷区神南一丁目十九番十一 コーポ青山101"),
        ("150-0041", "渋谷区神南一ー十九ー十一ー一〇一"),
        ("150-0041", "渋谷区神南1の19の11の101"),
        ("150-0041", "渋谷区神南一の十九の十一の百一"),
        ("150-0041", "渋谷区神南1ノ19ノ11-0101"),
        ("150-0041", "渋谷区神南1‐19−11―101"),
        ("150-0041", "SHIBUYA-KU JINNAN 1-19-11 corpo Aoyama #101"),
        ("150-0041", "神南1-19-11 Corpo aoyama 101"),
    ],
)
def test_one_home_is_one_place_however_it_is_written(postal_code: str, address: str) -> None:
    assert postal.place(postal_code, address) == postal.place(*HOME) == "1500041:1-19-11-101"


@pytest.mark.parametrize(
    ("address", "numbers"),
    [
        ("札幌市中央区北十八条西五丁目", "18-5"),
        ("札幌市中央区北18条西5丁目", "18-5"),
        ("六本木六丁目10番1号", "6-10-1"),
        ("港区三田二丁目三番地四 タワー三田 十二階", "2-3-4-12"),
        ("千代田区神田1-2 三井ビル", "1-2"),
        ("神戸市中央区三ノ宮町1-2", "1-2"),
        ("大字下原三百二十一番地の五", "321-5"),
        ("二〇三号室", "203"),
    ],
)
def test_kanji_are_numbers_only_where_they_count(address: str, numbers: str) -> None:
    assert postal.place("1500041", address) == f"1500041:{numbers}"


@pytest.mark.parametrize(
    ("postal_code", "address"),
    [
        ("150-0041", "渋谷区神南1-19-11 コーポ青山102"),
        ("150-0041", "渋谷区神南1-19-11"),
        ("150-0041", "渋谷区神南1-191-1 101"),
        ("150-0041", "渋谷区神南11-9-11 101"),
        ("150-0042", "渋谷区宇田川町1-19-11 101"),
    ],
)
def test_neighbouring_addresses_differ(postal_code: str, address: str) -> None:
    assert postal.place(postal_code, address) != postal.place(*HOME)


def test_an_address_without_a_number_is_no_place() -> None:
    assert postal.place("150-0041", "東京都渋谷区神南") is None


@pytest.mark.parametrize(
    ("postal_code", "address"),
    [("", HOME[1]), ("150", HOME[1]), (HOME[0], " "), (HOME[0], "1" * 256), (HOME[0], "1\x00")],
)
def test_what_cannot_be_read_is_left_out(postal_code: str, address: str) -> None:
    assert postal.if_readable(postal_code, address) == {}


@given(address=st.text() | st.from_regex(r"[一二三十百千〇0-9ー\-の丁目番地号 ]{0,60}", fullmatch=True))
def test_nothing_written_can_break_the_reader(address: str) -> None:
    read = postal.if_readable("150-0041", address)
    if read:
        once = postal.place(**read)
        assert once is None or once.startswith("1500041:")
