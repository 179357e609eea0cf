"""The OpenAPI description of the API, generated from the models that validate its requests.

`python -m customers.api.openapi` writes `openapi.json`; a test fails when that file is out of date.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from customers.api.answers import (
    AccountLinkAnswer,
    CouponAnswer,
    ErrorAnswer,
    LinkCodeAnswer,
    OrderAnswer,
    OrderStateAnswer,
    ReversalAnswer,
    ShipmentAnswer,
)
from customers.api.link_schema import AccountLinkIn, LinkCodeIn
from customers.api.redeem_schema import RedeemIn
from customers.api.reversal_schema import CancelIn, RefundIn
from customers.api.shipment_schema import ShipmentIn
from customers.orders.schema import OrderIn

FILE = Path(__file__).resolve().parents[2] / "openapi.json"
Mode = Literal["validation", "serialization"]
_SENT: list[type[BaseModel]] = [OrderIn, ShipmentIn, CancelIn, RefundIn, LinkCodeIn, AccountLinkIn, RedeemIn]
_ANSWERED: list[type[BaseModel]] = [
    OrderAnswer,
    OrderStateAnswer,
    ShipmentAnswer,
    ReversalAnswer,
    LinkCodeAnswer,
    AccountLinkAnswer,
    CouponAnswer,
    ErrorAnswer,
]

_REFUSALS = {
    "400": "The body is not JSON, or the Idempotency-Key cannot be used",
    "401": "The API key is missing, unknown or revoked",
    "403": "The key lacks the scope",
    "404": "There is no such order",
    "409": "It contradicts what is known, or the Idempotency-Key was used with another request",
    "413": "The body is larger than 256 KB",
    "415": "The body is not sent as application/json",
    "422": "Fields are missing or wrong; each is named, with an example",
    "429": "Too many requests; Retry-After says when to go on",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Recommended. The same key with the same body gets the same answer again, for 48 hours; "
    "where that held a code, a new one.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_NUMBER = {"name": "order_number", "in": "path", "required": True, "schema": {"type": "string"}}


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    models: list[tuple[type[BaseModel], Mode]] = [(model, "validation") for model in _SENT]
    models += [(model, "serialization") for model in _ANSWERED]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Goen orders",
            "version": "1",
            "description": "A shop's system reports and reverses its orders here, links its customers to LINE and "
            "redeems their coupons. Each order, cancellation, refund and coupon counts once.",
        },
        "paths": _paths(),
        "security": [{"apiKey": []}],
        "components": {
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"],
        },
    }


@lru_cache
def as_json() -> str:
    """The document as the text of the repository's `openapi.json`."""
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _paths() -> dict[str, Any]:
    stored = "Stored; acted on within seconds"
    known = "Known already; nothing changed"
    return {
        "/api/v1/orders": {
            "post": _post(
                "tellOrder",
                "Report an order (scope orders:write)",
                OrderIn,
                OrderAnswer,
                {"202": stored, "200": known},
            )
        },
        "/api/v1/orders/{order_number}": {"get": _show_order()},
        "/api/v1/orders/{order_number}/shipments": {
            "post": _post(
                "reportShipment",
                "Report a parcel of an order: dispatched, delivered, changed (scope orders:write). The order itself "
                "may be reported later",
                ShipmentIn,
                ShipmentAnswer,
                {"202": "Stored; the customer is notified within seconds", "200": known},
                of_order=True,
            )
        },
        "/api/v1/orders/{order_number}/cancel": {
            "post": _post(
                "cancelOrder",
                "Cancel an order as a whole (scope orders:reverse)",
                CancelIn,
                ReversalAnswer,
                {"202": stored, "200": known},
                of_order=True,
            )
        },
        "/api/v1/orders/{order_number}/refunds": {
            "post": _post(
                "refundOrder",
                "Refund part of an order's price, once for each refund_id (scope orders:reverse)",
                RefundIn,
                ReversalAnswer,
                {"202": stored, "200": known},
                of_order=True,
            )
        },
        "/api/v1/link-codes": {
            "post": _post(
                "makeLinkCode",
                "A one-time code that links a customer to LINE (scope links:write)",
                LinkCodeIn,
                LinkCodeAnswer,
                {"201": "Made; seen this once"},
            )
        },
        "/api/v1/account-links": {
            "post": _post(
                "beginAccountLink",
                "The nonce for LINE's account link, for a customer who signed in (scope links:write)",
                AccountLinkIn,
                AccountLinkAnswer,
                {"201": "Made; seen this once"},
            )
        },
        "/api/v1/coupons/{code}/redeem": {"post": _redeem_coupon()},
    }


def _post(
    operation: str,
    summary: str,
    sent: type[BaseModel],
    answered: type[BaseModel],
    good: dict[str, str],
    *,
    of_order: bool = False,
) -> dict[str, Any]:
    finds = (of_order and sent is not ShipmentIn) or sent is LinkCodeIn
    refusals = [status for status in _REFUSALS if status != "404" or finds]
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [*([_NUMBER] if of_order else []), _KEY],
        "requestBody": {"required": sent is not CancelIn, "content": _content(sent.__name__)},
        "responses": {
            **{
                status: {"description": said, "content": _content(answered.__name__)}
                for status, said in good.items()
            },
            **_refusals(*refusals),
        },
    }


def _show_order() -> dict[str, Any]:
    return {
        "operationId": "showOrder",
        "summary": "How far an order and its parcels are (scope orders:write)",
        "parameters": [_NUMBER],
        "responses": {
            "200": {"description": "What is known of it", "content": _content("OrderStateAnswer")},
            **_refusals("401", "403", "404", "429"),
        },
    }


def _redeem_coupon() -> dict[str, Any]:
    return {
        "operationId": "redeemCoupon",
        "summary": "Redeem a coupon (scope coupons:redeem)",
        "description": "A coupon is used once. The same request again is answered 200 as before: the same "
        "order_number in the body, whatever its Idempotency-Key; where no order is named, the same Idempotency-Key. "
        "Anything else is another request and is answered 409.",
        "parameters": [
            {"name": "code", "in": "path", "required": True, "schema": {"type": "string"}},
            _KEY,
        ],
        "requestBody": {"required": False, "content": _content(RedeemIn.__name__)},
        "responses": {
            "200": {
                "description": "Redeemed now, by this call; or by the same request before, then with "
                "Already-Redeemed: true or Idempotent-Replayed: true",
                "content": _content("CouponAnswer"),
            },
            "404": {"description": "No such coupon", "content": _content("ErrorAnswer")},
            "409": {
                "description": "Redeemed by another request, expired or cancelled; or the Idempotency-Key was used "
                "with another body",
                "content": _content("ErrorAnswer"),
            },
            **_refusals("400", "401", "403", "413", "415", "422", "429"),
        },
    }


def _refusals(*statuses: str) -> dict[str, Any]:
    return {
        status: {"description": _REFUSALS[status], "content": _content("ErrorAnswer")} for status in statuses
    }


def _content(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}


if __name__ == "__main__":
    FILE.write_text(as_json(), encoding="utf-8")
