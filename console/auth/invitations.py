"""Invites people to the staff by a link that an owner makes; it works once, for seven days."""

import hashlib
import secrets
from datetime import timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from console.auth import staff_accounts
from console.auth.staff_accounts import Role, Staff

HOLDS = timedelta(days=7)


class StaffInvitation(Model):
    """One invitation. Only the hash of its token is stored."""

    token_hash = peewee.CharField(64, unique=True)
    role = peewee.CharField(16)
    name = peewee.CharField(100)
    """Whom the link is meant for, in the owner's words."""
    made_at = UtcDateTimeField()
    invited_by = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
    used_at = UtcDateTimeField(null=True)

    @property
    def until(self) -> object:
        """When the invitation expires."""
        return self.made_at + HOLDS


def make(by: Staff, name: str, role: Role) -> str:
    """Create an invitation; returns its token, which is not stored."""
    require_transaction()
    token = secrets.token_urlsafe(24)
    StaffInvitation.create(
        token_hash=_hash(token), role=role, name=name[:100], made_at=localtime.now(), invited_by=by.id
    )
    return token


def find(token: str) -> StaffInvitation | None:
    """The invitation with that token, if it may still be used; else None."""
    found: StaffInvitation | None = StaffInvitation.get_or_none(
        (StaffInvitation.token_hash == _hash(token)) & _open()
    )
    return found


def find_closed(token: str) -> StaffInvitation | None:
    """The invitation with that token that was used or has expired. A withdrawn one is deleted and not found."""
    found: StaffInvitation | None = StaffInvitation.get_or_none(
        (StaffInvitation.token_hash == _hash(token)) & ~_open()
    )
    return found


def accept(token: str, email: str, name: str, password: str) -> Staff | None:
    """Create the invited person's account; None when the link was used meanwhile. Raises StaffError."""
    require_transaction()
    invitation = find(token)
    if invitation is None:
        return None
    used = StaffInvitation.update(used_at=localtime.now())
    if used.where(StaffInvitation.id == invitation.id, StaffInvitation.used_at.is_null()).execute() != 1:
        return None
    return staff_accounts.add(email, name, str(invitation.role), password)


def pending() -> list[StaffInvitation]:
    """The invitations that may still be used."""
    return list(StaffInvitation.select().where(_open()).order_by(StaffInvitation.id.desc()))


def withdraw(invitation_id: int) -> bool:
    """Make the link void."""
    require_transaction()
    return bool(StaffInvitation.delete().where(StaffInvitation.id == invitation_id, _open()).execute())


def _open() -> peewee.Expression:
    return StaffInvitation.used_at.is_null() & (StaffInvitation.made_at > localtime.now() - HOLDS)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


erasure.nothing("It is about staff.", StaffInvitation)
