"""Decides how the API describes itself: generated from the models that check the requests.

`python -m customers.openapi` writes `openapi.json`; a test says when that is due.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from customers.api_answers import CouponAnswer, ErrorAnswer, OrderAnswer
from customers.order_rows import OrderIn

FILE = Path(__file__).resolve().parent.parent / "openapi.json"

_REFUSALS = {
    "400": "The body is not JSON, or the Idempotency-Key cannot be used",
    "401": "The API key is missing, unknown or revoked",
    "403": "The key may not do this",
    "409": "The order is known with other content, or the Idempotency-Key was used with another body",
    "413": "The body is larger than 256 KB",
    "415": "The body is not sent as application/json",
    "422": "Fields are missing or wrong; each is named, with an example",
    "429": "Too many requests; Retry-After says when to go on",
}


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 description of the API."""
    _, models = models_json_schema(
        [
            (OrderIn, "validation"),
            (OrderAnswer, "serialization"),
            (CouponAnswer, "serialization"),
            (ErrorAnswer, "serialization"),
        ],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Goen orders",
            "version": "1",
            "description": "A shop's system tells of its orders here. Each order counts once.",
        },
        "paths": {
            "/api/v1/orders": {"post": _tell()},
            "/api/v1/orders/{order_number}": {"get": _show()},
            "/api/v1/coupons/{code}/redeem": {"post": _redeem()},
        },
        "security": [{"apiKey": []}],
        "components": {
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}},
            "schemas": models["$defs"],
        },
    }


@lru_cache
def as_json() -> str:
    """The description as the file in the repository holds it."""
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _tell() -> dict[str, Any]:
    return {
        "operationId": "tellOrder",
        "summary": "Tell of an order",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "Recommended. The same key with the same body gets the same answer again, for 48 hours.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        ],
        "requestBody": {"required": True, "content": _content("OrderIn")},
        "responses": {
            "202": {"description": "Stored; recorded within seconds", "content": _content("OrderAnswer")},
            "200": {"description": "Known already; nothing changed", "content": _content("OrderAnswer")},
            **_refusals(*_REFUSALS),
        },
    }


def _show() -> dict[str, Any]:
    return {
        "operationId": "showOrder",
        "summary": "How far an order is",
        "parameters": [
            {"name": "order_number", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "responses": {
            "200": {"description": "What is known of it", "content": _content("OrderAnswer")},
            "404": {"description": "No such order was told of", "content": _content("ErrorAnswer")},
            **_refusals("401", "403", "429"),
        },
    }


def _redeem() -> dict[str, Any]:
    return {
        "operationId": "redeemCoupon",
        "summary": "Redeem a coupon; needs a key with the scope coupons:redeem",
        "parameters": [{"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {
                "description": "Redeemed now, by this call; or with this key before, then with Already-Redeemed: true",
                "content": _content("CouponAnswer"),
            },
            "404": {"description": "No such coupon", "content": _content("ErrorAnswer")},
            "409": {
                "description": "Redeemed elsewhere, expired or cancelled",
                "content": _content("ErrorAnswer"),
            },
            **_refusals("401", "403", "429"),
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
