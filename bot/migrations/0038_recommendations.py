"""What the shop says of its products, which of them are bought together and next, and what was recommended to whom."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    run(
        migrator.add_column("product", "in_stock", peewee.BooleanField(default=True)),
        migrator.add_column("product", "is_recommended", peewee.BooleanField(default=True)),
        migrator.add_column("product", "url", peewee.CharField(1000, default="")),
        migrator.add_column("product", "picture_url", peewee.CharField(1000, default="")),
        migrator.add_column("product", "price_yen", peewee.IntegerField(null=True)),
    )

    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Product(db.Model):
        class Meta:
            table_name = "product"

    class ProductCount(db.Model):
        started_at = peewee.DateTimeField()
        finished_at = peewee.DateTimeField(null=True)
        customer_position = peewee.BigIntegerField(default=0)
        buyer_position = peewee.BigIntegerField(default=0)
        buyer_count = peewee.IntegerField(default=0)
        repeat_count = peewee.IntegerField(default=0)
        several_count = peewee.IntegerField(default=0)

        class Meta:
            table_name = "product_count"

    class ProductBuyers(db.Model):
        run = peewee.ForeignKeyField(ProductCount, on_delete="CASCADE", backref="+", index=False)
        product = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
        buyer_count = peewee.IntegerField()
        repeat_count = peewee.IntegerField()
        later_count = peewee.IntegerField()
        several_count = peewee.IntegerField()

        class Meta:
            table_name = "product_buyers"
            indexes = ((("run", "product"), True),)

    class ProductPair(db.Model):
        run = peewee.ForeignKeyField(ProductCount, on_delete="CASCADE", backref="+", index=False)
        product = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
        other = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
        together_count = peewee.IntegerField()
        next_count = peewee.IntegerField()
        buyer_count = peewee.IntegerField()

        class Meta:
            table_name = "product_pair"
            indexes = ((("run", "product", "other"), True),)

    class RecommendationShown(db.Model):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", index=False)
        product = peewee.ForeignKeyField(Product, on_delete="CASCADE", backref="+")
        source = peewee.CharField(16)
        cause = peewee.CharField(255, unique=True)
        is_held_out = peewee.BooleanField()
        by_shop = peewee.BooleanField(default=False)
        shown_at = peewee.DateTimeField()

        class Meta:
            table_name = "recommendation_shown"
            indexes = ((("customer", "shown_at"), False), (("source", "shown_at"), False))

    db.create_tables([ProductCount, ProductBuyers, ProductPair, RecommendationShown])
