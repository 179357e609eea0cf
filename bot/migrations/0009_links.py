"""Orders reversed before they came, other systems' names of orders, webhooks received, and how buyers are
linked."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Buyer(db.Model):
        class Meta:
            table_name = "buyer"

    class WaitingReversal(db.Model):
        order_number = peewee.CharField(80, index=True)
        cause = peewee.CharField(150, unique=True)
        told = peewee.TextField()
        told_at = peewee.DateTimeField()

        class Meta:
            table_name = "waiting_reversal"

    class OrderAlias(db.Model):
        name = peewee.CharField(80, unique=True)
        order_number = peewee.CharField(64, index=True)

        class Meta:
            table_name = "order_alias"

    class WebhookReceipt(db.Model):
        webhook_id = peewee.CharField(150, unique=True)
        received_at = peewee.DateTimeField(index=True)

        class Meta:
            table_name = "webhook_receipt"

    class LinkSecret(db.Model):
        kind = peewee.CharField(8)
        secret_hash = peewee.CharField(64, unique=True)
        buyer = peewee.ForeignKeyField(Buyer, on_delete="CASCADE")
        made_by = peewee.CharField(64)
        made_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField()
        used_at = peewee.DateTimeField(null=True)
        customer = peewee.ForeignKeyField(Customer, null=True, on_delete="SET NULL")

        class Meta:
            table_name = "link_secret"

    class LinkGuess(db.Model):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", index=False)
        guessed_at = peewee.DateTimeField()

        class Meta:
            table_name = "link_guess"
            indexes = ((("customer", "guessed_at"), False),)

    db.create_tables([WaitingReversal, OrderAlias, WebhookReceipt, LinkSecret, LinkGuess])
