"""A customer who writes a coupon's code or name gets its card; who writes more than that is heard."""

import pytest

from rewards.coupons import asked_by_name

NAMES = {1: "石けん", 2: "500円引き", 3: "誕生日クーポン"}
CODE = "K7MP-4XWD-RT35"


@pytest.mark.parametrize(
    ("text", "coupon"),
    [
        ("石けんのクーポン", 1),
        ("石けんのクーポンを使いたい", 1),
        ("石けんクーポン見せてください", 1),
        ("500円引きのクーポンはどこですか？", 2),
        ("５００円引きクーポン", 2),
        ("誕生日クーポン使えますか", 3),
        ("クーポン", None),
        ("石けんのクーポンが使えません", None),
        ("石けんのクーポンが使えない", None),
        ("石けんが割れていました。クーポン", None),
        ("お茶のクーポン", None),
    ],
)
def test_a_coupon_is_found_by_its_name_alone(text: str, coupon: int | None) -> None:
    assert asked_by_name.named(text, NAMES) == coupon


def test_of_two_with_one_name_none_is_chosen() -> None:
    assert asked_by_name.named("石けんのクーポン", {1: "石けん", 2: "石けん"}) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CODE, CODE),
        ("ｋ７ｍｐ ４ｘｗｄ ｒｔ３５", CODE),
        (f"クーポン {CODE}", CODE),
        (f"{CODE}を使いたいです", CODE),
        (f"{CODE}が使えません", None),
        ("クーポン", None),
    ],
)
def test_a_code_alone_asks_for_its_card(text: str, code: str | None) -> None:
    assert asked_by_name.code_alone(text) == code


def test_only_short_texts_with_the_word_or_a_code_are_asked_about() -> None:
    assert asked_by_name.may_ask("石けんのクーポン") and asked_by_name.may_ask(CODE)
    assert not asked_by_name.may_ask("石けん")
    assert not asked_by_name.may_ask("クーポン" + "あ" * 60)
