"""Takes Shopify's orders, refunds and edits into the inbox, or parks them for the owner; `messages.py` reads
them.

Everything is unique by the order's number and the refund's id: a webhook repeated, late or out of sequence
changes nothing.
"""

from __future__ import annotations

from typing import Any

from bot import log, notices
from bot.notices import NoticeText, notice_text
from customers.orders import (
    intake,
    parked,
    reversal_intake,
    reversals,
    schema,
    shipments,
    state_meanings,
    states,
)
from customers.orders.intake import OrderOutcome, TakenOrder
from customers.orders.parked import Question, Reason
from customers.orders.reversals import CANCEL, REFUND, Reversal
from customers.orders.schema import OrderIn
from customers.orders.states import OrderState
from customers.shopify import fulfillments, messages
from customers.shopify.messages import ShopifyOrder, ShopifyRefund, Unreadable
from customers.values import identities
from customers.values.faults import LABELS

SOURCE = "shopify"


def take_order(topic: str, content: dict[str, Any]) -> str:
    """Takes the current state of an order; returns what was done, for the webhook's answer. Raises
    Unreadable."""
    seen = messages.read_order(content, state_meanings.read_state)
    if seen.ignored:
        log.info("order ignored", source=SOURCE, order=seen.order_number, reason=seen.ignored)
        return f"Ignored: {seen.ignored}."
    number = identities.number(seen.order_number)
    reversals.record_alias(seen.alias, number)
    fulfillments.take_those_of_order(content)
    if intake.known_order(number) is not None:
        shipments.announce_again(number, shipments.adopt(number))
    if seen.currency:
        question = Question(Reason.CURRENCY, seen.currency, seen.currency.casefold(), topic, seen.amount)
        return _park(number, seen, question, f"not in yen but in {seen.currency}")
    is_cancelled = seen.is_cancelled or (seen.state is OrderState.REVERSED and not _is_refund(seen))
    if intake.known_order(number) is None and (
        seen.state is OrderState.UNPAID or (is_cancelled and _was_never_paid(seen))
    ):
        parked.close({number}, (Reason.STATE,))
        return "Cancelled before it was paid." if is_cancelled else "Waiting for the payment."
    if seen.state is None and not seen.is_cancelled:
        key = states.word_key(seen.word)
        question = Question(Reason.STATE, seen.word, key, topic, seen.amount)
        return _park(number, seen, question, f"its financial_status {seen.word!r} is not known")
    if seen.state is not OrderState.UNPAID:
        _take_in(number, seen, topic)
    _record_refunds(number, seen)
    if is_cancelled or (_is_refund(seen) and _refunded_yen(seen) < _total_yen(seen)):
        reversal_intake.take(Reversal(order_number=number, kind=CANCEL, source=SOURCE), may_wait=True)
    return "Taken."


def take_refund(content: dict[str, Any]) -> str:
    """Takes a refund, finished or announced; returns what was done. Raises Unreadable."""
    refund = messages.read_refund(content)
    number = reversals.number_of(messages.alias_of(content.get("order_id")))
    _record_refund(number, refund)
    if refund.unclear:
        _ask(number, Reason.REFUND, refund)
        return "Parked: the owner is asked how much of it was given back."
    parked.close(reversals.names_of(number), (Reason.REFUND,), refund.refund_id)
    return "Taken."


def take_edit(content: dict[str, Any]) -> str:
    """Notifies the owner that the order was edited; its new price comes with orders/updated. Raises
    Unreadable."""
    alias = messages.read_edit(content)
    number = reversals.number_of(alias)
    if number != alias:
        notices.notify(
            f"order-differs:edited:{number}",
            notice_text(
                "注文 %(order)s がShopifyで編集されました。金額が下がった分は、返金として自動で差し引きます"
                "（商品や上がった金額は変わりません）。Shopifyの注文と合っているか確かめてください。",
                order=number,
            ),
        )
    return "Taken."


def _take_in(number: str, seen: ShopifyOrder, topic: str) -> None:
    order, _ = schema.read_leniently(seen.values or {})
    if not isinstance(order, OrderIn):
        raise Unreadable("; ".join(problem.in_english() for problem in order))
    [taken] = intake.take([order], SOURCE)
    if taken.outcome is OrderOutcome.FUTURE:
        raise Unreadable("the order lies in the future")
    if taken.outcome is OrderOutcome.CONFLICT:
        _notify_difference(number, taken, seen)
    if (
        taken.is_reversed
        and seen.state is OrderState.COUNTS
        and not seen.is_cancelled
        and topic != "orders/create"
    ):
        _ask_again(number, seen)


