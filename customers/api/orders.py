"""The API's routes for orders and reversals; they are stored in the inbox by `customers/orders/intake.py`,
and the worker records them."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, Response

from customers.api import auth, links, openapi, shipments
from customers.api.answers import Fault, OrderAnswer, OrderStateAnswer, ReversalAnswer, refusal
from customers.api.auth import (
    PREFIX,
    Refused,
    api_key,
    as_json,
    body,
    fault_of,
    once,
    read_json,
    refuse,
    worded,
)
from customers.api.keys import ORDERS_REVERSE, ORDERS_WRITE
from customers.api.reversal_schema import CancelIn, RefundIn
from customers.orders import intake, schema
from customers.orders import shipments as order_shipments
from customers.orders.intake import OrderOutcome
from customers.orders.reversal_intake import ReversalOutcome, take
from customers.orders.reversals import CANCEL, REFUND, Reversal
from customers.orders.schema import OrderIn
from customers.values import identities, parsing
from customers.values.faults import EXAMPLES, LABELS, Problem

SOURCE = "api"

api = Blueprint("api", __name__, url_prefix=PREFIX)
auth.register(api)
links.register(api)
shipments.register(api)


@api.post("/orders")
def receive_order() -> Response:
    """Accepts one order. 202: stored, the worker records it; 200: known; 409: it contradicts the stored
    order."""
    key = api_key(ORDERS_WRITE)
    content = body()
    example = {
        name: EXAMPLES[name] for name in ("order_number", "ordered_at", "total_yen", "customer_number")
    }
    payload = schema.read_as(OrderIn, read_json(content, example))
    if not isinstance(payload, OrderIn):
        raise Refused(422, [fault_of(problem) for problem in payload])
    return once(key, content, lambda: _stored(payload))


@api.get("/orders/<path:order_number>")
def show_order(order_number: str) -> Response:
    """The state of an order and of its parcels. 404 when it is unknown."""
    api_key(ORDERS_WRITE)
    number = _number(order_number)
    known = intake.known_order(number)
    if known is None:
        _unknown_order(number)
    order, state = known
    answer = OrderStateAnswer(
        order_number=order.order_number,
        state=state,
        already_known=True,
        arrives_on=order.arrives_on.isoformat() if order.arrives_on else None,
        shipments=[shipments.state_of(each) for each in order_shipments.of_order(number)],
    )
    return as_json(200, answer)


@api.post("/orders/<path:order_number>/cancel")
def cancel_order(order_number: str) -> Response:
    """Cancels an order as a whole. 202: stored; 200: it was cancelled before."""
    key = api_key(ORDERS_REVERSE)
    content = body(may_be_empty=True)
    payload = schema.read_as(CancelIn, read_json(content, {}) if content else {})
    if not isinstance(payload, CancelIn):
        raise Refused(422, [fault_of(problem) for problem in payload])
    number = _number(order_number)
    reversal = Reversal(order_number=number, kind=CANCEL, source=SOURCE, reason=payload.reason)
    return once(key, content, lambda: _stored_reversal(reversal))


@api.post("/orders/<path:order_number>/refunds")
def refund_order(order_number: str) -> Response:
    """Refunds part of an order's price, once for each refund_id. 202: stored; 200: known."""
    key = api_key(ORDERS_REVERSE)
    content = body()
    example = {name: EXAMPLES[name] for name in ("refund_id", "amount_yen")}
    payload = schema.read_as(RefundIn, read_json(content, example))
    if not isinstance(payload, RefundIn):
        raise Refused(422, [fault_of(problem) for problem in payload])
    reversal = Reversal(
        order_number=_number(order_number),
        kind=REFUND,
        refund_id=payload.refund_id,
        amount_yen=payload.amount_yen,
        source=SOURCE,
        reason=payload.reason,
    )
    return once(key, content, lambda: _stored_reversal(reversal))


@api.get("/openapi.json")
def show_openapi() -> Response:
    """The API's description; no key is required."""
    return Response(openapi.as_json(), content_type="application/json")


def _stored(payload: OrderIn) -> Response:
    [taken] = intake.take([payload], SOURCE)
    number = taken.order.order_number
    match taken.outcome:
        case OrderOutcome.NEW:
            return as_json(202, OrderAnswer(order_number=number, state="received", already_known=False))
        case OrderOutcome.KNOWN:
            known = intake.known_order(number)
            state = known[1] if known is not None else "received"
            return as_json(200, OrderAnswer(order_number=number, state=state, already_known=True))
        case OrderOutcome.FUTURE:
            return as_json(422, refusal([fault_of(Problem("ordered_at", "future_date"))]))
        case OrderOutcome.CONFLICT:
            return as_json(409, refusal([_conflict(number, field) for field in taken.fields]))


def _stored_reversal(reversal: Reversal) -> Response:
    taken = take(reversal)
    match taken.outcome:
        case ReversalOutcome.UNKNOWN_ORDER:
            _unknown_order(reversal.order_number)
        case ReversalOutcome.CONFLICT:
            return as_json(409, refusal([_other_refund(reversal)]))
        case ReversalOutcome.TOO_MUCH:
            return as_json(422, refusal([_too_much(taken.left_yen or 0)]))
        case outcome:
            known = outcome is ReversalOutcome.KNOWN
            answer = ReversalAnswer(
                order_number=reversal.order_number,
                state=taken.state if known else "received",
                refund_id=reversal.refund_id or None,
                already_known=known,
            )
            return as_json(200 if known else 202, answer)


def _number(written: str) -> str:
    try:
        return identities.number(written)
    except parsing.BadValue:
        _unknown_order(written[:64])


def _unknown_order(_order_number: str) -> NoReturn:
    refuse(
        404,
        "unknown_order",
        "この注文番号の注文はまだ届いていません。",
        "No order with this number was reported.",
        field="order_number",
        example=EXAMPLES["order_number"],
    )


def _conflict(order_number: str, field: str) -> Fault:
    return Fault(
        code="conflict",
        message=worded(
            f"注文 {order_number} は登録済みで、{LABELS[field]}が違います。登録済みの内容のままです。",
            f"Order {order_number} is known with another {field}. What is known was not changed.",
        ),
        field=field,
        example=None,
    )


def _other_refund(reversal: Reversal) -> Fault:
    return Fault(
        code="conflict",
        message=worded(
            f"返金 {reversal.refund_id} は登録済みで、金額が違います。登録済みの内容のままです。",
            f"Refund {reversal.refund_id} is known with another amount_yen. What is known was not changed.",
        ),
        field="amount_yen",
        example=None,
    )


def _too_much(left_yen: int) -> Fault:
    return Fault(
        code="too_much",
        message=worded(
            f"返金が、この注文の残りの金額（{left_yen:,}円）を超えています。",
            f"amount_yen is more than what is left of the order ({left_yen} yen).",
        ),
        field="amount_yen",
        example=left_yen or None,
    )
