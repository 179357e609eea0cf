"""The tables of purchases, their items and refunds, and of products.

`purchases.py` writes them and says what counts as a purchase.
"""

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.orders.buyers import Buyer
from customers.people.customer import Customer

PAID = "paid"
CANCELLED = "cancelled"
REFUNDED = "refunded"


class Purchase(Model):
    """One order. `customer` is NULL until the buyer is linked to somebody on LINE; `credited_at` is when the
    purchase became that customer's, which happens once."""

    source = CharField(32)
    order_number = CharField(64, unique=True)
    customer = ForeignKeyField(Customer, null=True, backref="purchases", on_delete="SET NULL", index=False)
    customer_id: int | None
    buyer = ForeignKeyField(Buyer, null=True, backref="purchases", on_delete="SET NULL")
    buyer_id: int | None
    ordered_at = UtcDateTimeField()
    ordered_on = DateField(index=True)
    delivery_hash = CharField(64, null=True)
    """The address of delivery as a keyed hash. Compared between two customers only, never used to find
    one."""
    arrives_on = DateField(null=True)
    """When the shop expects it to arrive; a parcel may have a day of its own (`shipments.py`)."""
    total_yen = IntegerField()
    refunded_yen = IntegerField(default=0)
    state = CharField(16, default=PAID)
    recorded_at = UtcDateTimeField()
    credited_at = UtcDateTimeField(null=True)
    cancelled_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "purchase"
        indexes = ((("customer", "ordered_on", "state", "total_yen", "refunded_yen"), False),)


class PurchaseItem(Model):
    """One item of an order, as the shop's system named it."""

    purchase = ForeignKeyField(Purchase, backref="items", on_delete="CASCADE")
    purchase_id: int
    sku = CharField(64, default="", index=True)
    name = CharField(255, default="")
    quantity = IntegerField(default=1)
    unit_yen = IntegerField(null=True)

    class Meta:
        table_name = "purchase_item"


class Refund(Model):
    """Money refunded on an order, once for each cause the shop's system names."""

    purchase = ForeignKeyField(Purchase, backref="refunds", on_delete="CASCADE")
    cause = CharField(150, unique=True)
    amount_yen = IntegerField()
    is_total = BooleanField(default=False)
    """Whether it is everything refunded until then, not a part."""
    refunded_at = UtcDateTimeField()

    class Meta:
        table_name = "refund"


class Product(Model):
    """A product of the shop, known from orders or imported; the owner marks premium ones, says how long one lasts
    and what customers see when it is recommended."""

    sku = CharField(64, unique=True)
    name = CharField(255, default="")
    repurchase_days = IntegerField(null=True)
    premium = BooleanField(default=False)
    in_stock = BooleanField(default=True)
    is_recommended = BooleanField(default=True)
    """False: the owner does not want it recommended."""
    url = CharField(1000, default="")
    """Its page in the shop; without one it cannot be recommended."""
    picture_url = CharField(1000, default="")
    price_yen = IntegerField(null=True)

    class Meta:
        table_name = "product"


erasure.blanked(Purchase, {"delivery_hash": None})
erasure.detached(PurchaseItem, "What was sold for how much, of an order of nobody.")
erasure.detached(Refund, "What was paid back, of an order of nobody.")
erasure.nothing("It is about what the shop sells.", Product)
