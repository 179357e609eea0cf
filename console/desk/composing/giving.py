"""Gifts beside a reply: which coupons and points staff may add, and what was given in this chat."""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from bot.config import shop
from console.shell.translation import gettext
from customers.people.customer import Customer
from rewards.coupons import coupons, gift_law, reward_list
from rewards.coupons.rules import Lack, RewardKind
from rewards.coupons.settings import CouponRules
from rewards.coupons.tables import Reward
from rewards.ledger import adjustments
from rewards.ledger.adjustments import Fault
from rewards.ranks import customer_rank
from support.replies import gifts
from support.replies.gifts import Wish
from support.tickets.tickets import Ticket

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """A coupon that may be given, or why it may not."""

    reward_id: int
    name: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Given:
    """A gift of this chat's in words."""

    words: str
    staff_id: int
    at: datetime
    refusal: str


@dataclass(frozen=True, slots=True)
class Giving:
    """What is shown in the reply box about gifts."""

    choices: list[Choice]
    number: int
    """The number of the next gift, which the form sends along."""
    given: list[Given]
    wish: Wish
    """What was chosen before, to be shown again."""
    most_points: int = adjustments.MOST
    longest_reason: int = adjustments.LONGEST_REASON


def of(found: Ticket) -> Giving:
    """The gifts that may be chosen for that ticket's customer, and what was chosen in this request."""
    rank = customer_rank.snapshot(found.customer_id).rank
    choices = [
        Choice(each.id, each.name, _why_not(found.customer, each, rank))
        for each in reward_list.of_kind(RewardKind.THANK_YOU)
    ]
    names = {each.id: each.name for each in reward_list.all_rewards()}
    given = [
        Given(_in_words(each.reward_id, each.points, names), each.staff_id, each.requested_at, _refused(each))
        for each in gifts.of_chat(found.conversation_id, MOST_SHOWN)
    ]
    return Giving(choices, gifts.next_number(found.conversation_id), given, wished())


def wished() -> Wish:
    """The gift chosen in the submitted form."""
    points = request.form.get("points", 0, type=int)
    return Wish(
        request.form.get("coupon", type=int), points, request.form.get("reason", "").strip() if points else ""
    )


def refusal(customer: Customer, wish: Wish) -> str:
    """Why the gift cannot be given, in the reader's language; empty when it can."""
    if wish.reward_id:
        known = {each.id: each for each in reward_list.of_kind(RewardKind.THANK_YOU)}
        reward = known.get(wish.reward_id)
        if reward is None:
            return gettext("そのクーポンは、いま渡せません。")
        if sentence := _why_not(customer, reward, customer_rank.snapshot(customer.id).rank):
            return f"{reward.name}: {sentence}"
    return _points_refused(wish) if wish.points else ""


def _points_refused(wish: Wish) -> str:
    rules = shop.get(CouponRules)
    match adjustments.fault(wish.points, wish.reason, 0):
        case Fault.REASON:
            return gettext(
                "ポイントを贈る理由を%(most)d文字までで入力してください。", most=adjustments.LONGEST_REASON
            )
        case Fault():
            return gettext("贈るポイントは、1から%(most)sまでです。", most=f"{adjustments.MOST:,}")
    over = gift_law.over_by_yen(
        rules.value_of_points(wish.points),
        rules.smallest_purchase_yen,
        is_discount=rules.points_are_discounts,
    )
    if over:
        return gettext(
            "景品表示法の上限（%(cap)s円分）を超えます。記録の訂正は、お客様のポイントのページで行ってください。",
            cap=f"{rules.cap_yen():,}",
        )
    return ""


def _why_not(customer: Customer, reward: Reward, rank: int) -> str:
    if not reward_list.is_lawful(reward):
        return gettext("景品表示法の上限を超えます")
    lack = coupons.lack_of(customer.id, reward, rank)
    return _lack_in_words(lack) if lack else ""


def _refused(gift: gifts.ReplyGift) -> str:
    return _lack_in_words(Lack(gift.refused_because)) if gift.refused_because else ""


def _lack_in_words(lack: Lack) -> str:
    return {
        Lack.STOPPED: gettext("配布を止めています"),
        Lack.NOT_YET: gettext("まだ配布の期間前です"),
        Lack.OVER: gettext("配布の期間が過ぎました"),
        Lack.SOLD_OUT: gettext("在庫がありません"),
        Lack.HAD_ENOUGH: gettext("このお客様は上限まで受け取っています"),
        Lack.RANK: gettext("ランクの条件に届いていません"),
        Lack.POINTS: gettext("ポイントが足りません"),
    }[lack]


def _in_words(reward_id: int | None, points: int, names: dict[int, str]) -> str:
    parts = []
    if reward_id:
        parts.append(gettext("クーポン「%(name)s」", name=names.get(reward_id, str(reward_id))))
    if points:
        parts.append(gettext("%(points)sポイント", points=f"{points:,}"))
    return "、".join(parts)
