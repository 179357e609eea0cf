"""Pages of issued coupons: staff see them and cancel unused ones; the worker carries it out."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from console.auth import staff_accounts
from console.shell.translation import gettext
from customers.people.customer import Customer
from rewards.coupons import coupons as given
from rewards.coupons.tables import Coupon, CouponState

LONGEST_REASON = 100
A_PAGE = 50


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/coupons")(coupons)
    console.post("/coupons/<code>/cancel")(cancel_coupon)


def coupons() -> str:
    """Coupons, newest first: all, or one customer's; a code leads to the page on which it is redeemed or
    cancelled."""
    customer = None
    if (customer_id := request.args.get("customer", type=int)) is not None:
        customer = Customer.get_or_none(Customer.id == customer_id) or abort(404)
    before = request.args.get("before", type=int)
    found = given.issued(A_PAGE + 1, before_id=before, customer_id=customer.id if customer else None)
    shown = found[:A_PAGE]
    return render_template(
        "console/coupons.html",
        coupons=shown,
        customer=customer,
        state_in_words=state_in_words,
        names=staff_accounts.names(),
        older=shown[-1].id if len(found) > A_PAGE else None,
        newest=before is None,
    )


def cancel_coupon(code: str) -> Response:
    """Store the cancellation with its reason, once."""
    found = given.find(code)
    if found is None:
        abort(404)
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    if not reason:
        flash(gettext("取り消しの理由を入れてください。あとで確かめるために残します。"), "error")
    elif found.state_now is not CouponState.ISSUED or not _put(found, reason):
        flash(gettext("このクーポンは、もう取り消せません。"), "error")
    else:
        flash(gettext("取り消しを受け付けました。お客様にはLINEでお伝えします。"))
    return redirect(url_for("console.redeem", code=found.code), 303)


def is_being_cancelled(coupon: Coupon) -> bool:
    """Whether staff cancelled it and the worker has not handled that yet."""
    return coupon.state_now is CouponState.ISSUED and inbox.was_stored(_event_id(coupon))


def state_in_words(coupon: Coupon) -> str:
    """The coupon's state in the reader's language."""
    return {
        CouponState.ISSUED: gettext("使えます"),
        CouponState.REDEEMED: gettext("使用済み"),
        CouponState.EXPIRED: gettext("期限切れ"),
        CouponState.CANCELLED: gettext("取り消し"),
    }[coupon.state_now]


def _put(coupon: Coupon, reason: str) -> bool:
    """Store the event in the customer's conversation; False when it was stored before."""
    chat = Conversation.get_or_none(Conversation.id == coupon.customer.conversation_id)
    if chat is None:
        return False
    data = {"coupon_id": coupon.id, "staff_id": current_user.id, "reason": reason}
    with write_transaction():
        return inbox.put(
            event_kinds.COUPON_CANCELLATION_REQUESTED,
            _event_id(coupon),
            chat.key,
            data,
            line_user_id=chat.line_user_id,
        )


def _event_id(coupon: Coupon) -> str:
    return f"coupon-cancelled:{coupon.id}"
