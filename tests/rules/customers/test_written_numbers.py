"""Numbers of orders in what customers write."""

import pytest

from customers.values.written_numbers import numbers_in


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["注文番号はHD2610-00560です。"], ["HD2610-00560"]),
        (["ＨＤ２６１０－００５６０はいつですか"], ["HD2610-00560"]),
        (["#1001の件です"], ["1001"]),
        (["A-1とA-2を", "やっぱりB-77"], ["B-77", "A-1", "A-2"]),
        (["よろしくお願いします", "abc def"], []),
        (["12", ""], []),
    ],
)
def test_numbers_are_found_the_newest_first(texts: list[str], numbers: list[str]) -> None:
    assert numbers_in(texts) == numbers
