"""Verifies Shopify's webhooks and stores their content before answering 200; the worker handles it.

`orders.py` takes the content. Addresses are stored as keyed hashes only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot import log
from bot.config import settings
from bot.db.database import write_transaction
from bot.text.cleaning import read_json
from customers.shopify import fulfillments, orders, receipts
from customers.shopify.fulfillments import EVENT_TOPIC, FULFILLMENT_TOPICS
from customers.shopify.messages import EDIT_TOPIC, ORDER_TOPICS, REFUND_TOPIC, Unreadable
from customers.shopify.orders import SOURCE

TOPICS = (*ORDER_TOPICS, REFUND_TOPIC, EDIT_TOPIC, *FULFILLMENT_TOPICS, EVENT_TOPIC)
LARGEST_BODY_BYTES = 2 * 1024 * 1024
shopify_webhooks = Blueprint("shopify", __name__, url_prefix="/webhooks/shopify")


def signature(body: bytes, secret: str) -> str:
    """The value of X-Shopify-Hmac-Sha256 for this body.

    https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook
    """
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@shopify_webhooks.post("")
@shopify_webhooks.post("/<path:topic>")
def receive(topic: str = "") -> Response:
    """Receives one webhook. 200: stored, known, or not one of ours. The path's topic takes precedence over
    the header's."""
    secret = settings.current().shopify_webhook_secret
    if not secret:
        return _answer(404, "No Shopify webhooks are expected: SHOPIFY_WEBHOOK_SECRET is not set.")
    request.max_content_length = LARGEST_BODY_BYTES
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _answer(413, f"The body is larger than {LARGEST_BODY_BYTES} bytes.")
    given = request.headers.get("X-Shopify-Hmac-Sha256", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, signature(body, secret).encode()):
        return _answer(401, "X-Shopify-Hmac-Sha256 does not fit this body: check SHOPIFY_WEBHOOK_SECRET.")
    topic = topic.strip("/") or request.headers.get("X-Shopify-Topic", "")
    if topic not in TOPICS:
        log.info("webhook ignored", source=SOURCE, topic=topic[:64])
        return _answer(200, "Ignored: not a topic we listen to.")
    try:
        content = read_json(body)
        if not isinstance(content, dict):
            raise Unreadable("no JSON object")
        with write_transaction():
            return _answer(200, _take(topic, content, request.headers.get("X-Shopify-Webhook-Id", "")[:100]))
    except (ValueError, Unreadable) as unreadable:
        return _answer(400, f"The body cannot be read as {topic}: {unreadable}")


def _take(topic: str, content: dict[str, Any], webhook_id: str) -> str:
    if webhook_id and not receipts.record_receipt(f"{SOURCE}:{webhook_id}"):
        return "Known."
    if topic == REFUND_TOPIC:
        return orders.take_refund(content)
    if topic == EDIT_TOPIC:
        return orders.take_edit(content)
    if topic in FULFILLMENT_TOPICS:
        return fulfillments.take_fulfillment(content)
    if topic == EVENT_TOPIC:
        return fulfillments.take_event(content)
    return orders.take_order(topic, content)


def too_many_refused(_wait_seconds: int) -> Response:
    """The answer to an address that sent many webhooks without a valid signature."""
    return _answer(429, "Too many webhooks with a wrong X-Shopify-Hmac-Sha256 came from this address.")


def _answer(status: int, sentence: str) -> Response:
    if status >= 400:
        log.warning("webhook refused", source=SOURCE, status=status, reason=sentence)
    return Response(sentence, status, content_type="text/plain; charset=utf-8")
