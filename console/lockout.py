"""Decides when somebody who guesses passwords has to wait; failed tries are counted in the database.

Three counts, so that a stranger cannot lock the owner out from afar with a handful of tries: one account from one
address, one address on any account, one account from everywhere.
"""

from datetime import timedelta

import peewee

from bot import localtime
from bot.database import Model, UtcDateTimeField, require_transaction

WINDOW = timedelta(minutes=15)
MOST_PER_PAIR = 5
MOST_PER_ADDRESS = 20
MOST_PER_ACCOUNT = 50
_KEPT = timedelta(days=1)


class SignInFailure(Model):
    """One wrong password."""

    email = peewee.CharField()
    """As it was typed (small letters), whether anybody has that address or not."""
    address = peewee.CharField()
    failed_at = UtcDateTimeField(index=True)

    class Meta:
        indexes = ((("email", "failed_at"), False), (("address", "failed_at"), False))


def is_locked(email: str, address: str) -> bool:
    """Whether this account cannot be tried from this address for a while."""
    recent = SignInFailure.failed_at > localtime.machine_now() - WINDOW
    by_email, by_address = SignInFailure.email == _key(email), SignInFailure.address == address
    return (
        _count(recent & by_email & by_address) >= MOST_PER_PAIR
        or _count(recent & by_address) >= MOST_PER_ADDRESS
        or _count(recent & by_email) >= MOST_PER_ACCOUNT
    )


def note_failure(email: str, address: str) -> None:
    """A wrong password was given."""
    require_transaction()
    now = localtime.machine_now()
    SignInFailure.create(email=_key(email), address=address, failed_at=now)
    SignInFailure.delete().where(SignInFailure.failed_at < now - _KEPT).execute()


def forget(email: str, address: str) -> None:
    """The right password was given: that account from that address starts at none."""
    require_transaction()
    theirs = (SignInFailure.email == _key(email)) & (SignInFailure.address == address)
    SignInFailure.delete().where(theirs).execute()


def _key(email: str) -> str:
    return email.strip().lower()[:254]


def _count(where: peewee.Expression) -> int:
    return int(SignInFailure.select().where(where).count())
