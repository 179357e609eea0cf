"""The three axes of the ranks have one name each: for customers, in the console, its English and the documents."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.config import shop
from rewards.ranks.words import RankWords

ROOT = Path(__file__).parents[2]
NAMES = {"axis_money": "金額", "axis_behaviour": "行動", "axis_relationship": "関係性"}
ENGLISH = {"金額": "Money", "行動": "Behaviour", "関係性": "Relationship"}
PAGES = ("console/templates/console/_card.html", "console/templates/console/customers/customer.html")


def test_customers_read_the_same_names_as_staff() -> None:
    assert {field: getattr(shop.get(RankWords), field) for field in NAMES} == NAMES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_them_so(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in NAMES.values():
        assert f'_("{name}")' in text


def test_the_english_is_one_word_for_each() -> None:
    with (ROOT / "console/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    assert {name: catalogue[name].string for name in ENGLISH} == ENGLISH


@pytest.mark.parametrize("document", ["docs/glossary.md", "docs/owners-guide.ja.md", "shop.toml"])
def test_no_other_names_are_left_in_the_documents(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for former in (
        "「お金」の軸",
        "「関係」の軸",
        "お金・行動・関係」",
        "アクション・つながり",
        "お金、行動、関係 ",
    ):
        assert former not in text
    assert all(name in text for name in NAMES.values())
