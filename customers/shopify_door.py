"""Decides whether a webhook is Shopify's and stores what it says, before the answer 200; the worker acts on it.

Everything that counts is unique by the order's number and the refund's id: a webhook repeated, late or out of order
changes nothing. Addresses are stored as keyed hashes only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot import log, notices, settings
from bot.database import write_transaction
from bot.storable import read_json
from customers import intake, order_rows, order_values, reversal_intake, reversals, shopify, webhook_receipts
from customers.intake import Outcome
from customers.order_rows import OrderIn
from customers.order_values import BadValue
from customers.order_words import LABELS, Problem
from customers.reversals import CANCEL, REFUND, Reversal
from customers.shopify import ORDER_TOPICS, REFUND_TOPIC, OrderTold, RefundTold, Unreadable

LARGEST_BODY_BYTES = 2 * 1024 * 1024
SOURCE = "shopify"
shopify_webhooks = Blueprint("shopify", __name__, url_prefix="/webhooks/shopify")


def signature(body: bytes, secret: str) -> str:
    """What Shopify puts into X-Shopify-Hmac-Sha256.
    https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook"""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@shopify_webhooks.post("")
@shopify_webhooks.post("/<path:topic>")
def receive(topic: str = "") -> Response:
    """200: stored, known, or none of ours. The path's topic wins over the header's."""
    secret = settings.current().shopify_webhook_secret
    if not secret:
        return _say(404, "No Shopify webhooks are expected: SHOPIFY_WEBHOOK_SECRET is not set.")
    request.max_content_length = LARGEST_BODY_BYTES
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _say(413, f"The body is larger than {LARGEST_BODY_BYTES} bytes.")
    given = request.headers.get("X-Shopify-Hmac-Sha256", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, signature(body, secret).encode()):
        return _say(401, "X-Shopify-Hmac-Sha256 does not fit this body: check SHOPIFY_WEBHOOK_SECRET.")
    topic = topic.strip("/") or request.headers.get("X-Shopify-Topic", "")
    if topic not in (*ORDER_TOPICS, REFUND_TOPIC):
        log.info("webhook ignored", source=SOURCE, topic=topic[:64])
        return _say(200, "Ignored: not a topic we listen to.")
    try:
        content = read_json(body)
        if not isinstance(content, dict):
            raise Unreadable("no JSON object")
        with write_transaction():
            return _say(200, _take(topic, content, request.headers.get("X-Shopify-Webhook-Id", "")[:100]))
    except (ValueError, Unreadable) as unreadable:
        return _say(400, f"The body cannot be read as {topic}: {unreadable}")


def _take(topic: str, content: dict[str, Any], webhook_id: str) -> str:
    if webhook_id and not webhook_receipts.is_first(f"{SOURCE}:{webhook_id}"):
        return "Known."
    if topic == REFUND_TOPIC:
        alias = shopify.alias_of(content.get("order_id"))
        _refund(reversals.number_of(alias), shopify.read_refund(content))
        return "Taken."
    told = shopify.read_order(content)
    if told.ignored:
        log.info("order ignored", source=SOURCE, order=told.order_number, reason=told.ignored)
        return f"Ignored: {told.ignored}."
    return _order(told)


def _order(told: OrderTold) -> str:
    try:
        number = order_values.clean(told.order_number, 64)
    except BadValue as bad:
        raise Unreadable(Problem("name", bad.code).in_english()) from bad
    reversals.know_alias(told.alias, number)
    if told.values is not None:
        order = _readable(told.values)
        if not isinstance(order, OrderIn):
            raise Unreadable("; ".join(problem.in_english() for problem in order))
        [taken] = intake.take([order], SOURCE)
        if taken.outcome is Outcome.CONFLICT:
            _differs(number, taken.fields)
        elif taken.outcome is Outcome.FUTURE:
            raise Unreadable("the order lies in the future")
    elif intake.known_order(number) is None:
        return "Waiting for the payment." if not told.is_cancelled else "Cancelled before it was paid."
    for refund in told.refunds:
        _refund(number, refund)
    if told.is_cancelled:
        reversal_intake.take(Reversal(order_number=number, kind=CANCEL, source=SOURCE), may_wait=True)
    return "Taken."


def _refund(name: str, refund: RefundTold) -> None:
    if refund.amount_yen > 0:
        told = Reversal(
            order_number=name,
            kind=REFUND,
            refund_id=refund.refund_id,
            amount_yen=refund.amount_yen,
            source=SOURCE,
        )
        reversal_intake.take(told, may_wait=True)


def _readable(values: dict[str, Any]) -> OrderIn | list[Problem]:
    """The order; an address that cannot be read is left out when something else names the customer."""
    told = order_rows.read(values)
    for name in ("email", "phone"):
        others = {"line_user_id", "customer_number", "email", "phone"} - {name}
        if isinstance(told, list) and any(each.field == name for each in told) and others & values.keys():
            values = {key: value for key, value in values.items() if key != name}
            told = order_rows.read(values)
    return told


def _differs(number: str, fields: tuple[str, ...]) -> None:
    log.warning("order differs", source=SOURCE, order=number, fields=fields)
    names = "・".join(LABELS[each] for each in fields)
    notices.tell(
        f"order-differs:{number}",
        f"注文 {number} の内容がShopifyで変わりました（{names}）。登録済みの内容のままにしてあります。",
    )


def _say(status: int, sentence: str) -> Response:
    if status >= 400:
        log.warning("webhook refused", source=SOURCE, status=status, reason=sentence)
    return Response(sentence, status, content_type="text/plain; charset=utf-8")
