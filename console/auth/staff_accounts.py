"""Stores the accounts of staff and owners: address, name, role, password hash and language.

Attempts are limited by `lockout.py`; which page a role may open is in `access_control.py`.
"""

import re
import secrets
from enum import StrEnum
from typing import Any

import peewee
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from console.auth import passwords
from support.tickets import case_assignment

LONGEST_EMAIL = 254
LONGEST_NAME = 100
_EMAIL = re.compile(r"\A[^\s@]{1,189}@[^\s@]{1,189}\Z")

# OWASP's smallest recommended argon2id memory, so that a sign-in does not double a small server's memory use.
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_hash_of_nobody = hasher.hash(secrets.token_urlsafe())


class Role(StrEnum):
    """What a person may do: staff answer chats, an owner sees and changes everything."""

    OWNER = "owner"
    STAFF = "staff"


class StaffError(ValueError):
    """The account cannot be stored. The text says why and what to do."""


class PasswordRefused(StaffError):
    """The password is too easy to guess; `fault` says why."""

    def __init__(self, fault: passwords.Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Staff(Model):
    """One person who can sign in."""

    email = peewee.CharField(unique=True)
    name = peewee.CharField()
    password_hash = peewee.CharField()
    role = peewee.CharField(default=Role.STAFF)
    language = peewee.CharField(default="ja")
    session_stamp = peewee.CharField()
    """Part of every session of this person: changing it ends them all."""
    created_at = UtcDateTimeField()
    disabled_at = UtcDateTimeField(null=True)
    signed_in_at = UtcDateTimeField(null=True)

    is_authenticated = True  # Flask-Login expects these; anonymous users are its own AnonymousUserMixin
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether this person may be signed in."""
        return self.disabled_at is None

    @property
    def is_owner(self) -> bool:
        """Whether this person may see and change everything."""
        return self.role == Role.OWNER

    def get_id(self) -> str:
        """The id that the session stores; it becomes invalid when the password changes."""
        return f"{self.id}:{self.session_stamp}"


def add(email: str, name: str, role: str, password: str) -> Staff:
    """Create an account. Raises StaffError."""
    require_transaction()
    email, name = _checked_email(email), name.strip()
    if role not in set(Role):
        raise StaffError(f"The role is owner or staff, not {role!r}.")
    if not name:
        raise StaffError("The person needs a name; it stands beside their answers in the console.")
    made = insert_once(
        Staff,
        email=email,
        name=name[:100],
        password_hash=hasher.hash(_checked_password(password, email, name)),
        role=role,
        language="ja",
        session_stamp=_stamp(),
        created_at=localtime.now(),
    )
    if made is None:
        raise StaffError(f"{email} is there already. To set a new password: python manage.py staff password")
    case_assignment.begin(made)
    person: Staff = Staff.get_by_id(made)
    return person


def reset_password(email: str, password: str) -> Staff:
    """Set a new password and end the person's sessions. Raises StaffError."""
    require_transaction()
    person = find(email)
    if person is None:
        raise StaffError(f"Nobody signs in with {email}. To see who does: python manage.py staff list")
    person.password_hash = hasher.hash(_checked_password(password, str(person.email), str(person.name)))
    person.session_stamp = _stamp()
    person.save(only=[Staff.password_hash, Staff.session_stamp])
    return person


def disable(email: str) -> bool:
    """Disable the account; what the person wrote stays theirs. False when it was disabled already."""
    require_transaction()
    person = find(email)
    if person is None or not person.is_active:
        return False
    case_assignment.end(person.id)
    case_assignment.end_access(person.id)
    fresh = {"disabled_at": localtime.now(), "session_stamp": _stamp()}
    return bool(Staff.update(fresh).where(Staff.id == person.id, Staff.disabled_at.is_null()).execute())


def enable(email: str) -> bool:
    """Enable the account again, with the password it had."""
    require_transaction()
    person = find(email)
    if person is None or person.is_active:
        return False
    case_assignment.begin(person.id)
    case_assignment.restore_access(person.id)
    return bool(Staff.update(disabled_at=None).where(Staff.id == person.id).execute())


def authenticate(email: str, password: str) -> Staff | None:
    """The person with that address and password, else None; equally slow for an unknown address."""
    person = find(email)
    known = person is not None and person.is_active
    try:
        stored = person.password_hash if person is not None and known else _hash_of_nobody
        hasher.verify(stored, password[: passwords.LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return None
    return person if known else None


def find(email: str) -> Staff | None:
    """The person with that address, disabled or not."""
    found: Staff | None = Staff.get_or_none(Staff.email == _normal(email))
    return found


def of_session(session_id: str) -> Staff | None:
    """The person of a session, unless the session has been ended since."""
    number, _, stamp = session_id.partition(":")
    if not number.isdigit() or len(number) > 18:
        return None
    person: Staff | None = Staff.get_or_none(Staff.id == int(number))
    valid = person is not None and person.is_active and secrets.compare_digest(person.session_stamp, stamp)
    return person if valid else None


def any_active() -> bool:
    """Whether any account can sign in."""
    return bool(Staff.select().where(Staff.disabled_at.is_null()).exists())


def all_staff() -> list[Staff]:
    """All accounts, disabled ones too, by name."""
    return list(Staff.select().order_by(Staff.name, Staff.id))


def first_of(role: str) -> Staff | None:
    """The first enabled account of that role, for the demo's one-click sign-in."""
    query = Staff.select().where(Staff.role == role, Staff.disabled_at.is_null())
    found: Staff | None = query.order_by(Staff.id).first()
    return found


def demo_person(role: Role) -> Staff:
    """The account for the demo's one-click sign-in; created at the first click, with a random password."""
    require_transaction()
    name = "デモのオーナー" if role is Role.OWNER else "デモのスタッフ"
    return first_of(role) or add(f"demo-{role}@example.jp", name, role, secrets.token_urlsafe())


def names() -> dict[int, str]:
    """Names of all staff by id: staff are few."""
    query: Any = Staff.select(Staff.id, Staff.name).tuples()
    return dict(query)


def set_language(person: Staff, language: str) -> None:
    """Store the language this person reads the console in."""
    require_transaction()
    Staff.update(language=language).where(Staff.id == person.id).execute()


def _checked_email(email: str) -> str:
    normal = _normal(email)
    if len(normal) > LONGEST_EMAIL or not _EMAIL.match(normal):
        raise StaffError(f"{email!r} is no e-mail address. Example: hanako@example.jp")
    return normal


def _checked_password(password: str, email: str, name: str) -> str:
    fault = passwords.fault_of(password, email, name)
    if fault is not None:
        raise PasswordRefused(fault)
    return password


def _normal(email: str) -> str:
    return email.strip().lower()


def _stamp() -> str:
    return secrets.token_urlsafe(12)


erasure.nothing("It is about staff.", Staff)