def _record_refunds(number: str, seen: ShopifyOrder) -> None:
    """Records each refund, and a lower current price, which covers refunds without an amount in yen."""
    for refund in seen.refunds:
        _record_refund(number, refund)
    known = intake.known_order(number)
    unclear = [refund for refund in seen.refunds if refund.unclear]
    under_way = any(refund.is_under_way for refund in unclear)
    was_yen = known[0].total_yen if known is not None else _total_yen(seen)
    now_yen = min(
        _total_yen(seen), _total_yen(seen) if seen.current_yen is None else max(0, seen.current_yen)
    )
    lost_yen = was_yen - now_yen
    # Where every refund has its yen these are more exact: a shop may keep a fee.
    by_total = lost_yen > 0 and not under_way and bool(unclear or not _refunded_yen(seen))
    if by_total and not _is_refund(seen):
        if not seen.refunds:
            _notify_lower_total(number, was_yen, now_yen)
        reversal_intake.take(reversals.total_refund(number, lost_yen, SOURCE), may_wait=True)
    names = reversals.names_of(number)
    if _is_refund(seen) or by_total:
        parked.close(names, (Reason.REFUND, Reason.PARTLY))
        return
    for refund in seen.refunds:
        if refund.unclear:
            _ask(number, Reason.REFUND, refund)
        else:
            parked.close(names, (Reason.REFUND,), refund.refund_id)
    if unclear or seen.state is not OrderState.PARTLY:
        return
    if reversal_intake.refunded_yen(number):
        parked.close(names, (Reason.PARTLY,))
    else:
        _ask(number, Reason.PARTLY, ShopifyRefund("", 0, seen.word))


def _record_refund(name: str, refund: ShopifyRefund) -> None:
    if refund.amount_yen <= 0:
        return
    part = Reversal(
        order_number=name,
        kind=REFUND,
        refund_id=refund.refund_id,
        amount_yen=refund.amount_yen,
        source=SOURCE,
    )
    taken = reversal_intake.take(part, may_wait=True)
    if taken.outcome is reversal_intake.ReversalOutcome.CONFLICT:
        # A second transaction of the same refund has succeeded in the meantime.
        more = refund.amount_yen - (taken.known_yen or 0)
        if more > 0:
            later = part.model_copy(
                update={"refund_id": f"{refund.refund_id}~{refund.amount_yen}", "amount_yen": more}
            )
            reversal_intake.take(later, may_wait=True)


def _park(number: str, seen: ShopifyOrder, question: Question, why: str) -> str:
    if state_meanings.is_left_out(question):
        return f"Ignored: {why}."
    order, _ = schema.read_leniently(seen.values or {})
    if not isinstance(order, OrderIn):
        raise Unreadable("; ".join(problem.in_english() for problem in order))
    if intake.known_order(number) is not None and question.reason is Reason.STATE:
        _record_refunds(number, seen)
    parked.park(number, SOURCE, question, intake.stored_form(order, SOURCE))
    log.warning("order parked", source=SOURCE, order=number, reason=why)
    return f"Parked: {why}; the owner is asked."


def _ask(number: str, reason: Reason, refund: ShopifyRefund) -> None:
    key = refund.refund_id if reason is Reason.REFUND else ""
    parked.park(number, SOURCE, Question(reason, refund.unclear, key, REFUND))


def _ask_again(number: str, seen: ShopifyOrder) -> None:
    """Asks the owner about a reversed order that is reported as paid, unless the report is older than the
    reversal."""
    taken_back_at = reversal_intake.taken_back_at(number)
    if seen.updated_at and taken_back_at and seen.updated_at <= taken_back_at:
        return
    parked.park(number, SOURCE, Question(Reason.AGAIN, seen.word, "", "", seen.amount))


def _is_refund(seen: ShopifyOrder) -> bool:
    """Whether all of the money was refunded, as opposed to a payment that was never taken."""
    return seen.state is OrderState.REVERSED and not _was_never_paid(seen)


def _was_never_paid(seen: ShopifyOrder) -> bool:
    return seen.state is OrderState.UNPAID or states.word_key(seen.word) in ("void", "voided")


def _total_yen(seen: ShopifyOrder) -> int:
    return int((seen.values or {})["total_yen"])


def _refunded_yen(seen: ShopifyOrder) -> int:
    return sum(refund.amount_yen for refund in seen.refunds)


def _notify_difference(number: str, taken: TakenOrder, seen: ShopifyOrder) -> None:
    log.warning("order differs", source=SOURCE, order=number, fields=taken.fields)
    earlier = taken.earlier
    if taken.fields == ("total_yen",) and earlier is not None and _total_yen(seen) < earlier.total_yen:
        return  # the difference counts as a refund, and the owner is notified of that
    notices.notify(
        f"order-differs:{number}",
        notice_text(
            "注文 %(order)s の内容がShopifyで変わりました（%(fields)s）。登録済みの内容のままにしてあります。",
            order=number,
            fields=[NoticeText(LABELS[each]) for each in taken.fields],
        ),
    )


def _notify_lower_total(number: str, was_yen: int, now_yen: int) -> None:
    notices.notify(
        f"order-differs:{number}:{now_yen}",
        notice_text(
            "注文 %(order)s の金額がShopifyで%(was)s円から%(now)s円に下がりました。"
            "差額の%(less)s円を返金として数え、その分のポイントを差し引きました。",
            order=number,
            was=f"{was_yen:,}",
            now=f"{now_yen:,}",
            less=f"{was_yen - now_yen:,}",
        ),
    )
