"""Which tags the keywords suggest, and which rules an owner may write."""

import pytest

from bot.config import shop
from bot.config.shop import ShopFileError
from surveys.nps.settings import TagRules
from surveys.nps.tagging import normal, rule_of, suggest

KEYWORDS = dict(rule_of(line) for line in ("配送：届く、遅い", "香り: かおり,ラベンダー、LAVENDER", "量：ml"))

WORDS = [
    ("届くまでに10日かかりました", ["配送"]),
    ("ラベンダーが届くのが遅い", ["配送", "香り"]),
    ("ﾗﾍﾞﾝﾀﾞｰ, lavender", ["香り"]),
    ("１００ＭＬでは足りません", ["量"]),
    ("とてもよかったです", []),
    ("", []),
]


@pytest.mark.parametrize(("comment", "tags"), WORDS)
def test_keywords_suggest_tags(comment: str, tags: list[str]) -> None:
    assert suggest(comment, KEYWORDS) == tags


@pytest.mark.parametrize("line", ["配送", "配送：", "：届く", "配送：、、", "あ" * 31 + "：届く", ""])
def test_a_line_that_is_no_rule_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="配送：届く、遅い"):
        rule_of(line)


def test_the_shops_file_names_the_line_that_is_no_rule() -> None:
    with pytest.raises(ShopFileError, match=r"keywords in \[survey.tags\]"):
        shop.use({"survey": {"tags": {"keywords": ["配送"]}}})


def test_the_rules_that_ship_fit_what_customers_say() -> None:
    shop.use({})
    said = "届くまで長くて、箱もつぶれていました。香りは好きです"
    assert suggest(said, shop.get(TagRules).by_tag()) == ["配送", "梱包", "香り"]


@pytest.mark.parametrize(
    ("given", "normalised"),
    [(" ギフト　包装 ", "ギフト 包装"), ("ＶＩＰ", "VIP"), ("あ" * 31, ""), ("  ", "")],
)
def test_a_tag_is_stored_in_one_form(given: str, normalised: str) -> None:
    assert normal(given) == normalised
