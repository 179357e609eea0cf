"""Page of a customer's points: the ledger, and corrections by hand, with a reason and the name of who made them."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.shell import audit
from console.shell.translation import gettext
from customers.people.customer import Customer
from rewards.ledger import adjustments, due_points, earning_limits, ledger
from rewards.ledger.actions import Action
from rewards.ledger.adjustments import LONGEST_REASON, MOST, Fault
from rewards.ledger.ledger import EntryKind, LedgerEntry
from support.tickets import tickets

SHOWN = 50


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/customers/<int:customer_id>/points")(points)
    console.post("/customers/<int:customer_id>/points/adjust")(adjust_points)
    console.post("/customers/<int:customer_id>/points/<int:entry_id>/rescue")(rescue_points)


def points(customer_id: int) -> str:
    """The balance, pending points, every ledger entry, and a form to correct."""
    return _page(_found(customer_id))


def adjust_points(customer_id: int) -> Response | tuple[str, int]:
    """Add or deduct points; the same form sent twice counts once."""
    found = _found(customer_id)
    amount, reason = request.form.get("points", type=int) or 0, request.form.get("reason", "").strip()
    with write_transaction():
        error = _refusal(found.id, amount, reason)
        if not error:
            cause = f"staff-adjust:{_checked(request.form.get('key', ''))}"
            ledger.adjust(found.id, amount, current_user.id, reason, cause)
            audit.note(points=amount)
    if error:
        return _page(found, error, request.form.get("points", ""), reason), 422
    flash(gettext("ポイントを調整しました。"))
    return redirect(url_for("console.points", customer_id=found.id), 303)


def rescue_points(customer_id: int, entry_id: int) -> Response:
    """Give expired points back, within the days that the shop allows."""
    found = _found(customer_id)
    reason = gettext("失効したポイントを戻しました")
    expired = LedgerEntry.get_or_none(LedgerEntry.id == entry_id, LedgerEntry.customer == found.id)
    with write_transaction():
        entry = ledger.rescue(expired.id, current_user.id, reason) if expired is not None else None
    if entry is None:
        flash(gettext("戻せる期間を過ぎたか、すでに戻されています。"), "error")
    else:
        flash(gettext("失効したポイントを戻しました。"))
    return redirect(url_for("console.points", customer_id=found.id), 303)


def _page(found: Customer, error: str = "", amount: str = "", reason: str = "") -> str:
    before = request.args.get("before", type=int)
    entries = ledger.history(found.id, SHOWN + 1, before)
    older, entries = entries[SHOWN:], entries[:SHOWN]
    return render_template(
        "console/points.html",
        customer=found,
        chat_id=tickets.latest_by_customer([found.id]).get(found.id),
        balance=ledger.balance(found.id),
        outlook=due_points.outlook(found.id),
        entries=entries,
        older=entries[-1].id if older else None,
        newest=before is None,
        rescuable={entry.id for entry in entries if ledger.can_be_rescued(entry)},
        kind_in_words=kind_in_words,
        action_in_words=action_in_words,
        note_in_words=note_in_words,
        cause_in_words=cause_in_words,
        error=error,
        amount=amount,
        reason=reason,
        most=MOST,
        longest=LONGEST_REASON,
        key=str(uuid.uuid4()),
    )


def _refusal(customer_id: int, amount: int, reason: str) -> str:
    there = ledger.available(customer_id)
    match adjustments.fault(amount, reason, there):
        case Fault.POINTS:
            return gettext("ポイントは、0以外の%(most)sまでの整数で入力してください。", most=f"{MOST:,}")
        case Fault.REASON:
            return gettext("理由を%(most)d文字までで入力してください。", most=LONGEST_REASON)
        case Fault.TOO_FEW:
            return gettext("引けるのは%(there)sポイントまでです。", there=f"{there:,}")
    return ""


def kind_in_words(kind: str) -> str:
    """A ledger entry's kind in the reader's language."""
    return {
        EntryKind.EARN: gettext("付与"),
        EntryKind.PENDING: gettext("保留"),
        EntryKind.BURN: gettext("利用"),
        EntryKind.EXPIRE: gettext("失効"),
        EntryKind.REVERSE: gettext("取り消し"),
        EntryKind.ADJUST: gettext("調整"),
        EntryKind.REFUSED: gettext("付与なし"),
    }[EntryKind(kind)]


def action_in_words(action: str) -> str:
    """The action it was for, in the reader's language; an unnamed action is shown as it is."""
    named: dict[str, str] = {
        Action.PURCHASE: gettext("お買い上げ"),
        Action.REGISTRATION: gettext("登録"),
        Action.SURVEY_ANSWER: gettext("アンケート"),
        Action.COMMENT: gettext("ひとこと"),
        Action.TESTIMONIAL: gettext("感想"),
        Action.REFERRAL: gettext("紹介した"),
        Action.REFERRED: gettext("紹介された"),
        Action.BIRTHDAY: gettext("お誕生日"),
        Action.CAMPAIGN: gettext("キャンペーンの贈りもの"),
        Action.STAFF: gettext("スタッフ"),
        Action.REDEMPTION: gettext("交換"),
        Action.EXPIRY: gettext("期限切れ"),
    }
    return named.get(action, action)


def note_in_words(entry: LedgerEntry) -> str:
    """The reason, in the reader's language; what a person wrote is shown as it is."""
    limit = earning_limits.limit_of(entry.note)
    if limit is not None:
        most = {"most": limit.most}
        a_day, a_month = gettext("1日%(most)d回まで", **most), gettext("1か月%(most)d回まで", **most)
        return a_day if limit.period == "day" else a_month
    cancelled, refunded = gettext("注文の取り消し"), gettext("返金")
    known = {earning_limits.ORDER_REVERSED: cancelled, "cancel": cancelled, "refund": refunded}
    known |= {"order_cancelled": cancelled, "order_refunded": refunded}
    return known.get(entry.note, entry.note)


def cause_in_words(cause: str) -> str:
    """The order that an entry came from; empty for other causes, which the action already names."""
    source, _, number = cause.partition(":")
    return gettext("注文 %(number)s", number=number) if source == "order" else ""


def _found(customer_id: int) -> Customer:
    return Customer.get_or_none(Customer.id == customer_id) or abort(404)


def _checked(key: str) -> str:
    try:
        return str(uuid.UUID(key))
    except ValueError:
        abort(400)
