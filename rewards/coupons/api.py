"""The API's route for redeeming a coupon; `coupons.py` makes sure that it is redeemed once.

A request repeated because its answer was lost gets the same answer: the coupon stores for which order it was
used, or under which Idempotency-Key. Any other request is refused, also from the same system.
"""

from flask import Blueprint, Response, request

from bot import localtime
from customers.api import auth
from customers.api.answers import CouponAnswer
from customers.api.auth import RequestRate, refuse
from customers.api.keys import COUPONS_REDEEM, ApiKey
from customers.api.redeem_schema import RedeemIn
from customers.orders import schema
from rewards.coupons import codes, coupons
from rewards.coupons.tables import Coupon, CouponState

coupon_api = Blueprint("coupon_api", __name__, url_prefix=f"{auth.PREFIX}/coupons")
coupon_api.register_error_handler(auth.Refused, auth.refused)
rate = RequestRate(most=120, window_seconds=60)
"""A till redeems a few a minute; more is a sign of somebody guessing codes."""

_WHY_NOT = {
    CouponState.REDEEMED: ("このクーポンは使用済みです。", "This coupon was redeemed by another request."),
    CouponState.EXPIRED: ("このクーポンは期限切れです。", "This coupon has expired."),
    CouponState.CANCELLED: ("このクーポンは取り消されています。", "This coupon was cancelled."),
}


@coupon_api.post("/<code>/redeem")
def redeem(code: str) -> Response:
    """Redeems a coupon. 200: redeemed by this request; 404: no such coupon; 409: it cannot be redeemed, with
    the reason."""
    key = auth.api_key(COUPONS_REDEEM)
    if wait := rate.wait_seconds(key.id):
        refuse(
            429,
            "too_many_requests",
            f"{wait}秒後にもう一度お送りください。",
            f"Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
    content = auth.body(may_be_empty=True)
    redeem_in = schema.read_as(RedeemIn, auth.read_json(content, {}) if content else {})
    if not isinstance(redeem_in, RedeemIn):
        raise auth.Refused(422, [auth.fault_of(problem) for problem in redeem_in])
    return auth.once(key, content, lambda: _redeem(key, code, _request_of(redeem_in)))


def _request_of(redeem_in: RedeemIn) -> str:
    """Identifies the request, so that a repetition is recognised: by its order, else by its Idempotency-Key,
    else not at all."""
    if redeem_in.order_number:
        return f"order:{redeem_in.order_number}"
    idempotency_key = request.headers.get("Idempotency-Key", "")
    return f"key:{idempotency_key}" if idempotency_key else ""


def _redeem(key: ApiKey, code: str, asked: str) -> Response:
    found = codes.find_code(code)
    by = f"api:{key.prefix}"
    result = coupons.redeem(found, by, asked) if found else None
    if result is None or result.coupon is None:
        refuse(404, "unknown_coupon", "このコードのクーポンはありません。", "There is no such coupon.")
    if result.done:
        return _answer(result.coupon)
    redeemed = result.coupon.state == CouponState.REDEEMED
    if redeemed and (result.coupon.redeemed_by, result.coupon.redeemed_request) == (by, asked):
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
        reward=coupon.name,
        value=coupon.value_text,
        value_yen=coupon.value_yen,
        valid_until=coupon.valid_until.isoformat(),
        redeemed_at=localtime.local(redeemed_at).isoformat(timespec="seconds") if redeemed_at else None,
    )
    return auth.as_json(200, content)
