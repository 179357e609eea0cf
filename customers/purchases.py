"""Decides what counts as a purchase and whose it is; what a purchase earns is for the domains above.

One order is one row, whichever door it came through: `order_number` is unique across sources, because
the same order reaches a shop's bot by CSV and by API and must count once. A shop with two systems whose
numbers overlap prefixes one of them.
"""

from __future__ import annotations

from peewee import (
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
)

from bot.database import Model, UtcDateTimeField
from customers.customer import Customer

PAID = "paid"
CANCELLED = "cancelled"
REFUNDED = "refunded"


class Buyer(Model):
    """Somebody in the shop's own system. E-mail and telephone are kept only as keyed hashes."""

    # "number:…", else "email:…" or "phone:…": what the shop knows this buyer by.
    identity = CharField(150, unique=True)
    customer_number = CharField(64, null=True, unique=True)
    customer = ForeignKeyField(Customer, null=True, backref="buyers", on_delete="SET NULL")
    email_hash = CharField(64, null=True, index=True)
    phone_hash = CharField(64, null=True, index=True)
    first_seen_at = UtcDateTimeField()
    last_ordered_at = UtcDateTimeField(null=True)
    tied_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "buyer"


class Purchase(Model):
    """One order. `customer` stays NULL until the buyer is tied to somebody on LINE; `credited_at` is
    when the purchase became that customer's, which happens once."""

    source = CharField(32)
    order_number = CharField(64, unique=True)
    customer = ForeignKeyField(Customer, null=True, backref="purchases", on_delete="SET NULL", index=False)
    buyer = ForeignKeyField(Buyer, null=True, backref="purchases", on_delete="SET NULL")
    ordered_at = UtcDateTimeField()
    ordered_on = DateField(index=True)
    total_yen = IntegerField()
    refunded_yen = IntegerField(default=0)
    state = CharField(16, default=PAID)
    recorded_at = UtcDateTimeField()
    credited_at = UtcDateTimeField(null=True)
    cancelled_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "purchase"
        indexes = ((("customer", "ordered_on"), False),)


class PurchaseItem(Model):
    """One line of an order, as the shop's system named it."""

    purchase = ForeignKeyField(Purchase, backref="items", on_delete="CASCADE")
    sku = CharField(64, default="", index=True)
    name = CharField(255, default="")
    quantity = IntegerField(default=1)
    unit_yen = IntegerField(null=True)

    class Meta:
        table_name = "purchase_item"


class Refund(Model):
    """Money given back on an order, once for each cause the shop's system names."""

    purchase = ForeignKeyField(Purchase, backref="refunds", on_delete="CASCADE")
    cause = CharField(150, unique=True)
    amount_yen = IntegerField()
    refunded_at = UtcDateTimeField()

    class Meta:
        table_name = "refund"


class Product(Model):
    """What the shop sells, learnt from orders; the owner marks premium ones and how long one lasts."""

    sku = CharField(64, unique=True)
    name = CharField(255, default="")
    repurchase_days = IntegerField(null=True)
    premium = BooleanField(default=False)

    class Meta:
        table_name = "product"
