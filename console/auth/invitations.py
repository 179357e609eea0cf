"""Decides who may join the staff by a link: an owner makes it, it works once and for seven days."""

import hashlib
import secrets
from datetime import timedelta

import peewee

from bot import localtime
from bot.db.database import Model, UtcDateTimeField, require_transaction
from console.auth import staff_accounts
from console.auth.staff_accounts import Role, Staff

HOLDS = timedelta(days=7)


class StaffInvitation(Model):
    """One link. Its token is known to whoever has it; we keep the hash."""

    token_hash = peewee.CharField(64, unique=True)
    role = peewee.CharField(16)
    name = peewee.CharField(100)
    """Whom it is meant for, in the owner's words."""
    made_at = UtcDateTimeField()
    invited_by = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
    used_at = UtcDateTimeField(null=True)

    @property
    def until(self) -> object:
        """When it ends."""
        return self.made_at + HOLDS


def make(by: Staff, name: str, role: Role) -> str:
    """A new link's token."""
    require_transaction()
    token = secrets.token_urlsafe(24)
    StaffInvitation.create(
        token_hash=_hash(token), role=role, name=name[:100], made_at=localtime.now(), invited_by=by.id
    )
    return token


def find(token: str) -> StaffInvitation | None:
    """The invitation of that token while it may be used."""
    found: StaffInvitation | None = StaffInvitation.get_or_none(
        (StaffInvitation.token_hash == _hash(token)) & _open()
    )
    return found


def accept(token: str, email: str, name: str, password: str) -> Staff | None:
    """Let the invited person in; None when the link was used meanwhile. Raises StaffError."""
    require_transaction()
    invitation = find(token)
    if invitation is None:
        return None
    used = StaffInvitation.update(used_at=localtime.now())
    if used.where(StaffInvitation.id == invitation.id, StaffInvitation.used_at.is_null()).execute() != 1:
        return None
    return staff_accounts.add(email, name, str(invitation.role), password)


def pending() -> list[StaffInvitation]:
    """The links that may still be used."""
    return list(StaffInvitation.select().where(_open()).order_by(StaffInvitation.id.desc()))


def withdraw(invitation_id: int) -> bool:
    """The link works no more."""
    require_transaction()
    return bool(StaffInvitation.delete().where(StaffInvitation.id == invitation_id, _open()).execute())


def _open() -> peewee.Expression:
    return StaffInvitation.used_at.is_null() & (StaffInvitation.made_at > localtime.now() - HOLDS)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
