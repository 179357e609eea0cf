"""Reads the JSON of Shopify's webhooks into our own values; pure.

Sources: https://shopify.dev/docs/api/webhooks and
https://shopify.dev/docs/api/admin-rest/latest/resources/order
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from customers.orders import states
from customers.orders.states import OrderState
from customers.values import parsing, postal
from customers.values.parsing import MAX_YEN, BadValue

ORDER_TOPICS = (
    "orders/create",
    "orders/updated",
    "orders/paid",
    "orders/cancelled",
    "orders/fulfilled",
    "orders/partially_fulfilled",
)
REFUND_TOPIC = "refunds/create"
EDIT_TOPIC = "orders/edited"
_LINE_USER_ID = re.compile(r"\AU[0-9a-f]{32}\Z")
_COUPON_CODE = re.compile(r"[A-Za-z0-9]{4}([- ]?)[A-Za-z0-9]{4}\1[A-Za-z0-9]{4}", re.ASCII)
"""Three groups of four, as coupons have; Shopify's own discounts have other names."""
_MOST_ITEMS = 200


class Unreadable(Exception):
    """The message lacks something that every such message has."""


@dataclass(frozen=True, slots=True)
class ShopifyRefund:
    """A refund. `unclear` is what is not known yet: the yen of another currency, a transfer under way, a
    refund of goods without a transaction."""

    refund_id: str
    amount_yen: int
    unclear: str = ""
    is_under_way: bool = False


@dataclass(frozen=True, slots=True)
class ShopifyOrder:
    """The current state of an order in Shopify. `values` are those of the order API
    (`customers/orders/schema.py`)."""

    alias: str
    order_number: str
    ignored: str = ""
    """Why it is not counted: a test order, or one without a customer."""
    values: dict[str, Any] | None = None
    currency: str = ""
    """The currency, where it is not yen."""
    amount: str = ""
    state: OrderState | None = OrderState.COUNTS
    """The state of its payment; None when Shopify's word for it is unknown."""
    word: str = ""
    is_cancelled: bool = False
    refunds: tuple[ShopifyRefund, ...] = ()
    current_yen: int | None = None
    """The current price, less refunds and removed items, in yen; None when it is not given."""
    updated_at: datetime | None = None


def alias_of(order_id: object) -> str:
    """The name under which refunds refer to an order: Shopify's own id of it. Raises Unreadable."""
    if not _is_id(order_id):
        raise Unreadable("no order id, which is a whole number of at most 19 digits")
    return f"shopify:{order_id}"


def read_order(
    payload: Mapping[str, Any], read_state: Callable[[str], OrderState | None] = states.read
) -> ShopifyOrder:
    """An order from orders/create, updated, paid or cancelled. Raises Unreadable."""
    if not isinstance(payload.get("name"), str) or not payload["name"].strip():
        raise Unreadable("an order without id and name")
    alias, number = alias_of(payload.get("id")), payload["name"].strip()
    if payload.get("test") is True:
        return ShopifyOrder(alias, number, ignored="a test order")
    currency = "" if payload.get("currency") in (None, "", "JPY") else str(payload["currency"])[:16]
    total_yen = 0 if currency else yen(payload.get("total_price"))
    if total_yen is None:
        raise Unreadable("an order without total_price in whole yen")
    named = _customer_fields(payload)
    if not named:
        return ShopifyOrder(alias, number, ignored="it names nobody")
    values = {
        "order_number": number,
        "ordered_at": payload.get("processed_at") or payload.get("created_at"),
        "total_yen": total_yen,
        **named,
        **_delivery(payload),
        "coupon_code": _discount_code(payload),
        "items": _items(payload.get("line_items"), in_yen=not currency),
    }
    word = payload.get("financial_status")
    word = word.strip()[:60] if isinstance(word, str) else ""
    return ShopifyOrder(
        alias,
        number,
        values=values,
        currency=currency,
        amount=f"{currency} {payload.get('total_price')}"[:60] if currency else f"¥{total_yen:,}",
        state=read_state(word),
        word=word,
        is_cancelled=bool(payload.get("cancelled_at")),
        refunds=tuple(read_refund(each) for each in objects(payload.get("refunds"))),
        current_yen=None if currency else yen(payload.get("current_total_price")),
        updated_at=moment(payload.get("updated_at")),
    )


def _discount_code(payload: Mapping[str, Any]) -> str:
    """The first discount code of the order that may be a coupon's; empty where there is none."""
    codes = (each.get("code") for each in objects(payload.get("discount_codes")))
    return next(
        (code for code in codes if isinstance(code, str) and _COUPON_CODE.fullmatch(code.strip())), ""
    )


def read_edit(payload: Mapping[str, Any]) -> str:
    """The alias of the order that orders/edited is about. Raises Unreadable."""
    edit = payload.get("order_edit")
    if not isinstance(edit, dict) or not isinstance(edit.get("order_id"), int):
        raise Unreadable("an edit without order_id")
    return alias_of(edit["order_id"])


