"""Decides how a shop's system tells of an order over HTTP; what the order earns is decided by the worker.

Every fault of a request is answered with its field and a value that would be right. Nothing here speaks LINE.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, NoReturn

from flask import Blueprint, Response, request
from pydantic import BaseModel
from werkzeug.exceptions import RequestEntityTooLarge

from bot.database import write_transaction
from customers import api_keys, idempotency, intake, openapi, order_rows, order_values
from customers.api_answers import Fault, OrderAnswer, refusal
from customers.api_keys import ORDERS_WRITE, ApiKey
from customers.intake import Outcome
from customers.order_rows import OrderIn
from customers.order_words import EXAMPLES, LABELS, Problem
from customers.request_rate import RequestRate

LARGEST_BODY_BYTES = 256 * 1024
SOURCE = "api"
rate = RequestRate(most=600, window_seconds=60)
api = Blueprint("api", __name__, url_prefix="/api/v1")

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


class Refused(Exception):
    """The request cannot be served; holds the answer that says why."""

    def __init__(self, status: int, faults: list[Fault], headers: dict[str, str] | None = None) -> None:
        super().__init__(faults[0].message)
        self.status = status
        self.faults = faults
        self.headers = headers or {}


@api.errorhandler(Refused)
def refused(reason: Refused) -> Response:
    answer = _json(reason.status, refusal(reason.faults))
    answer.headers.update(reason.headers)
    return answer


@api.post("/orders")
def tell_order() -> Response:
    """Takes one order. 202: stored, the worker records it; 200: known; 409: contradicts what is known."""
    key = _api_key()
    body = _body()
    idempotency_key = _idempotency_key()
    told = _order(body)
    with write_transaction():
        api_keys.used(key)
        if idempotency_key is None:
            return _taken(told)
        earlier = idempotency.begin(key, idempotency_key, hashlib.sha256(body).hexdigest())
        if earlier is not None:
            return _replayed(earlier, body)
        answer = _taken(told)
        idempotency.finish(key, idempotency_key, answer.status_code, answer.get_data(as_text=True))
    return answer


@api.get("/orders/<path:order_number>")
def show_order(order_number: str) -> Response:
    """How far an order is."""
    _api_key()
    try:
        known = intake.known_order(order_values.clean(order_number, 64))
    except order_values.BadValue:
        known = None
    if known is None:
        _refuse(
            404,
            "unknown_order",
            "この注文番号の注文はまだ届いていません。",
            "No order with this number was told of.",
        )
    order, state = known
    return _json(200, OrderAnswer(order_number=order.order_number, state=state, already_known=True))


@api.get("/openapi.json")
def show_openapi() -> Response:
    """The API's description; needs no key."""
    return Response(openapi.as_json(), content_type="application/json")


def _taken(told: OrderIn) -> Response:
    [taken] = intake.take([told], SOURCE)
    number = taken.order.order_number
    match taken.outcome:
        case Outcome.NEW:
            return _json(202, OrderAnswer(order_number=number, state="received", already_known=False))
        case Outcome.KNOWN:
            known = intake.known_order(number)
            state = known[1] if known is not None else "received"
            return _json(200, OrderAnswer(order_number=number, state=state, already_known=True))
        case Outcome.FUTURE:
            return _json(422, refusal([_fault(Problem("ordered_at", "future_date"))]))
        case Outcome.CONFLICT:
            return _json(409, refusal([_conflict(number, field) for field in taken.fields]))


