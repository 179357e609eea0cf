"""Answers a shop's system that redeems a coupon over HTTP; that only one redeems it is decided in `coupons.py`.

A call that is repeated because its answer was lost gets the same answer: the coupon remembers which key redeemed it.
"""

from flask import Blueprint, Response

from bot import localtime
from bot.database import write_transaction
from customers import api_door, api_keys
from customers.api_answers import CouponAnswer
from customers.api_door import refuse
from customers.api_keys import COUPONS_REDEEM
from customers.request_rate import RequestRate
from rewards import coupon_codes, coupons
from rewards.coupon_tables import Coupon, State

coupon_api = Blueprint("coupon_api", __name__, url_prefix=f"{api_door.PREFIX}/coupons")
coupon_api.register_error_handler(api_door.Refused, api_door.refused)
rate = RequestRate(most=120, window_seconds=60)
"""A till redeems a few a minute; more than that is somebody who guesses."""

_WHY_NOT = {
    State.REDEEMED: ("このクーポンは使用済みです。", "This coupon was redeemed elsewhere."),
    State.EXPIRED: ("このクーポンは期限切れです。", "This coupon has expired."),
    State.CANCELLED: ("このクーポンは取り消されています。", "This coupon was cancelled."),
}


@coupon_api.post("/<code>/redeem")
def redeem(code: str) -> Response:
    """200: redeemed; 404: no such coupon; 409: it cannot be redeemed, and why."""
    key = api_door.api_key(COUPONS_REDEEM)
    if wait := rate.wait_seconds(key.id):
        refuse(
            429,
            "too_many_requests",
            f"{wait}秒後にもう一度お送りください。",
            f"Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
    found = coupon_codes.find_code(code)
    by = f"api:{key.prefix}"
    with write_transaction():
        api_keys.used(key)
        result = coupons.redeem(found, by) if found else None
    if result is None or result.coupon is None:
        refuse(404, "unknown_coupon", "このコードのクーポンはありません。", "There is no such coupon.")
    if result.done:
        return _answer(result.coupon)
    if result.coupon.state == State.REDEEMED and result.coupon.redeemed_by == by:
        again = _answer(result.coupon)
        again.headers["Already-Redeemed"] = "true"
        return again
    state = result.coupon.state_now
    refuse(409, f"coupon_{state}", *_WHY_NOT[state])


def _answer(coupon: Coupon) -> Response:
    redeemed_at = coupon.redeemed_at
    content = CouponAnswer(
        code=coupon.code,
        state=coupon.state_now,
        reward=coupon.reward.name,
        value=coupon.reward.value_text,
        value_yen=coupon.reward.value_yen,
        valid_until=coupon.valid_until.isoformat(),
        redeemed_at=localtime.local(redeemed_at).isoformat(timespec="seconds") if redeemed_at else None,
    )
    return api_door.as_json(200, content)
