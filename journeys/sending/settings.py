"""The settings of unasked messages in shop.toml: quiet hours, limits for each customer, and what a push costs."""

from __future__ import annotations

from pydantic import Field

from bot import localtime
from bot.config import shop
from journeys.sending import limits
from journeys.sending.limits import Limits


@shop.section("sending")
class SendingRules(shop.Section):
    """こちらからお送りするお知らせの決まりごと。お返事に添える分は無料で、あらたに送る分だけ通数を使います。"""

    quiet_from_hour: int = Field(
        21,
        ge=0,
        le=23,
        description="夜、この時刻からはこちらから送りません（時。quiet_until_hour と同じなら休みません）",
    )
    quiet_until_hour: int = Field(9, ge=0, le=23, description="朝、この時刻から送りはじめます（時）")
    a_day: int = Field(
        1, ge=1, le=20, description="おひとりに1日に送る回数の上限（ご注文とご相談の連絡は数えません）"
    )
    a_week: int = Field(3, ge=1, le=100, description="おひとりに7日間に送る回数の上限（同じく）")
    push_cost_yen: int = Field(
        3, ge=0, le=100, description="あらたに送る1通のおおよその費用（円）。管理画面の費用の計算に使います"
    )

    def limits(self) -> Limits:
        """The limits as the rules in `limits.py` take them."""
        return Limits(self.quiet_from_hour, self.quiet_until_hour, self.a_day, self.a_week)


def push_cost_yen() -> int:
    """What a push costs the shop, in yen."""
    return shop.get(SendingRules).push_cost_yen


def may_push_now() -> bool:
    """Whether it is outside the quiet hours."""
    now = localtime.local(localtime.now())
    return limits.next_open(now, shop.get(SendingRules).limits()) == now
