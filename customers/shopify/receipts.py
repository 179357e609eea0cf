"""Records the ids of received webhooks, so that a repeated delivery is recognised."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from peewee import CharField

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction

RETENTION = timedelta(days=7)


class WebhookReceipt(Model):
    """One delivery; a repeated one has the same id."""

    webhook_id = CharField(150, unique=True)
    received_at = UtcDateTimeField(index=True)

    class Meta:
        table_name = "webhook_receipt"


def record_receipt(webhook_id: str) -> bool:
    """Records the delivery; False when it was received before."""
    require_transaction()
    return insert_once(WebhookReceipt, webhook_id=webhook_id, received_at=localtime.now()) is not None


def forget_old() -> int:
    """Deletes receipts older than any repetition; for the clock. Returns how many."""
    old = WebhookReceipt.received_at < localtime.now() - RETENTION
    return cast(int, WebhookReceipt.delete().where(old).execute())


erasure.nothing("It holds numbers of deliveries.", WebhookReceipt)
