"""The settings of campaigns in shop.toml."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from bot.config import shop


@shop.section("campaigns")
class CampaignRules(shop.Section):
    """キャンペーン（選んだお客さまへの一斉のお知らせ）の決まりごと。"""

    late_after_minutes: int = Field(
        60,
        ge=10,
        le=1440,
        description="予定の時刻からこれだけ遅れて始まるとき、または途中でこれだけ止まっていたとき、送る前に確認します（分）",
    )


def late_after() -> timedelta:
    """How long after its time, or of silence in the middle, a campaign asks before it goes on."""
    return timedelta(minutes=shop.get(CampaignRules).late_after_minutes)