def read_refund(payload: Mapping[str, Any]) -> ShopifyRefund:
    """A refund from refunds/create, or from an order's list. Raises Unreadable."""
    if not _is_id(payload.get("id")):
        raise Unreadable("a refund without id")
    amount, unclear, is_under_way = 0, "", False
    transactions = [each for each in objects(payload.get("transactions")) if each.get("kind") == "refund"]
    for each in transactions:
        status = each.get("status")
        if each.get("test") is True or status in ("failure", "error"):
            continue
        given_back = _in_yen(each)
        if status != "success":
            unclear, is_under_way = f"{status or 'status ?'} {each.get('amount', '')}", True
        elif given_back is None:
            unclear = f"{each.get('currency') or ''} {each.get('amount', '')}"
        else:
            amount += given_back
    if not transactions and any(_has_price(each) for each in objects(payload.get("refund_line_items"))):
        unclear = "no transaction"
    if amount > MAX_YEN:
        raise Unreadable("a refund of more than 99,999,999 yen")
    return ShopifyRefund(str(payload["id"]), amount, unclear.strip()[:60], is_under_way)


def _in_yen(transaction: Mapping[str, Any]) -> int | None:
    """A transaction's amount in yen; for a payment in another currency, the amount in the shop's."""
    if transaction.get("currency") in (None, "", "JPY"):
        return yen(transaction.get("amount"))
    both = transaction.get("amount_set")
    in_shop = both.get("shop_money") if isinstance(both, dict) else None
    if isinstance(in_shop, dict) and in_shop.get("currency_code") == "JPY":
        return yen(in_shop.get("amount"))
    return None


def _has_price(line: Mapping[str, Any]) -> bool:
    try:
        return Decimal(str(line.get("subtotal"))) > 0
    except InvalidOperation:
        return False


def moment(written: object) -> datetime | None:
    """A time with its zone; None for anything else."""
    try:
        read = parsing.moment(written) if isinstance(written, str) else None
    except BadValue:
        return None
    return read if read is not None and read.tzinfo is not None else None


def yen(written: object) -> int | None:
    """Whole yen from Shopify's money, a text such as "5400" or "5400.00"; None when it is not whole yen."""
    if not isinstance(written, str | int) or isinstance(written, bool):
        return None
    try:
        amount = Decimal(written)
    except InvalidOperation:
        return None
    # Bounded first: 1e999999999 is a number of as many digits.
    if not amount.is_finite() or amount.adjusted() >= len(str(MAX_YEN)):
        return None
    return int(amount) if amount == amount.to_integral_value() else None


def _customer_fields(payload: Mapping[str, Any]) -> dict[str, str]:
    """The fields that name the customer: note attribute `line_user_id`, Shopify's customer, e-mail address,
    telephone."""
    customer = payload.get("customer") if isinstance(payload.get("customer"), dict) else {}
    found: dict[str, object] = {}
    for note in objects(payload.get("note_attributes")):
        if note.get("name") == "line_user_id" and _LINE_USER_ID.match(str(note.get("value"))):
            found["line_user_id"] = note["value"]
    if isinstance(customer, dict) and _is_id(customer.get("id")):
        found["customer_number"] = str(customer["id"])
    for name in ("email", "phone"):
        at_customer = customer.get(name) if isinstance(customer, dict) else None
        found[name] = payload.get(name) or payload.get(f"contact_{name}") or at_customer
    return {name: value for name, value in found.items() if isinstance(value, str) and value.strip()}


def _delivery(payload: Mapping[str, Any]) -> dict[str, str]:
    """The address of delivery, else of the bill; empty when neither is in Japan and readable."""
    for written in objects([payload.get("shipping_address"), payload.get("billing_address")]):
        lines = [written.get(name) for name in ("city", "address1", "address2")]
        address = " ".join(line for line in lines if isinstance(line, str))
        found = postal.if_readable(str(written.get("zip")), address)
        if found and written.get("country_code") in (None, "JP"):
            return found
    return {}


def _items(lines: object, *, in_yen: bool) -> list[dict[str, Any]]:
    items = []
    for line in objects(lines)[:_MOST_ITEMS]:
        quantity = line.get("quantity")
        if not isinstance(quantity, int) or quantity < 1:
            continue
        item = {
            "sku": shortened(line.get("sku"), 64),
            "name": shortened(line.get("name") or line.get("title"), 255),
        }
        items.append(item | {"quantity": quantity, "unit_yen": yen(line.get("price")) if in_yen else None})
    return items


def shortened(text: object, longest: int) -> str:
    """A text cut to the length that an order accepts, since no order may be lost for a product's long
    name."""
    plain = unicodedata.normalize("NFKC", str(text or ""))
    return " ".join("".join(" " if unicodedata.category(each) == "Cc" else each for each in plain).split())[
        :longest
    ]


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def objects(found: object) -> list[dict[str, Any]]:
    """The objects of a list; none for anything else."""
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
