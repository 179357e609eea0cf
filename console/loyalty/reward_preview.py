"""Makes the cards of a reward as the customer sees them, of what is typed: the offer for points, and the coupon with a
made-up code. Nothing is issued."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot import localtime
from bot.line.messages import Message
from console.journeys import flow_preview
from console.shell.translation import gettext
from rewards.coupons import messages as coupon_messages
from rewards.coupons.reward_list import RewardOffer
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Reward

SAMPLE_DAYS = 90


def messages(form: Mapping[str, str]) -> list[Message]:
    """The offer, where it is exchanged for points, and then the coupon."""
    today = localtime.today()
    reward = Reward(
        id=0,
        name=(" ".join(form.get("name", "").split()) or gettext("（名前）"))[:40],
        value_text=(" ".join(form.get("value_text", "").split()) or gettext("（内容）"))[:200],
        points_price=_number(form, "points_price") or 0,
        stock=_number(form, "stock"),
        issued_count=0,
        valid_days=_number(form, "valid_days") or SAMPLE_DAYS,
    )
    until = today + timedelta(days=min(int(reward.valid_days), 3650))
    ends_on = _day(form.get("ends_on", ""))
    last_on = max(today, min(until, ends_on) if ends_on else until)
    shown = [flow_preview.sample_coupon(reward, last_on)]
    if form.get("kind") == RewardKind.EXCHANGE and reward.points_price:
        offer = RewardOffer(reward, None)
        shown.insert(0, coupon_messages.offered([], [offer], int(reward.points_price)))
    return shown


def _number(form: Mapping[str, str], name: str) -> int | None:
    typed = form.get(name, "").strip().replace(",", "")
    return int(typed) if typed.isdecimal() and len(typed) <= 8 else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
