"""The format of a referral code, and how it is recognized in typed text."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.linking.codes import CHARACTERS
from rewards.referrals.codes import find_code, make


@pytest.mark.parametrize(
    "text",
    [
        "K7MP-4XWD",
        "k7mp-4xwd",
        "K7MP4XWD",
        "k7mp 4xwd",
        "Ｋ７ＭＰ－４ＸＷＤ",
        "ｋ７ｍｐ４ｘｗｄ",
        "K7MPー4XWD",
        "K7MP−4XWD",
        "紹介コード K7MP-4XWD で来ました！",
        "紹介コードK7MP-4XWDで来ました！",
        "こんにちは　花子さんの紹介です（Ｋ７ＭＰ－４ＸＷＤ）",
        "コード:\nK7MP-4XWD\nよろしく",
        "ABCD-2345 じゃなくて K7MP-4XWD です",
    ],
)
def test_a_code_is_found_however_it_was_typed(text: str) -> None:
    assert find_code(text) == "K7MP-4XWD"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ポイント",
        "Thank you very much",
        "090-2345-6789",
        "注文番号 20261105-0042",
        "K7MP-4XW",
        "K7MP-4XWDX",
        "0K7MP-4XWD",
        "K7MP--4XWD",
        "HTTP 2345",
        "2345-6789",
        "KMPX-4XWD",
        "K7MP-4XWD-9HQF",
        "連携コード：K7MP-4XWD-9HQF",
        "K1MP-4OWD",
        "😀" * 5000,
        "K" * 5000,
    ],
)
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert find_code(text) is None


@given(st.integers(0, 2**32), st.text(max_size=20), st.text(max_size=20))
def test_every_code_made_is_found_among_other_words(seed: int, before: str, after: str) -> None:
    code = make(random.Random(seed).choice)
    assert len(code) == 9
    assert set(code) <= set(CHARACTERS) | {"-"}
    assert find_code(code) == code
    if find_code(before) is None:
        assert find_code(f"{before}\n「{code}」\n{after}") == code


@given(st.text())
def test_no_text_breaks_the_search(text: str) -> None:
    find_code(text)
