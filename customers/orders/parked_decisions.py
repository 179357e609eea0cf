"""Carries out the owner's answers about parked orders: the meaning of a word for all orders, or a decision on
one order.

Orders are taken by `intake.py`, cancellations and refunds by `reversal_intake.py`, as from any other source.
"""

from __future__ import annotations

from bot import localtime, notices
from bot.db.database import require_transaction
from bot.notices import notice_text
from bot.queue import inbox
from bot.routing import event_kinds
from customers.orders import buyers, intake, parked, reversal_intake, reversals, state_meanings
from customers.orders.intake import OrderOutcome
from customers.orders.order import Order
from customers.orders.parked import Closed, ParkedOrder, Question, Reason
from customers.orders.reversals import CANCEL, Reversal
from customers.orders.states import OrderState
from customers.values import identities

AT_ONCE = 200
"""At most so many in a transaction; the clock continues with the rest."""
SOURCE = "console"


def settle(limit: int = AT_ONCE) -> int:
    """Settles parked orders whose word, number or currency is known by now; returns how many."""
    require_transaction()
    count = 0
    for reason, settle_one in (
        (Reason.STATE, _settle_state),
        (Reason.CURRENCY, _settle_currency),
        (Reason.NUMBER, _settle_number),
    ):
        for key, word, _ in parked.open_words(reason):
            if count >= limit or not _is_known(reason, key, word):
                continue
            for row in parked.open_orders(reason, key, limit - count):
                settle_one(row)
                count += 1
    return count


def anything_to_settle() -> bool:
    """Whether `settle` would find something. Reads without locking."""
    reasons = (Reason.STATE, Reason.CURRENCY, Reason.NUMBER)
    return any(
        _is_known(reason, key, word) for reason in reasons for key, word, _ in parked.open_words(reason)
    )


def take_in(row: ParkedOrder, total_yen: int | None, by: int) -> bool:
    """Counts this order, with `total_yen` where its own amount is not in yen. False when it contradicts the
    order that is known under its number."""
    require_transaction()
    order = row.order() if total_yen is None else row.order().model_copy(update={"total_yen": total_yen})
    return _take(row, order, by)


def leave_out(row: ParkedOrder, by: int) -> None:
    """Closes the question: the order is not counted."""
    require_transaction()
    parked.finish([row.id], Closed.LEFT_OUT, by)


def give_back(row: ParkedOrder, amount_yen: int, by: int) -> None:
    """Records how much was refunded of the order until now, in yen; 0 for nothing."""
    require_transaction()
    number = reversals.number_of(str(row.order_number))
    if amount_yen:
        reversal_intake.take(reversals.total_refund(number, amount_yen, SOURCE), may_wait=True)
    parked.finish([row.id], Closed.ANSWERED, by)


def note_seen(row: ParkedOrder, by: int) -> None:
    """Closes the question without consequences."""
    require_transaction()
    parked.finish([row.id], Closed.ANSWERED, by)


def _is_known(reason: Reason, key: str, word: str) -> bool:
    if reason is Reason.STATE:
        return state_meanings.read_state(word) is not None
    if reason is Reason.CURRENCY:
        return state_meanings.is_left_out(Question(reason, word, key))
    return key in parked.meanings(Reason.NUMBER) or key in buyers.guest_numbers()


def _settle_state(row: ParkedOrder) -> None:
    match state_meanings.read_state(str(row.word)):
        case OrderState.UNPAID:
            parked.finish([row.id], Closed.UNPAID)
        case OrderState.REVERSED:
            cancel = Reversal(order_number=str(row.order_number), kind=CANCEL, source=str(row.source))
            reversal_intake.take(cancel)
            parked.finish([row.id], Closed.REVERSED)
        case OrderState.PARTLY:
            if _take(row, row.order(), None) and not reversal_intake.refunded_yen(str(row.order_number)):
                question = Question(Reason.PARTLY, str(row.word), "", str(row.place), str(row.amount))
                parked.park(str(row.order_number), str(row.source), question)
        case _:
            _take(row, row.order(), None)


def _settle_currency(row: ParkedOrder) -> None:
    parked.finish([row.id], Closed.LEFT_OUT)


def _settle_number(row: ParkedOrder) -> None:
    """Handles the order again once the owner says that its number is one buyer's: it then belongs to that
    buyer."""
    key = identities.number_key(str(row.word))
    if parked.meanings(Reason.NUMBER).get(key) == buyers.ONE_BUYER:
        order = row.order()
        numbered = buyers.by_customer_number(str(order.customer_number))
        customer = numbered.customer if numbered is not None else None
        line_user_id = order.line_user_id or (customer.line_user_id if customer is not None else None)
        inbox.put(
            event_kinds.ORDER_RECEIVED,
            f"{order.event_id}:number:{int(localtime.now().timestamp())}",
            line_user_id or f"buyer:{buyers.identity_of(order)}",
            order.as_data(),
            line_user_id=line_user_id,
        )
    parked.finish([row.id], Closed.ANSWERED)


def _take(row: ParkedOrder, order: Order, by: int | None) -> bool:
    [taken] = intake.take_orders([order])
    good = taken.outcome in (OrderOutcome.NEW, OrderOutcome.KNOWN)
    # Taking it has closed the row as understood; the real outcome is stored here.
    ParkedOrder.update(
        closed_at=localtime.now(), closed_by=by, outcome=Closed.TAKEN if good else Closed.CONFLICT
    ).where(ParkedOrder.id == row.id).execute()
    parked.refresh_notice()
    if not good:
        notices.notify(
            f"order-differs:{order.order_number}",
            notice_text(
                "保留した注文 %(order)s は、登録済みの内容と違うか、日付が先のため、取り込めませんでした。"
                "お店のシステムで確かめてください。",
                order=order.order_number,
            ),
        )
    return good
