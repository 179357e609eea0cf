"""Stores sign-ins as rows on the server, so that each can expire or be ended."""

import hashlib
import secrets
from datetime import timedelta

import peewee

from bot import localtime
from bot.config import settings
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from console.auth.staff_accounts import Staff

_TOUCHED_EVERY = timedelta(minutes=30)


class StaffSession(Model):
    """One sign-in on one device."""

    key_hash = peewee.CharField(64, unique=True)
    staff = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
    device = peewee.CharField(60)
    made_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    confirmed_at = UtcDateTimeField(null=True)
    """When the person last confirmed it with their password; see `confirmation.py`."""


def begin(person: Staff, user_agent: str) -> str:
    """Create a session; returns the key that the browser stores."""
    require_transaction()
    key, now = secrets.token_urlsafe(32), localtime.machine_now()
    over = StaffSession.made_at < now - timedelta(days=settings.current().console_session_days)
    StaffSession.delete().where(over).execute()
    device = device_in_words(user_agent)
    StaffSession.create(key_hash=_hash(key), staff=person.id, device=device, made_at=now, seen_at=now)
    return key


def find(person: Staff, key: str) -> StaffSession | None:
    """The session of that key, if it is still valid; else None."""
    mine = (StaffSession.key_hash == _hash(key)) & (StaffSession.staff == person.id)
    found: StaffSession | None = StaffSession.get_or_none(mine)
    return found if found is not None and _holds(found) else None


def is_touch_due(session: StaffSession) -> bool:
    """Whether `seen_at` is to be written anew: not at every request."""
    return bool(localtime.machine_now() - session.seen_at > _TOUCHED_EVERY)


def touch(session: StaffSession) -> None:
    """Record that the session is in use."""
    require_transaction()
    StaffSession.update(seen_at=localtime.machine_now()).where(StaffSession.id == session.id).execute()


def confirm(session: StaffSession) -> None:
    """Record that the person has just confirmed who they are in this session."""
    require_transaction()
    StaffSession.update(confirmed_at=localtime.machine_now()).where(StaffSession.id == session.id).execute()


def of(person: Staff) -> list[StaffSession]:
    """The person's sessions, last used first."""
    rows = StaffSession.select().where(StaffSession.staff == person.id).order_by(StaffSession.seen_at.desc())
    return [row for row in rows if _holds(row)]


def end(person: Staff, session_id: int | None = None, but: int | None = None) -> int:
    """End one session of the person, or all but one; returns how many ended."""
    require_transaction()
    which = StaffSession.staff == person.id
    if session_id is not None:
        which &= StaffSession.id == session_id
    if but is not None:
        which &= StaffSession.id != but
    return int(StaffSession.delete().where(which).execute())


def device_in_words(user_agent: str) -> str:
    """A name for the browser and device (`Safari, iPhone`), by which people recognize their own."""
    return ", ".join((_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)))


_BROWSERS = (
    *(("Edg/", "Edge"), ("Edge/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge")),
    *(("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), (" Line/", "LINE")),
    *(("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari")),
)
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Macintosh", "Mac"), ("Linux", "Linux")),
)


def _first(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in user_agent), "?")


def _holds(session: StaffSession) -> bool:
    now, rules = localtime.machine_now(), settings.current()
    fresh = now - session.seen_at <= timedelta(days=rules.console_idle_days)
    return bool(fresh and now - session.made_at <= timedelta(days=rules.console_session_days))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


erasure.nothing("It is about staff.", StaffSession)
