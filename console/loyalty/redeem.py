"""Page of a scanned coupon or member card: redeem the coupon, or thank the card's holder."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from console.desk import customer_card
from console.loyalty import coupons as coupons_given
from console.shell.translation import gettext
from customers.people.customer import Customer
from rewards.cards import members
from rewards.coupons import codes, coupons, reward_list
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, CouponState

LONGEST_SCAN = 300


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/redeem")(redeem)
    console.post("/redeem/thank/<int:customer_id>")(give_thanks)
    console.post("/redeem")(redeem_now)


def redeem() -> str | tuple[str, int]:
    """A camera or a field for the code; then whose it is, what it is, and one button. Made for a phone."""
    typed = request.args.get("code", "").strip()[:LONGEST_SCAN]
    code = codes.find_code(typed) if typed else None
    found = coupons.find(code) if code else None
    member = members.owner_of(typed) if found is None else None
    page = render_template(
        "console/redeem.html",
        typed=typed,
        coupon=found,
        state=_state(found),
        member=customer_card.of(member) if member else None,
        held=coupons.held_by(member.id) if member else [],
        longest_reason=coupons_given.LONGEST_REASON,
        gifts=reward_list.of_kind(RewardKind.THANK_YOU) if member else [],
        key=str(uuid.uuid4()),
    )
    return (page, 404) if typed and found is None and member is None else page


def give_thanks(customer_id: int) -> Response:
    """Give the member a thank-you coupon, once a form; the worker issues it and notifies them."""
    customer = Customer.get_or_none(Customer.id == customer_id)
    reward_id = request.form.get("reward", type=int)
    known = {each.id for each in reward_list.of_kind(RewardKind.THANK_YOU)}
    if customer is None or customer.conversation_id is None or reward_id not in known:
        abort(404)
    chat = Conversation.get_by_id(customer.conversation_id)
    data = {"customer_id": customer.id, "reward_id": reward_id, "staff_id": current_user.id}
    event_id = f"coupon-given:{request.form.get('key', '')[:36]}:{customer.id}"
    with write_transaction():
        inbox.put(
            event_kinds.COUPON_GRANT_REQUESTED, event_id, chat.key, data, line_user_id=chat.line_user_id
        )
    flash(gettext("お礼のクーポンをお贈りします。"))
    return redirect(url_for("console.redeem"), 303)


def redeem_now() -> Response:
    """Redeem the coupon, once."""
    code = codes.find_code(request.form.get("code", "")[:LONGEST_SCAN]) or ""
    with write_transaction():
        result = coupons.redeem(code, f"staff:{current_user.id}")
    if result.done and result.coupon:
        flash(
            gettext("「%(reward)s」を使用済みにしました。特典をお渡しください。", reward=result.coupon.name)
        )
        return redirect(url_for("console.redeem"), 303)
    flash(gettext("使用済みにできませんでした。理由は下に表示しています。"), "error")
    return redirect(url_for("console.redeem", code=code), 303)


def _state(found: Coupon | None) -> str:
    if found is None:
        return ""
    if coupons_given.is_being_cancelled(found):
        return gettext("このクーポンは、取り消しているところです。")
    return {
        CouponState.ISSUED: "",
        CouponState.REDEEMED: gettext("このクーポンは、もう使われています。"),
        CouponState.EXPIRED: gettext("このクーポンは、期限が過ぎています。"),
        CouponState.CANCELLED: gettext("このクーポンは、取り消されています。"),
    }[found.state_now]
