"""A link code is recognized however it is written, and nothing else is taken for one."""

import random

import pytest

from customers.linking import codes

CODE = "K7MP-4XWD-9HQF"


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        "k7mp-4xwd-9hqf",
        "K7MP4XWD9HQF",
        "K7MP 4XWD 9HQF",
        "K7MP - 4XWD - 9HQF",
        "K7MP-4XWD-\n9HQF",
        "Ｋ７ＭＰー４ＸＷＤ－９ＨＱＦ",
        "連携コード：K7MP-4XWD-9HQF\n",
        "これです→K7MP‐4XWD‐9HQF。",
    ],
)
def test_a_code_is_found(text: str) -> None:
    assert codes.find_code(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4821-9375-5512",  # a parcel's number
        "482193755512",
        "K7MP-4XWD",  # a referral code
        "XK7MP-4XWD-9HQF",
        "K7MP-4XWD-9HQFX",
        "K7MO-4XWD-9HQF",
        "MPKX-WDQF-HQFT",
        "090-1234-5678",
    ],
)
def test_nothing_else_is_a_code(text: str) -> None:
    assert codes.find_code(text) is None


def test_every_code_made_is_found_again() -> None:
    chance = random.Random(1)
    for _ in range(500):
        code = codes.make(chance.choice)
        assert codes.find_code(f"連携コード：{code.lower()}") == code
