"""Limits password guessing: after too many failed attempts, sign-in is refused for a while. Counted in the
database.

An attempt counts as failed until its password has proved right, so parallel attempts cannot exceed the limit.

There are three counts, so that a stranger cannot lock the owner out from elsewhere with a few attempts: one
account from one address, one address on any account, one account from everywhere.
"""

from datetime import timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, advisory_lock, require_transaction
from bot.web import client_address

WINDOW = timedelta(minutes=15)
MOST_PER_PAIR = 5
MOST_PER_ADDRESS = 20
MOST_PER_ACCOUNT = 50
_RETENTION = timedelta(days=1)
LONGEST_ADDRESS = 45
"""Characters stored of a client address: an IPv6 address. A proxy that is set up wrongly may pass on anything."""


class SignInFailure(Model):
    """One failed attempt, or one whose password is being checked."""

    email = peewee.CharField()
    """The e-mail address as typed, in lower case, whether or not an account has it."""
    address = peewee.CharField()
    failed_at = UtcDateTimeField(index=True)

    class Meta:
        indexes = ((("email", "failed_at"), False), (("address", "failed_at"), False))


def begin_try(email: str, address: str) -> int | None:
    """Count an attempt; returns its row, or None when this account is locked for this address."""
    advisory_lock("sign-in")
    address, now = client_address.counted_as(address), localtime.machine_now()
    SignInFailure.delete().where(SignInFailure.failed_at < now - _RETENTION).execute()
    address = address[:LONGEST_ADDRESS]
    if _is_locked(email, address):
        return None
    return int(SignInFailure.create(email=_key(email), address=address, failed_at=now).id)


def withdraw_try(try_id: int) -> None:
    """Remove an attempt that proved right; earlier failures stay counted."""
    require_transaction()
    SignInFailure.delete().where(SignInFailure.id == try_id).execute()


def forget(email: str, address: str) -> None:
    """Clear the count of that account from that address, after the right password."""
    require_transaction()
    by_address = SignInFailure.address == client_address.counted_as(address)[:LONGEST_ADDRESS]
    theirs = (SignInFailure.email == _key(email)) & by_address
    SignInFailure.delete().where(theirs).execute()


def forget_all(email: str) -> None:
    """Clear all counts of that account, after its password was replaced."""
    require_transaction()
    SignInFailure.delete().where(SignInFailure.email == _key(email)).execute()


def _is_locked(email: str, address: str) -> bool:
    recent = SignInFailure.failed_at > localtime.machine_now() - WINDOW
    by_email, by_address = SignInFailure.email == _key(email), SignInFailure.address == address
    return (
        _count(recent & by_email & by_address) >= MOST_PER_PAIR
        or _count(recent & by_address) >= MOST_PER_ADDRESS
        or _count(recent & by_email) >= MOST_PER_ACCOUNT
    )


def _key(email: str) -> str:
    return email.strip().lower()[:254]


def _count(where: peewee.Expression) -> int:
    return int(SignInFailure.select().where(where).count())


erasure.nothing("It is about staff.", SignInFailure)
