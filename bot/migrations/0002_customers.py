"""Customers, the shop's buyers, their purchases, and the keys of the API through which orders come."""

from typing import Any

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Database,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(_migrator: Any, db: Database) -> None:
    """Make the tables."""
    db.create_tables(_tables(db))


def _tables(db: Database) -> list[type[Model]]:
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Conversation(Base):
        pass

    class Customer(Base):
        conversation = ForeignKeyField(Conversation, null=True, unique=True, on_delete="SET NULL")
        line_user_id = CharField(64, null=True, unique=True)
        display_name = CharField(255, default="")
        picture_url = CharField(2000, default="")
        language = CharField(35, default="")
        followed_at = DateTimeField(null=True)
        blocked_at = DateTimeField(null=True)
        registered_at = DateTimeField(null=True)
        first_seen_at = DateTimeField()
        last_seen_at = DateTimeField(null=True)
        opted_out_at = DateTimeField(null=True)
        purchase_count = IntegerField(default=0)
        sales_yen = BigIntegerField(default=0)
        first_purchased_on = DateField(null=True)
        last_purchased_on = DateField(null=True, index=True)

    class Buyer(Base):
        identity = CharField(150, unique=True)
        customer_number = CharField(64, null=True, unique=True)
        customer = ForeignKeyField(Customer, null=True, on_delete="SET NULL")
        email_hash = CharField(64, null=True, index=True)
        phone_hash = CharField(64, null=True, index=True)
        first_seen_at = DateTimeField()
        last_ordered_at = DateTimeField(null=True)
        tied_at = DateTimeField(null=True)

    class Purchase(Base):
        source = CharField(32)
        order_number = CharField(64, unique=True)
        customer = ForeignKeyField(Customer, null=True, on_delete="SET NULL", index=False)
        buyer = ForeignKeyField(Buyer, null=True, on_delete="SET NULL")
        ordered_at = DateTimeField()
        ordered_on = DateField(index=True)
        total_yen = IntegerField()
        refunded_yen = IntegerField(default=0)
        state = CharField(16, default="paid")
        recorded_at = DateTimeField()
        credited_at = DateTimeField(null=True)
        cancelled_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("customer", "ordered_on"), False),)

    class PurchaseItem(Base):
        purchase = ForeignKeyField(Purchase, on_delete="CASCADE")
        sku = CharField(64, default="", index=True)
        name = CharField(255, default="")
        quantity = IntegerField(default=1)
        unit_yen = IntegerField(null=True)

    class Refund(Base):
        purchase = ForeignKeyField(Purchase, on_delete="CASCADE")
        cause = CharField(150, unique=True)
        amount_yen = IntegerField()
        refunded_at = DateTimeField()

    class Product(Base):
        sku = CharField(64, unique=True)
        name = CharField(255, default="")
        repurchase_days = IntegerField(null=True)
        premium = BooleanField(default=False)

    class ApiKey(Base):
        name = CharField(100)
        prefix = CharField(16, unique=True)
        key_hash = CharField(64, unique=True)
        scopes = CharField(255, default="")
        created_at = DateTimeField()
        revoked_at = DateTimeField(null=True)
        last_used_at = DateTimeField(null=True)

    class IdempotentRequest(Base):
        api_key = ForeignKeyField(ApiKey, on_delete="CASCADE", index=False)
        idempotency_key = CharField(255)
        body_hash = CharField(64)
        status = IntegerField(default=0)
        answer = TextField(default="")
        created_at = DateTimeField(index=True)

        class Meta:
            indexes = ((("api_key", "idempotency_key"), True),)

    return [Customer, Buyer, Purchase, PurchaseItem, Refund, Product, ApiKey, IdempotentRequest]
