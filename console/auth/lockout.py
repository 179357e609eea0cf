"""Decides when somebody who guesses passwords has to wait; tries are counted in the database.

A try counts as failed from before its password is looked at until it proves right: of many at once, no more than
allowed get as far as that.

Three counts, so that a stranger cannot lock the owner out from afar with a handful of tries: one account from one
address, one address on any account, one account from everywhere.
"""

from datetime import timedelta

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, advisory_lock, require_transaction
from bot.web import client_address

WINDOW = timedelta(minutes=15)
MOST_PER_PAIR = 5
MOST_PER_ADDRESS = 20
MOST_PER_ACCOUNT = 50
_RETENTION = timedelta(days=1)
LONGEST_ADDRESS = 45
"""Letters of an IPv6 address; a proxy that is not set may hand over anything."""


class SignInFailure(Model):
    """One wrong password, or one that is being looked at."""

    email = peewee.CharField()
    """As it was typed (small letters), whether anybody has that address or not."""
    address = peewee.CharField()
    failed_at = UtcDateTimeField(index=True)

    class Meta:
        indexes = ((("email", "failed_at"), False), (("address", "failed_at"), False))


def begin_try(email: str, address: str) -> int | None:
    """Count a try; None when this account cannot be tried from this address for a while."""
    advisory_lock("sign-in")
    address, now = client_address.counted_as(address), localtime.machine_now()
    SignInFailure.delete().where(SignInFailure.failed_at < now - _RETENTION).execute()
    address = address[:LONGEST_ADDRESS]
    if _is_locked(email, address):
        return None
    return int(SignInFailure.create(email=_key(email), address=address, failed_at=now).id)


def withdraw_try(try_id: int) -> None:
    """It proved right; earlier failures stay counted."""
    require_transaction()
    SignInFailure.delete().where(SignInFailure.id == try_id).execute()


def forget(email: str, address: str) -> None:
    """The right password was given: that account from that address starts at none."""
    require_transaction()
    by_address = SignInFailure.address == client_address.counted_as(address)[:LONGEST_ADDRESS]
    theirs = (SignInFailure.email == _key(email)) & by_address
    SignInFailure.delete().where(theirs).execute()


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
