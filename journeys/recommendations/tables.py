"""The tables of recommendations: counts of pairs of products (`counting.py`), and what was shown (`shown.py`)."""

import peewee

from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.orders.tables import Product
from customers.people.customer import Customer


class ProductCount(Model):
    """One count of all pairs, from its beginning to its end; the newest finished one is used."""

    started_at = UtcDateTimeField()
    finished_at = UtcDateTimeField(null=True)
    customer_position = peewee.BigIntegerField(default=0)
    """The id of the last customer whose orders were counted."""
    buyer_position = peewee.BigIntegerField(default=0)
    """The same of buyers who are not on LINE; they follow after all customers."""
    buyer_count = peewee.IntegerField(default=0)
    """Buyers of anything, so far."""
    repeat_count = peewee.IntegerField(default=0)
    """Those of them who ordered again."""
    several_count = peewee.IntegerField(default=0)
    """Those of them with an order of several products."""

    class Meta:
        table_name = "product_count"


class ProductBuyers(Model):
    """How many people bought a product."""

    run = peewee.ForeignKeyField(ProductCount, on_delete="CASCADE", backref="+", index=False)
    run_id: int
    product = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
    product_id: int
    buyer_count = peewee.IntegerField()
    repeat_count = peewee.IntegerField()
    """Those who ordered anything after it."""
    later_count = peewee.IntegerField()
    """Those who bought it in another order than their first."""
    several_count = peewee.IntegerField()
    """Those who bought it together with something else."""

    class Meta:
        table_name = "product_buyers"
        indexes = ((("run", "product"), True),)


class ProductPair(Model):
    """How many people bought a product and another one, or the same again: then only `next_count` says something."""

    run = peewee.ForeignKeyField(ProductCount, on_delete="CASCADE", backref="+", index=False)
    run_id: int
    product = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
    product_id: int
    other = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
    other_id: int
    together_count = peewee.IntegerField()
    """People with an order that has both."""
    next_count = peewee.IntegerField()
    """People whose order right after one with the product has the other."""
    buyer_count = peewee.IntegerField()
    """People with either."""

    class Meta:
        table_name = "product_pair"
        indexes = ((("run", "product", "other"), True),)


class RecommendationShown(Model):
    """What was recommended to a customer, or would have been if they were not held out."""

    customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", index=False)
    customer_id: int
    product = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
    product_id: int
    source = peewee.CharField(16)
    """`history` or `premium` in a message, `asked` when the customer asked."""
    cause = peewee.CharField(255, unique=True)
    """Of the message; of what was asked for, the event and the product."""
    is_held_out = peewee.BooleanField()
    by_shop = peewee.BooleanField(default=False)
    """Held out by the shop-wide hold-out."""
    shown_at = UtcDateTimeField()

    class Meta:
        table_name = "recommendation_shown"
        indexes = ((("customer", "shown_at"), False), (("source", "shown_at"), False))


erasure.nothing("They count all buyers.", ProductCount, ProductBuyers, ProductPair)
erasure.detached(RecommendationShown, "Which product was shown, for its effect.")
