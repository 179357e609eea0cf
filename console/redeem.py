"""Decides what staff see of a scanned or typed coupon, and redeems it by one press of a button."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.database import write_transaction
from console.pages import console
from console.words import gettext
from rewards import coupon_codes, coupons
from rewards.coupon_tables import Coupon, State

LONGEST_SCAN = 300


@console.get("/redeem")
def redeem() -> str | tuple[str, int]:
    """The page for a phone in staff's hand: a camera or a field for the code; then who and what, and one button."""
    typed = request.args.get("code", "").strip()[:LONGEST_SCAN]
    code = coupon_codes.find_code(typed) if typed else None
    found = coupons.find(code) if code else None
    page = render_template("console/redeem.html", typed=typed, coupon=found, state=_state(found))
    return (page, 404) if typed and found is None else page


@console.post("/redeem")
def redeem_now() -> Response:
    """Redeem it, once."""
    code = coupon_codes.find_code(request.form.get("code", "")[:LONGEST_SCAN]) or ""
    with write_transaction():
        result = coupons.redeem(code, f"staff:{current_user.id}")
    if result.done and result.coupon:
        flash(
            gettext(
                "「%(reward)s」を使用済みにしました。特典をお渡しください。", reward=result.coupon.reward.name
            )
        )
        return redirect(url_for("console.redeem"), 303)
    flash(gettext("使用済みにできませんでした。理由は下に表示しています。"), "error")
    return redirect(url_for("console.redeem", code=code), 303)


def _state(found: Coupon | None) -> str:
    if found is None:
        return ""
    return {
        State.ISSUED: "",
        State.REDEEMED: gettext("このクーポンは、もう使われています。"),
        State.EXPIRED: gettext("このクーポンは、期限が過ぎています。"),
        State.CANCELLED: gettext("このクーポンは、取り消されています。"),
    }[found.state_now]
