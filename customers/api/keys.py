"""API keys of the shop's systems: creates, checks and revokes them. Each route names the scope it
requires."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from peewee import CharField

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField

ORDERS_WRITE = "orders:write"
ORDERS_REVERSE = "orders:reverse"
LINKS_WRITE = "links:write"
COUPONS_REDEEM = "coupons:redeem"
SCOPES = (ORDERS_WRITE, ORDERS_REVERSE, LINKS_WRITE, COUPONS_REDEEM)
PREFIX = "goen_"
_PREFIX_LENGTH = len(PREFIX) + 8
_TOKEN = re.compile(r"\Agoen_[0-9a-f]{8}[A-Za-z0-9_-]{43}\Z")
_USED_AGAIN_AFTER = timedelta(minutes=10)


class ApiKey(Model):
    """A key: 256 random bits after a readable prefix. Only its SHA-256 is stored; a fast hash is enough,
    since 256 random bits cannot be guessed as a password can."""

    name = CharField(100)
    prefix = CharField(16, unique=True)
    key_hash = CharField(64, unique=True)
    scopes = CharField(255, default=ORDERS_WRITE)
    created_at = UtcDateTimeField()
    revoked_at = UtcDateTimeField(null=True)
    last_used_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "api_key"

    def may(self, scope: str) -> bool:
        """Whether the key has the scope."""
        return scope in self.scopes.split()


def create(name: str, scopes: tuple[str, ...] = SCOPES) -> str:
    """Creates a key and returns it in plain text, which is not stored. Raises ValueError for an unknown
    scope."""
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise ValueError(f"no such scope: {', '.join(sorted(unknown))}; there is {', '.join(SCOPES)}")
    prefix = PREFIX + secrets.token_hex(4)
    token = prefix + secrets.token_urlsafe(32)
    ApiKey.create(
        name=name[:100],
        prefix=prefix,
        key_hash=_hash(token),
        scopes=" ".join(scopes),
        created_at=localtime.now(),
    )
    return token


def check(token: str) -> ApiKey | None:
    """The key with this token; None when it is unknown or revoked. Found by its prefix, compared in constant
    time."""
    if not _TOKEN.match(token):
        return None
    key: ApiKey | None = ApiKey.get_or_none(ApiKey.prefix == token[:_PREFIX_LENGTH])
    known_hash = key.key_hash if key is not None else "0" * 64
    matches = hmac.compare_digest(known_hash, _hash(token))
    return key if matches and key is not None and key.revoked_at is None else None


def record_use(key: ApiKey) -> None:
    """Records that the key is in use, at most every ten minutes, so that frequent calls do not write each
    time."""
    now = localtime.now()
    last: datetime | None = key.last_used_at
    if last is None or now - last >= _USED_AGAIN_AFTER:
        ApiKey.update(last_used_at=now).where(ApiKey.id == key.id).execute()


def revoke(prefix: str) -> bool:
    """Revokes the key with this prefix for good; False when there is no such active key."""
    closed = (
        ApiKey.update(revoked_at=localtime.now())
        .where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_null())
        .execute()
    )
    return bool(closed == 1)


def all_keys() -> list[ApiKey]:
    """All keys, revoked ones included, oldest first."""
    return list(ApiKey.select().order_by(ApiKey.id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


erasure.nothing("It is about the shop's systems.", ApiKey)
