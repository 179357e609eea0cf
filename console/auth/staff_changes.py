"""Changes to staff accounts, by an owner or by the person. One enabled owner always remains."""

from argon2.exceptions import InvalidHashError, VerificationError

from bot import localtime
from bot.db.database import is_postgres, require_transaction
from console.auth import passwords, staff_accounts
from console.auth.staff_accounts import Role, Staff, StaffError


class LastOwner(Exception):
    """Raised when a change would leave no owner."""


def change_role(person: Staff, role: Role) -> bool:
    """Make the person staff or owner. Raises LastOwner."""
    if person.role == role:
        return False
    if role is not Role.OWNER:
        _another_owner(person)
    Staff.update(role=role).where(Staff.id == person.id).execute()
    return True


def disable(person: Staff) -> bool:
    """Disable the account. Raises LastOwner."""
    _another_owner(person)
    return staff_accounts.disable(str(person.email))


def change_name(person: Staff, name: str) -> None:
    """Change the person's name. Raises StaffError."""
    require_transaction()
    if not name.strip():
        raise StaffError("The person needs a name.")
    Staff.update(name=name.strip()[:100]).where(Staff.id == person.id).execute()


def knows_password(person: Staff, password: str) -> bool:
    """Whether this is the person's password."""
    try:
        return bool(staff_accounts.hasher.verify(person.password_hash, password[: passwords.LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False


def record_sign_in(person: Staff) -> None:
    """Record the time of the person's sign-in."""
    require_transaction()
    Staff.update(signed_in_at=localtime.now()).where(Staff.id == person.id).execute()


def _another_owner(person: Staff) -> None:
    require_transaction()
    # Owners are locked in one order: of two owners who disable each other at once, the second is refused.
    owners = Staff.select().where(Staff.role == Role.OWNER, Staff.disabled_at.is_null()).order_by(Staff.id)
    if is_postgres():
        owners = owners.for_update()
    if [each.id for each in owners] == [person.id]:
        raise LastOwner
