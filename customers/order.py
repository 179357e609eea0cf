"""Decides how an order travels inside: in UTC, on the shop's calendar day, addresses hashed."""

import hashlib
import hmac
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from pydantic import BaseModel, ConfigDict

from customers import order_values, postal
from customers.order_rows import OrderIn


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
        """What was bought, without what is known of the product besides."""
        return self.sku, self.name, self.quantity, self.unit_yen


class Order(BaseModel):
    """The data of an `order.recorded` event. Holds no address in plain text: the inbox keeps what it is given."""

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
    phone_hash: str | None = None
    delivery_hash: str | None = None
    items: tuple[Item, ...] = ()

    @property
    def event_id(self) -> str:
        """Unique in the inbox: one order is one event, whichever door it comes through."""
        return f"order:{self.order_number}"

    def as_data(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def of_data(data: dict[str, Any]) -> Order:
    """The order out of its event's data."""
    return Order.model_validate(data)


def seal(told: OrderIn, source: str, zone: tzinfo, secret: str) -> Order:
    """The order as it may be stored. A time without a zone is on the shop's clock, `zone`."""
    local = told.ordered_at.replace(tzinfo=zone) if told.ordered_at.tzinfo is None else told.ordered_at
    ordered_at = local.astimezone(UTC)
    midnight = told.ordered_at.tzinfo is None and not any(told.ordered_at.timetuple()[3:6])
    return Order(
        source=source,
        order_number=told.order_number,
        ordered_at=ordered_at,
        ordered_on=ordered_at.astimezone(zone).date(),
        day_only=midnight,
        total_yen=told.total_yen,
        line_user_id=told.line_user_id,
        customer_number=told.customer_number,
        email_hash=address_hash("email", told.email, secret) if told.email else None,
        phone_hash=address_hash("phone", told.phone, secret) if told.phone else None,
        delivery_hash=_delivery_hash(told, secret),
        items=tuple(Item(**item.model_dump()) for item in told.items),
    )


def address_hash(kind: str, address: str, secret: str) -> str:
    """A keyed hash: two orders with one address are recognised, the address itself cannot be read back or
    guessed without SECRET_KEY (a plain hash of a telephone number could be, by trying them all)."""
    normal = order_values.email(address) if kind == "email" else order_values.phone(address)
    return _keyed_hash(f"{kind}:{normal}", secret)


def _delivery_hash(told: OrderIn, secret: str) -> str | None:
    place = postal.place(told.postal_code, told.address) if told.postal_code and told.address else None
    return _keyed_hash(f"delivery:{place}", secret) if place else None


def _keyed_hash(value: str, secret: str) -> str:
    return hmac.new(secret.encode(), value.encode(), hashlib.sha256).hexdigest()


def differences(earlier: Order, later: Order) -> list[str]:
    """The fields in which a second telling of one order contradicts the first.

    What only one of them knows (a CSV has no items, a day no time) contradicts nothing; neither does a corrected
    place of delivery.
    """
    found = []
    if earlier.total_yen != later.total_yen:
        found.append("total_yen")
    to_the_day = earlier.day_only or later.day_only
    if earlier.ordered_on != later.ordered_on or not (to_the_day or earlier.ordered_at == later.ordered_at):
        found.append("ordered_at")
    for field in ("line_user_id", "customer_number", "email_hash", "phone_hash"):
        first, second = getattr(earlier, field), getattr(later, field)
        if first and second and first != second:
            found.append(field.removesuffix("_hash"))
    if earlier.items and later.items and _lines(earlier) != _lines(later):
        found.append("items")
    return found


def _lines(order: Order) -> list[str]:
    return sorted(repr(item.line) for item in order.items)