def _replayed(earlier: idempotency.IdempotentRequest, body: bytes) -> Response:
    if earlier.body_hash != hashlib.sha256(body).hexdigest():
        fault = Fault(
            code="idempotency_key_reused",
            message=_worded(
                "この Idempotency-Key は、別の内容で使われています。注文ごとに新しいキーを付けてください。",
                "This Idempotency-Key was used with another body. Give each order a key of its own.",
            ),
            field="Idempotency-Key",
            example="order-A-1001",
        )
        return _json(409, refusal([fault]))
    answer = Response(earlier.answer, earlier.status, content_type="application/json")
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _api_key() -> ApiKey:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = api_keys.check(token.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        _refuse(
            401,
            "unauthorized",
            "APIキーが正しくありません。ヘッダーに Authorization: Bearer goen_… を付けてください。"
            "キーは manage.py api-key create で作れます。",
            "The API key is missing, unknown or revoked. Send the header Authorization: Bearer goen_… "
            "A key is made with: manage.py api-key create NAME",
            field="Authorization",
            example="Bearer goen_…",
            headers={"WWW-Authenticate": 'Bearer realm="goen"'},
        )
    if not key.may(ORDERS_WRITE):
        _refuse(
            403, "forbidden", "このキーでは注文を扱えません。", f"This key lacks the scope {ORDERS_WRITE}."
        )
    if wait := rate.wait_seconds(key.id):
        _refuse(
            429,
            "too_many_requests",
            f"リクエストが多すぎます。{wait}秒後にもう一度お送りください。",
            f"More than {rate.most} requests a minute. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
    return key


def _body() -> bytes:
    if request.mimetype != "application/json":
        _refuse(
            415,
            "not_json",
            "Content-Type: application/json で送ってください。",
            "Send the order as JSON, with the header Content-Type: application/json",
            field="Content-Type",
            example="application/json",
        )
    request.max_content_length = LARGEST_BODY_BYTES
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        _refuse(
            413,
            "too_large",
            "本文が大きすぎます（256KBまで）。1回に1件の注文を送ってください。",
            "The body is larger than 256 KB. Send one order a request.",
        )


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY_KEY.match(key):
        _refuse(
            400,
            "bad_idempotency_key",
            "Idempotency-Key は、半角の英数字・記号で255文字までにしてください。",
            "Idempotency-Key must be 1 to 255 visible ASCII characters.",
            field="Idempotency-Key",
            example="order-A-1001",
        )
    return key


def _order(body: bytes) -> OrderIn:
    try:
        # Numbers that are none (NaN) and nesting without end are no JSON to us either.
        content = json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        where = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        _refuse(
            400,
            "malformed_json",
            f"JSONとして読めません{where}。文字コードはUTF-8にしてください。",
            f"The body is not JSON in UTF-8{where}.",
            example={
                name: EXAMPLES[name]
                for name in ("order_number", "ordered_at", "total_yen", "customer_number")
            },
        )
    told = order_rows.read(content)
    if not isinstance(told, OrderIn):
        raise Refused(422, [_fault(problem) for problem in told])
    return told


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _fault(problem: Problem) -> Fault:
    return Fault(
        code=problem.code,
        message=_worded(problem.in_japanese(), problem.in_english()),
        field=problem.field or None,
        example=problem.example,
    )


def _conflict(order_number: str, field: str) -> Fault:
    return Fault(
        code="conflict",
        message=_worded(
            f"注文 {order_number} は登録済みで、{LABELS[field]}が違います。登録済みの内容のままです。",
            f"Order {order_number} is known with another {field}. What is known was not changed.",
        ),
        field=field,
        example=None,
    )


def _refuse(
    status: int,
    code: str,
    japanese: str,
    english: str,
    *,
    field: str | None = None,
    example: Any = None,
    headers: dict[str, str] | None = None,
) -> NoReturn:
    fault = Fault(code=code, message=_worded(japanese, english), field=field, example=example)
    raise Refused(status, [fault], headers)


def _worded(japanese: str, english: str) -> str:
    return japanese if request.accept_languages.best_match(["en", "ja"]) == "ja" else english


def _json(status: int, content: BaseModel) -> Response:
    # ASCII only: a field's name in a refusal may hold letters that no encoding can carry.
    text = json.dumps(content.model_dump())
    return Response(text, status, content_type="application/json")
