"""The tickets' settings in shop.toml: how soon staff answer, alerts when they do not, and the quiet period
afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field

from bot.config import shop


@shop.section("support.promises")
class Promises(shop.Section):
    """最初のお返事までの約束と、お返事が止まったときの知らせ方。時間は営業時間だけを数えます。"""

    detractor_hours: int = Field(24, ge=1, le=500, description="低い評価のお客様への、最初のお返事まで")
    upset_hours: int = Field(4, ge=1, le=500, description="お怒りのお客様への、最初のお返事まで")
    danger_minutes: int = Field(
        15, ge=1, le=500, description="いのちにかかわる言葉があったお客様への、最初のお返事まで（分）"
    )
    harm_hours: int = Field(1, ge=1, le=500, description="お体に何かあったお客様への、最初のお返事まで")
    damage_hours: int = Field(
        4, ge=1, le=500, description="こわれた・ちがう商品が届いたお客様への、最初のお返事まで"
    )
    other_hours: int = Field(8, ge=1, le=500, description="ほかのお客様への、最初のお返事まで")
    at_risk_hours: int = Field(
        2, ge=0, le=500, description="約束の時刻まで残りがこれより少ないチャットを「期限間近」に出します"
    )
    silence_minutes: int = Field(
        120, ge=0, le=10_000, description="お客様をこれより長くお待たせしたら知らせます（0で知らせません）"
    )
    silence_rule: Literal["alert", "reassign"] = Field(
        "alert",
        description="alert は管理画面の上で知らせるだけ、reassign は担当も外して、だれでも取れるようにします",
    )


@shop.section("support.rest")
class RestRules(shop.Section):
    """お怒りや困りごと、低い評価のご相談が終わったあとの、そっとしておく期間。"""

    days: int = Field(
        7,
        ge=0,
        le=90,
        description="この日数は、お祝い・おすすめ・アンケート・クーポンのお知らせをこちらから送りません（0で控えません）",
    )


def promised(cause: str) -> timedelta:
    """The working time within which the first answer to a ticket of that cause is due."""
    given = shop.get(Promises)
    if cause == "danger":
        return timedelta(minutes=given.danger_minutes)
    by_cause = {
        "detractor": given.detractor_hours,
        "upset": given.upset_hours,
        "damage": given.damage_hours,
        "harm": given.harm_hours,
    }
    return timedelta(hours=by_cause.get(cause, given.other_hours))
