"""Links by which a person of staff chooses a new password: each works once, for fifteen minutes.

Made for somebody who forgot theirs, and sent to their own LINE (`forgotten.py`), or by an owner for another person
(`staff_page.py`). A second factor is not touched: the next sign-in asks for it.
"""

import hashlib
import secrets
from datetime import timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from console.auth import lockout, sessions, staff_accounts
from console.auth.staff_accounts import Staff

HOLDS = timedelta(minutes=15)
MOST_AN_HOUR = 3
"""Links for one person."""


class PasswordLink(Model):
    """One link. Only the hash of its token is stored."""

    token_hash = peewee.CharField(64, unique=True)
    staff = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
    made_at = UtcDateTimeField()
    used_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "password_link"


def make(person: Staff) -> str | None:
    """Create a link, which makes the person's earlier ones void; its token, which is not stored. None when there were
    too many within the hour."""
    require_transaction()
    now = localtime.machine_now()
    mine = PasswordLink.staff == person.id
    PasswordLink.delete().where(mine, PasswordLink.made_at < now - timedelta(hours=1)).execute()
    if PasswordLink.select().where(mine).count() >= MOST_AN_HOUR:
        return None
    PasswordLink.update(used_at=now).where(mine, PasswordLink.used_at.is_null()).execute()
    token = secrets.token_urlsafe(24)
    PasswordLink.create(token_hash=_hash(token), staff=person.id, made_at=now)
    return token


def find(token: str) -> Staff | None:
    """Whose link it is, while it may be used."""
    link = PasswordLink.get_or_none((PasswordLink.token_hash == _hash(token)) & _open())
    return link.staff if link is not None and link.staff.is_active else None


def use(token: str, password: str) -> Staff | None:
    """Set the new password and end the person's sessions; None when the link was used meanwhile or has expired. Raises
    StaffError, and then the link may be used again."""
    require_transaction()
    person = find(token)
    if person is None:
        return None
    mine = (PasswordLink.token_hash == _hash(token)) & _open()
    if PasswordLink.update(used_at=localtime.machine_now()).where(mine).execute() != 1:
        return None
    changed = staff_accounts.reset_password(str(person.email), password)
    sessions.end(changed)
    lockout.forget_all(str(changed.email))
    return changed


def _open() -> peewee.Expression:
    return PasswordLink.used_at.is_null() & (PasswordLink.made_at > localtime.machine_now() - HOLDS)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


erasure.nothing("It is about staff.", PasswordLink)
