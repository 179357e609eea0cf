"""Postback data survives encoding and decoding; data that no button carries is harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line.postbacks import LONGEST, Postback, decode, encode

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(
    kind=st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}", fullmatch=True),
    values=st.dictionaries(st.sampled_from("abc"), words),
)
def test_encoded_data_decodes_to_the_same(kind: str, values: dict[str, str]) -> None:
    assert decode(encode(kind, **values)) == Postback(kind, values)


def test_it_is_readable() -> None:
    assert encode("nps.score", invitation=12, score=9) == "nps.score?invitation=12&score=9"


@given(st.text(max_size=300))
def test_data_that_nobody_made_is_read_all_the_same(data: str) -> None:
    assert isinstance(decode(data).kind, str)


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ("nps.score?score=9", 9),
        ("nps.score?score=11", 11),
        ("nps.score?score=-1", None),
        ("nps.score?score=９", None),
        ("nps.score?score=9.5", None),
        ("nps.score?score=1e9", None),
        ("nps.score?score=" + "9" * 40, None),
        ("nps.score?score=", None),
        ("nps.score", None),
    ],
)
def test_a_number_is_a_whole_one_or_none(data: str, number: int | None) -> None:
    assert decode(data).number("score") == number


def test_more_than_line_takes_is_refused_where_it_is_made() -> None:
    assert len(encode("a", b="c" * (LONGEST - 4))) == LONGEST
    with pytest.raises(ValueError, match="LINE takes 300"):
        encode("a", b="c" * (LONGEST - 3))
