"""Page on which staff decide about held referrals, with the evidence; the worker carries the decision out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.config import shop
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.routing import event_kinds
from console.shell.translation import gettext
from customers.orders.purchases import CANCELLED, REFUNDED
from rewards.coupons.settings import CouponRules
from rewards.ledger.settings import PointRules
from rewards.referrals import review
from rewards.referrals.review import HeldReferral
from rewards.referrals.tables import Doubt, ReferralOutcome

LONGEST_REASON = 60


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/referrals/held")(referrals_to_review)
    console.post("/referrals/held/<int:referral_id>/<any(approve, reject):decision>")(judge_referral)


def referrals_to_review() -> str:
    """Referrals that wait for a decision."""
    waiting = [each for each in review.held() if not inbox.was_stored(each.event_id)]
    rules, points = shop.get(CouponRules), shop.get(PointRules)
    return render_template(
        "console/referral_review.html",
        waiting=waiting,
        reason_in_words=reason_in_words,
        shared_words={
            "delivery": gettext("お届け先"),
            "email": gettext("メールアドレス"),
            "phone": gettext("電話番号"),
        },
        states={CANCELLED: gettext("取り消し"), REFUNDED: gettext("全額返金")},
        longest=LONGEST_REASON,
        reward_yen=max(rules.value_of_points(points.referrer), rules.value_of_points(points.referee)),
        smallest_purchase_yen=rules.smallest_purchase_yen,
        cap_yen=rules.cap_yen(),
        points_are_discounts=rules.points_are_discounts,
    )


def judge_referral(referral_id: int, decision: str) -> Response:
    """Store the decision, once; the worker rewards both or notifies the friend."""
    found = review.find_held(referral_id)
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    if decision == "reject" and not reason:
        flash(gettext("お断りの理由を入れてください。あとで確かめるために残します。"), "error")
    elif found is None or not _put(found, reason, approve=decision == "approve"):
        flash(gettext("この紹介は、すでに判断されています。"), "error")
    else:
        flash(gettext("判断を受け付けました。"))
    return redirect(url_for("console.referrals_to_review"), 303)


def reason_in_words(reason: str) -> str:
    """Why the referral is held."""
    return {
        ReferralOutcome.CIRCULAR.value: gettext("たがいに紹介しあっています（紹介の輪）"),
        ReferralOutcome.TOO_MANY.value: gettext("1日の紹介の人数が多すぎます"),
        Doubt.BOUGHT_BEFORE.value: gettext("紹介の前に、すでに購入していました"),
        Doubt.SHARED_IDENTITY.value: gettext("紹介した方と、メールアドレスか電話番号が同じです"),
        Doubt.SHARED_DELIVERY.value: gettext(
            "紹介した方と、お届け先が同じです（ご家族どうしのこともあります）"
        ),
        Doubt.RETURNED.value: gettext("以前のお客様で、ご希望により情報を消した方です"),
        Doubt.KNOWN_BUYER.value: gettext("別のお客様と、メールアドレスか電話番号が同じです"),
    }.get(reason, reason)


def _put(found: HeldReferral, reason: str, *, approve: bool) -> bool:
    if found.referee.conversation_id is None:
        return False
    chat = Conversation.get_by_id(found.referee.conversation_id)
    data = {
        "referral_id": found.referral.id,
        "staff_id": current_user.id,
        "approve": approve,
        "reason": reason,
    }
    with write_transaction():
        return inbox.put(
            event_kinds.REFERRAL_DECIDED, found.event_id, chat.key, data, line_user_id=chat.line_user_id
        )
