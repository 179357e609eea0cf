"""Stores answers by Idempotency-Key, so that a repeated request gets the first answer; `auth.py` uses it."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.api.keys import ApiKey

RETENTION = timedelta(hours=48)


class IdempotentRequest(Model):
    """One use of an Idempotency-Key, with the answer it got."""

    api_key = ForeignKeyField(ApiKey, on_delete="CASCADE", index=False)
    idempotency_key = CharField(255)
    body_hash = CharField(64)
    status = IntegerField(default=0)
    answer = TextField(default="")
    created_at = UtcDateTimeField(index=True)

    class Meta:
        table_name = "idempotent_request"
        indexes = ((("api_key", "idempotency_key"), True),)


def begin(api_key: ApiKey, idempotency_key: str, body_hash: str) -> IdempotentRequest | None:
    """Reserves the key for this request. Returns the earlier request under the same key, or None when this is
    the first.

    Of two at once, the unique index makes the second wait for the first one's transaction.
    """
    require_transaction()
    first = insert_once(
        IdempotentRequest,
        api_key=api_key.id,
        idempotency_key=idempotency_key,
        body_hash=body_hash,
        created_at=localtime.now(),
    )
    if first is not None:
        return None
    return IdempotentRequest.get(
        IdempotentRequest.api_key == api_key.id, IdempotentRequest.idempotency_key == idempotency_key
    )


def finish(api_key: ApiKey, idempotency_key: str, status: int, answer: str) -> None:
    """Stores the answer for repetitions of the request."""
    IdempotentRequest.update(status=status, answer=answer).where(
        IdempotentRequest.api_key == api_key.id, IdempotentRequest.idempotency_key == idempotency_key
    ).execute()


def forget_old() -> int:
    """Deletes requests older than 48 hours; for the clock. Returns how many."""
    old = IdempotentRequest.created_at < localtime.now() - RETENTION
    return cast(int, IdempotentRequest.delete().where(old).execute())


erasure.nothing("It holds answers to the shop's systems, for two days.", IdempotentRequest)
