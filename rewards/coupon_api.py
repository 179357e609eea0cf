"""Answers a shop's system that redeems a coupon over HTTP; that only one redeems it is decided in `coupons.py`.

A call that is repeated because its answer was lost gets the same answer: the coupon remembers which key redeemed it.
"""

from typing import Any

from flask import Blueprint, Response, request

from bot import localtime
from bot.database import write_transaction
from customers import api_keys
from customers.api_answers import CouponAnswer, Fault, refusal
from customers.api_keys import COUPONS_REDEEM, ApiKey
from customers.request_rate import RequestRate
from rewards import coupon_codes, coupons
from rewards.coupon_tables import Coupon, State

coupon_api = Blueprint("coupon_api", __name__, url_prefix="/api/v1/coupons")
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
    key = _key()
    if isinstance(key, Response):
        return key
    if wait := rate.wait_seconds(key.id):
        slower = _refuse(
            429, "too_many_requests", f"{wait}秒後にもう一度お送りください。", f"Try again in {wait} seconds."
        )
        slower.headers["Retry-After"] = str(wait)
        return slower
    found = coupon_codes.find_code(code)
    by = f"api:{key.prefix}"
    with write_transaction():
        api_keys.used(key)
        result = coupons.redeem(found, by) if found else None
    if result is None or result.coupon is None:
        return _refuse(
            404, "unknown_coupon", "このコードのクーポンはありません。", "There is no such coupon."
        )
    if result.done:
        return _answer(result.coupon)
    if result.coupon.state == State.REDEEMED and result.coupon.redeemed_by == by:
        again = _answer(result.coupon)
        again.headers["Already-Redeemed"] = "true"
        return again
    state = result.coupon.state_now
    return _refuse(409, f"coupon_{state}", *_WHY_NOT[state])


def _key() -> ApiKey | Response:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = api_keys.check(token.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        unknown = _refuse(
            401,
            "unauthorized",
            "APIキーが正しくありません。キーは manage.py api-key create で作れます。",
            "The API key is missing, unknown or revoked. A key is made with: manage.py api-key create NAME",
        )
        unknown.headers["WWW-Authenticate"] = 'Bearer realm="goen"'
        return unknown
    if not key.may(COUPONS_REDEEM):
        return _refuse(
            403,
            "forbidden",
            f"このキーではクーポンを使えません。--scope {COUPONS_REDEEM} を付けて作ったキーをお使いください。",
            f"This key lacks the scope {COUPONS_REDEEM}. Make one with: manage.py api-key create NAME "
            f"--scope {COUPONS_REDEEM}",
        )
    return key


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
    return _json(200, content)


def _refuse(status: int, code: str, japanese: str, english: str) -> Response:
    is_japanese = request.accept_languages.best_match(["en", "ja"]) == "ja"
    fault = Fault(code=code, message=japanese if is_japanese else english, field=None, example=None)
    return _json(status, refusal([fault]))


def _json(status: int, content: Any) -> Response:
    return Response(content.model_dump_json(), status, content_type="application/json")
