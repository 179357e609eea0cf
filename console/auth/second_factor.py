"""Decides whether a code proves that somebody holds the telephone they set up: a second factor beside the password.

The codes are those of RFC 6238, as every authenticator app makes them. The secret is not stored: it is made of
SECRET_KEY and a salt, so a copy of the database alone signs nobody in. How often one may guess is `lockout.py`'s.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import peewee
import pyotp

from bot import localtime
from bot.config import settings
from bot.db.database import Model, UtcDateTimeField, require_transaction
from console.auth.staff_accounts import Staff

RECOVERY_CODE_COUNT = 10
CONFIRM_WITHIN = timedelta(hours=1)
"""So long a new secret is shown; whoever comes back to an open page later begins anew."""
_STEPS_ASIDE = (0, -1, 1)
"""The telephone's clock may be one step of 30 seconds behind or before ours."""


class SecondFactor(Model):
    """One person's, begun and perhaps not yet confirmed."""

    staff = peewee.ForeignKeyField(Staff, unique=True, on_delete="CASCADE")
    staff_id: int
    salt = peewee.CharField(64)
    begun_at = UtcDateTimeField()
    on_at = UtcDateTimeField(null=True)
    """When a code proved that the telephone knows the secret; until then it is not asked for."""
    last_step = peewee.IntegerField(default=0)
    """The time step of the last code that was accepted: neither it nor an earlier one is accepted again."""


class RecoveryCode(Model):
    """A code for the day on which the telephone is gone. It is deleted by being used."""

    staff = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
    code_hash = peewee.CharField(64, unique=True)


@dataclass(frozen=True)
class Shown:
    """What the person's authenticator app is told."""

    secret: str
    address: str
    """`otpauth://…`, as the QR code says it."""


def is_on(person: Staff) -> bool:
    """Whether this person is asked for a code."""
    return bool(SecondFactor.select().where(_of(person), SecondFactor.on_at.is_null(False)).exists())


def who_has_it() -> set[int]:
    """The ids of everybody who is asked for a code."""
    return {row.staff_id for row in SecondFactor.select().where(SecondFactor.on_at.is_null(False))}


def begin(person: Staff) -> bool:
    """A new secret, to be confirmed; one that was never confirmed is forgotten. False when it is on already."""
    require_transaction()
    SecondFactor.delete().where(_of(person), SecondFactor.on_at.is_null()).execute()
    row = {"staff": person.id, "salt": secrets.token_urlsafe(24), "begun_at": localtime.machine_now()}
    return SecondFactor.insert(**row).on_conflict(action="nothing").execute() is not None


def to_confirm(person: Staff) -> Shown | None:
    """What the app is to be told, while it has not been confirmed; never afterwards."""
    row = SecondFactor.get_or_none(_of(person), _begun())
    if row is None:
        return None
    secret = _secret(row)
    issuer = settings.current().shop_name.replace(":", " ")  # the address parts the names by a colon
    return Shown(secret, pyotp.TOTP(secret).provisioning_uri(name=str(person.email), issuer_name=issuer))


def confirm(person: Staff, code: str) -> bool:
    """Ask for it from now on, if the code is the app's."""
    require_transaction()
    return _accept(person, code, _begun(), on_at=localtime.machine_now())


def accept(person: Staff, code: str) -> bool:
    """Whether the code is the app's of now, and was not accepted before: of two at once, one is."""
    require_transaction()
    return _accept(person, code, SecondFactor.on_at.is_null(False))


def forget(person: Staff) -> bool:
    """Ask for it no more; its recovery codes are void. False when there was none."""
    require_transaction()
    RecoveryCode.delete().where(RecoveryCode.staff == person.id).execute()
    return bool(SecondFactor.delete().where(_of(person)).execute())


def new_recovery_codes(person: Staff) -> list[str]:
    """Ten codes that each work once; earlier ones are void. We keep their hashes, so they are told this once."""
    require_transaction()
    RecoveryCode.delete().where(RecoveryCode.staff == person.id).execute()
    codes = [_recovery_code() for _ in range(RECOVERY_CODE_COUNT)]
    RecoveryCode.insert_many([{"staff": person.id, "code_hash": _hash(code)} for code in codes]).execute()
    return codes


def use_recovery_code(person: Staff, code: str) -> bool:
    """Whether it is one of the person's codes that was not used before; now it is."""
    require_transaction()
    its = (RecoveryCode.staff == person.id) & (RecoveryCode.code_hash == _hash(code))
    return bool(RecoveryCode.delete().where(its).execute() == 1)


def recovery_codes_left(person: Staff) -> int:
    """How many have not been used."""
    return int(RecoveryCode.select().where(RecoveryCode.staff == person.id).count())


def _accept(person: Staff, code: str, which: peewee.Expression, **changes: object) -> bool:
    row = SecondFactor.get_or_none(_of(person), which)
    if row is None or (step := _step(row, code)) is None:
        return False
    first = SecondFactor.update(last_step=step, **changes).where(
        SecondFactor.id == row.id, SecondFactor.salt == row.salt, which, SecondFactor.last_step < step
    )
    return bool(first.execute() == 1)


def _step(row: SecondFactor, code: str) -> int | None:
    """The time step whose code this is."""
    typed, app = _plain(code), pyotp.TOTP(_secret(row))
    now = int(localtime.machine_now().timestamp()) // app.interval
    steps = (now + aside for aside in _STEPS_ASIDE)
    return next((step for step in steps if _same(app.generate_otp(step), typed)), None)


def _secret(row: SecondFactor) -> str:
    said = f"second factor:{row.staff_id}:{row.salt}".encode()
    made = hmac.new(settings.current().hash_key.encode(), said, hashlib.sha256).digest()
    return base64.b32encode(made[:20]).decode()  # the 160 bits that RFC 4226 asks for and every app takes


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def _plain(code: str) -> str:
    """As it was meant: blanks, hyphens and the wide digits of a Japanese keyboard make no difference."""
    return "".join(each for each in unicodedata.normalize("NFKC", code[:100]).lower() if each.isalnum())


def _same(right: str, typed: str) -> bool:
    return hmac.compare_digest(right.encode(), typed.encode())


def _hash(code: str) -> str:
    return hashlib.sha256(_plain(code).encode()).hexdigest()  # 80 random bits: nobody finds them by trying


def _begun() -> peewee.Expression:
    since = localtime.machine_now() - CONFIRM_WITHIN
    return SecondFactor.on_at.is_null() & (SecondFactor.begun_at >= since)


def _of(person: Staff) -> peewee.Expression:
    return SecondFactor.staff == person.id
