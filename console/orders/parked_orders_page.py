"""Shows the owner what was not understood of orders, and stores their decisions; the order intake applies them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.shell import audit
from console.shell.translation import gettext, ngettext
from customers.orders import buyers, parked_decisions, state_meanings
from customers.orders import parked as parked_orders
from customers.orders.parked import ParkedOrder, Reason
from customers.orders.states import OrderState
from customers.values import parsing
from customers.values.parsing import BadValue

SHOWN = 20
"""Orders shown for each unknown word; the word's count says how many there are."""
MEANINGS = {
    Reason.STATE: tuple(str(state) for state in OrderState),
    Reason.CURRENCY: (state_meanings.LEFT_OUT,),
    Reason.NUMBER: (buyers.GUESTS, buyers.ONE_BUYER),
}


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/orders/parked")(parked)
    console.post("/orders/parked/words/<any(state, currency, number):kind>")(explain_word)
    console.post("/orders/parked/meanings/<int:meaning_id>/forget")(forget_word)
    console.post("/orders/parked/<int:row_id>/<any(take, leave, given_back, seen):decision>")(decide_parked)


def parked() -> str:
    """Unknown words, currencies and numbers, and orders with an open question."""
    return render_template(
        "console/parked_orders.html",
        words=_words(),
        questions=[
            (row, question_in_words(row))
            for reason in (Reason.REFUND, Reason.PARTLY, Reason.AGAIN)
            for row in parked_orders.open_orders(reason, limit=SHOWN * 5)
        ],
        decided=parked_orders.decided(),
        meanings=MEANINGS,
        meaning_in_words=meaning_in_words,
        channel_in_words=channel_in_words,
        open_count=parked_orders.open_count(),
    )


def explain_word(kind: str) -> Response:
    """Store what a word means; the orders that wait for it are then recorded."""
    reason, key = Reason(kind), request.form.get("word_key", "")
    meaning = request.form.get("meaning", "")
    words = {word_key: word for word_key, word, _ in parked_orders.open_words(reason)}
    if meaning not in MEANINGS[reason]:
        abort(400)
    if key not in words:
        flash(gettext("この言葉を待っている注文は、もうありません。"), "error")
        return _back()
    with write_transaction():
        parked_orders.give_meaning(reason, key, words[key], meaning, current_user.id)
        count = parked_decisions.settle()
        audit.note(word=words[key], meaning=meaning, count=count)
    flash(
        ngettext(
            "覚えました。%(num)d件の注文に反映しました。残りがあれば、数分のうちに反映します。",
            "覚えました。%(num)d件の注文に反映しました。残りがあれば、数分のうちに反映します。",
            count,
        )
    )
    return _back()


def forget_word(meaning_id: int) -> Response:
    """Forget a word's meaning: it is unknown again from now on."""
    with write_transaction():
        gone = parked_orders.forget_meaning(meaning_id)
        if gone is not None:
            audit.note(word=gone.word, meaning=gone.meaning)
    if gone is None:
        abort(404)
    flash(gettext("取り消しました。これからの注文では、また確認をお願いします。"))
    return _back()


def decide_parked(row_id: int, decision: str) -> Response:
    """Store the decision about one order."""
    row = parked_orders.find_open(row_id)
    if row is None:
        flash(gettext("この注文は、すでに確認されています。"), "error")
        return _back()
    if (decision in ("take", "leave")) != (row.reason in (Reason.STATE, Reason.CURRENCY)):
        abort(400)
    try:
        amount_yen = _amount(row, decision)
    except BadValue:
        flash(gettext("金額を円で入れてください。例: 1,200"), "error")
        return _back()
    with write_transaction():
        audit.note(order_number=row.order_number, decision=decision)
        if amount_yen is not None:
            audit.note(amount_yen=amount_yen)
        good = _decide(row, decision, amount_yen)
    if good:
        flash(gettext("記録しました。"))
    else:
        flash(
            gettext("同じ番号の注文が違う内容で登録されているか、日付が先のため、取り込めませんでした。"),
            "error",
        )
    return _back()


def meaning_in_words(meaning: str) -> str:
    """The meaning that was stored for a word."""
    return {
        str(OrderState.COUNTS): gettext("購入として数える"),
        str(OrderState.UNPAID): gettext("まだお支払い前（数えない）"),
        str(OrderState.REVERSED): gettext("取り消し・全部の返品（取り消す）"),
        str(OrderState.PARTLY): gettext("一部の返品（購入として数え、返した金額を聞く）"),
        state_meanings.LEFT_OUT: gettext("この通貨の注文は数えない"),
        buyers.GUESTS: gettext("会員ではない方に付く番号"),
        buyers.ONE_BUYER: gettext("お一人のお客様の番号"),
    }.get(meaning, meaning)


def channel_in_words(source: str) -> str:
    """The channel by which an order came."""
    return {"csv": "CSV", "api": "API", "shopify": "Shopify"}.get(source, source)


def question_in_words(row: ParkedOrder) -> str:
    """The question about an order that counts."""
    match row.reason:
        case Reason.PARTLY:
            return gettext(
                "「%(word)s」ですが、いくら返したのか分かりません。いまは全額を購入として数えています。",
                word=row.word,
            )
        case Reason.REFUND:
            return gettext(
                "返金がありましたが、円の金額がまだ分かりません（%(word)s）。続きの知らせが届けば自動で反映します。"
                "届かないときは、これまでに返した合計を入れてください。",
                word=row.word,
            )
        case _:
            return gettext(
                "取り消し・全額返金を登録した注文が、また「%(word)s」として届きました。取り消したままにしています。"
                "購入として数えるには、お店のシステムで新しい番号の注文にしてください。",
                word=row.word,
            )


def _words() -> list[tuple[Reason, str, str, int, list[ParkedOrder]]]:
    return [
        (reason, key, word, count, parked_orders.open_orders(reason, key, SHOWN))
        for reason in MEANINGS
        for key, word, count in parked_orders.open_words(reason)
    ]


def _amount(row: ParkedOrder, decision: str) -> int | None:
    """The amount in yen that the form must give. Raises BadValue."""
    if decision == "given_back" or (decision == "take" and row.reason == Reason.CURRENCY):
        amount_yen = parsing.yen(request.form.get("amount_yen", ""))
        if amount_yen < 0:
            raise BadValue("negative_yen")
        return amount_yen
    return None


def _decide(row: ParkedOrder, decision: str, amount_yen: int | None) -> bool:
    match decision:
        case "take":
            return parked_decisions.take_in(row, amount_yen, current_user.id)
        case "given_back":
            parked_decisions.give_back(row, amount_yen or 0, current_user.id)
        case "leave":
            parked_decisions.leave_out(row, current_user.id)
        case _:
            parked_decisions.note_seen(row, current_user.id)
    return True


def _back() -> Response:
    return redirect(url_for("console.parked"), 303)
