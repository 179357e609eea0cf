"""An order in stored form: times in UTC, the shop's calendar day, addresses as keyed hashes."""

import hashlib
import hmac
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from pydantic import BaseModel, ConfigDict

from customers.orders.schema import OrderIn
from customers.values import identities, postal

ZONES_DIFFER = timedelta(hours=15)
"""The largest difference between two times of one order: a system may write local time without its zone."""


class Item(BaseModel):
    """One line of an order."""

    model_config = ConfigDict(frozen=True)

    sku: str = ""
    name: str = ""
    quantity: int = 1
    unit_yen: int | None = None
    repurchase_days: int | None = None
    premium: bool | None = None

    @property
    def line(self) -> tuple[str, str, int, int | None]:
        """The product, quantity and price, without what is known of the product."""
        return self.sku, self.name, self.quantity, self.unit_yen


class Order(BaseModel):
    """The data of an `order.received` event. Holds no address in plain text, since the inbox stores it."""

    model_config = ConfigDict(frozen=True)

    source: str
    order_number: str
    ordered_at: datetime
    ordered_on: date
    day_only: bool = False
    total_yen: int
    line_user_id: str | None = None
    customer_number: str | None = None
    email_hash: str | None = None
    mailbox_hash: str | None = None
    """Hash of the mailbox behind an alias, where that is another address. Used to find likely duplicates
    only."""
    phone_hash: str | None = None
    delivery_hash: str | None = None
    arrives_on: date | None = None
    """When the shop expects it to arrive."""
    coupon_code: str = ""
    """The code of a coupon that was used with it; one of the shop's own is no coupon of ours."""
    items: tuple[Item, ...] = ()

    @property
    def event_id(self) -> str:
        """The event's id in the inbox, unique for the order whatever its source."""
        return f"order:{self.order_number}"

    def as_data(self) -> dict[str, Any]:
        """The order as JSON data."""
        return self.model_dump(mode="json")


def stored_form(
    payload: OrderIn, source: str, zone: tzinfo, secret: str, guest_numbers: Collection[str] = ()
) -> Order:
    """The order in stored form. A time without a zone is in the shop's zone, `zone`.

    Placeholders that systems write for guests are left out; `guest_numbers` are the shop's own such numbers.
    """
    number = payload.customer_number
    if number and identities.is_guest_number(number, guest_numbers):
        number = None
    email = None if payload.email and identities.is_nobodys_email(payload.email) else payload.email
    phone = None if payload.phone and identities.is_nobodys_phone(payload.phone) else payload.phone
    mailbox = identities.mailbox(email) if email else None
    local = (
        payload.ordered_at.replace(tzinfo=zone) if payload.ordered_at.tzinfo is None else payload.ordered_at
    )
    ordered_at = local.astimezone(UTC)
    midnight = payload.ordered_at.tzinfo is None and not any(payload.ordered_at.timetuple()[3:6])
    return Order(
        source=source,
        order_number=payload.order_number,
        ordered_at=ordered_at,
        ordered_on=ordered_at.astimezone(zone).date(),
        day_only=midnight,
        total_yen=payload.total_yen,
        line_user_id=payload.line_user_id,
        customer_number=number,
        email_hash=address_hash("email", email, secret) if email else None,
        mailbox_hash=address_hash("email", mailbox, secret) if mailbox and mailbox != email else None,
        phone_hash=address_hash("phone", phone, secret) if phone else None,
        delivery_hash=_delivery_hash(payload, secret),
        arrives_on=payload.arrives_on,
        coupon_code=payload.coupon_code,
        items=tuple(Item(**item.model_dump()) for item in payload.items),
    )


def address_hash(kind: str, address: str, secret: str) -> str:
    """A keyed hash of the address, so that orders with the same address can be found without storing it. A
    plain hash of a telephone number could be reversed by trying all numbers."""
    normal = identities.email(address) if kind == "email" else identities.phone(address)
    return _keyed_hash(f"{kind}:{normal}", secret)


def _delivery_hash(payload: OrderIn, secret: str) -> str | None:
    place = (
        postal.place(payload.postal_code, payload.address)
        if payload.postal_code and payload.address
        else None
    )
    return _keyed_hash(f"delivery:{place}", secret) if place else None


def _keyed_hash(value: str, secret: str) -> str:
    return hmac.new(secret.encode(), value.encode(), hashlib.sha256).hexdigest()


def differences(earlier: Order, later: Order) -> list[str]:
    """The fields in which two reports of one order contradict each other.

    Contradictions: another total; another day, where either has no time; times further apart than clocks and
    zones explain; another LINE user or customer number; for a guest another address, where none is the same;
    items with other product codes or another number of pieces. No contradictions: what only one of them has
    (a CSV has no items, a day no time), seconds, zones, names and unit prices of products, which sources
    write differently, and a corrected address of delivery.
    """
    found = []
    if earlier.total_yen != later.total_yen:
        found.append("total_yen")
    if not _same_time(earlier, later):
        found.append("ordered_at")
    found += _other_names(earlier, later, ("line_user_id", "customer_number"))
    if not _share_one(earlier, later, ("line_user_id", "customer_number", "email_hash", "phone_hash")):
        found += _other_names(earlier, later, ("email_hash", "phone_hash"))
    if earlier.items and later.items and not _same_items(earlier.items, later.items):
        found.append("items")
    return found


def _other_names(earlier: Order, later: Order, fields: tuple[str, ...]) -> list[str]:
    """The fields in which both name a customer, and a different one."""
    pairs = {field: (getattr(earlier, field), getattr(later, field)) for field in fields}
    return [
        field.removesuffix("_hash")
        for field, (first, second) in pairs.items()
        if first and second and first != second
    ]


def _share_one(earlier: Order, later: Order, fields: tuple[str, ...]) -> bool:
    """Whether they agree in one of these: people change an address, while a member's number stays."""
    return any(
        getattr(earlier, field) and getattr(earlier, field) == getattr(later, field) for field in fields
    )


def _same_time(earlier: Order, later: Order) -> bool:
    if earlier.day_only or later.day_only:
        return earlier.ordered_on == later.ordered_on
    return abs(earlier.ordered_at - later.ordered_at) <= ZONES_DIFFER


def _same_items(earlier: tuple[Item, ...], later: tuple[Item, ...]) -> bool:
    if all(item.sku for item in (*earlier, *later)):
        return _pieces_by_sku(earlier) == _pieces_by_sku(later)
    return sum(item.quantity for item in earlier) == sum(item.quantity for item in later)


def _pieces_by_sku(items: tuple[Item, ...]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for item in items:
        counted[item.sku] = counted.get(item.sku, 0) + item.quantity
    return counted
