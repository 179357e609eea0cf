"""Filters said in words, in both languages."""

from typing import Any

import pytest

from journeys.audience import sentences
from journeys.audience.definition import Audience


@pytest.mark.parametrize(
    ("values", "ja", "en"),
    [
        ({}, "メッセージを受け取れるすべての方", "all who can be written to"),
        (
            {
                "ranks": ("premium", "ambassador"),
                "min_days_since_order": 30,
                "max_days_since_order": 60,
                "bought_products": ("GT-1",),
            },
            "プレミアム以上・最後のお買い物から30〜60日・「緑茶」を買った方",
            'Premium and above; 30 to 60 days since the last order; bought "緑茶"',
        ),
        ({"ranks": ("ambassador",)}, "アンバサダーの方", "Ambassador"),
        ({"ranks": ("active", "basic")}, "ベーシックかアクティブの方", "Basic or Active"),
        (
            {"segments": ("promoter",), "silent": True, "stages": ("repeat", "fan")},
            "推奨者か未回答・ステージがリピートかファンの方",
            "promoters or never answered; stage Repeat or Fan",
        ),
        ({"silent": True}, "未回答の方", "never answered"),
        ({"min_orders": 2}, "お買い物2回以上の方", "at least 2 orders"),
        ({"max_orders": 1}, "お買い物1回以下の方", "at most 1 orders"),
        ({"min_orders": 2, "max_orders": 2}, "お買い物2回の方", "exactly 2 orders"),
        ({"min_sales_yen": 20_000}, "お買い物の合計20,000円以上の方", "at least 20,000 yen in all"),
        (
            {"not_bought_products": ("GT-1", "X")},
            "「緑茶」か「X」を買っていない方",
            'did not buy "緑茶" or "X"',
        ),
        (
            {"tags": ("敏感肌",), "not_tags": ("休み",)},
            "タグ「敏感肌」がついている・タグ「休み」がついていない方",
            'tagged "敏感肌"; not tagged "休み"',
        ),
        ({"clicked_within_days": 30}, "最近30日にリンクを開いた方", "opened a link in the last 30 days"),
        (
            {"not_clicked_within_days": 30, "not_in_campaigns_within_days": 7},
            "最近30日にリンクを開いていない・最近7日にキャンペーンを受け取っていない方",
            "opened no link in the last 30 days; got no campaign in the last 7 days",
        ),
        ({"joined_within_days": 14}, "友だちになって14日以内の方", "joined within 14 days"),
        ({"inside_flow": "care"}, "シナリオ「使い方」の途中にいる方", 'inside the flow "使い方"'),
        ({"customer_ids": (1, 2, 2)}, "選んだ2人のなかにいる方", "among 2 chosen customers"),
    ],
)
def test_a_filter_in_words(values: dict[str, Any], ja: str, en: str) -> None:
    audience, names = Audience.model_validate(values), {"GT-1": "緑茶", "care": "使い方"}
    assert sentences.japanese(audience, names) == ja
    assert sentences.english(audience, names) == en


def test_each_field_of_a_filter_is_said() -> None:
    examples: dict[str, Any] = {
        "ranks": ("basic",),
        "segments": ("passive",),
        "silent": True,
        "stages": ("fan",),
        "inside_flow": "care",
        "customer_ids": (1,),
    }
    plain = sentences.japanese(Audience.model_validate({}))
    for name in Audience.model_fields:
        value = examples.get(name, ("x",) if name.endswith(("products", "tags")) else 3)
        assert sentences.japanese(Audience.model_validate({name: value})) != plain, name
