"""Verifies a second factor beside the password: TOTP codes of an authenticator app, and recovery codes.

The codes are those of RFC 6238. The secret is not stored but derived from SECRET_KEY and a salt, so a copy of
the database alone signs nobody in. The number of attempts is limited by `lockout.py`.
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
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction
from console.auth.staff_accounts import Staff

RECOVERY_CODE_COUNT = 10
CONFIRM_WITHIN = timedelta(hours=1)
"""How long a new secret is shown; after that the set-up begins again."""
_STEPS_ASIDE = (0, -1, 1)
"""Steps of 30 seconds by which the phone's clock may be behind or ahead of the server's."""


class SecondFactor(Model):
    """One person's second factor, perhaps not yet confirmed."""

    staff = peewee.ForeignKeyField(Staff, unique=True, on_delete="CASCADE")
    staff_id: int
    salt = peewee.CharField(64)
    begun_at = UtcDateTimeField()
    on_at = UtcDateTimeField(null=True)
    """When a code proved that the phone has the secret; until then no code is asked for at sign-in."""
    last_step = peewee.IntegerField(default=0)
    """The time step of the last accepted code: neither it nor an earlier one is accepted again."""


class RecoveryCode(Model):
    """A one-time code for when the phone is lost. It is deleted by being used."""

    staff = peewee.ForeignKeyField(Staff, on_delete="CASCADE")
    code_hash = peewee.CharField(64, unique=True)


@dataclass(frozen=True)
class Shown:
    """The secret as shown to the person's authenticator app."""

    secret: str
    address: str
    """The `otpauth://…` URI in the QR code."""


def is_on(person: Staff) -> bool:
    """Whether this person is asked for a code."""
    return bool(SecondFactor.select().where(_of(person), SecondFactor.on_at.is_null(False)).exists())


def ids_with_second_factor() -> set[int]:
    """The ids of all people who are asked for a code."""
    return {row.staff_id for row in SecondFactor.select().where(SecondFactor.on_at.is_null(False))}


def begin(person: Staff) -> bool:
    """Create a new secret to be confirmed, replacing an unconfirmed one. False when a second factor is on already."""
    require_transaction()
    SecondFactor.delete().where(_of(person), SecondFactor.on_at.is_null()).execute()
    row = {"staff": person.id, "salt": secrets.token_urlsafe(24), "begun_at": localtime.machine_now()}
    return SecondFactor.insert(**row).on_conflict(action="nothing").execute() is not None


def to_confirm(person: Staff) -> Shown | None:
    """The secret to show, until it has been confirmed; None afterwards."""
    row = SecondFactor.get_or_none(_of(person), _begun())
    if row is None:
        return None
    secret = _secret(row)
    issuer = settings.current().shop_name.replace(":", " ")  # apps split issuer from account at a colon
    return Shown(secret, pyotp.TOTP(secret).provisioning_uri(name=str(person.email), issuer_name=issuer))


def confirm(person: Staff, code: str) -> bool:
    """Turn the second factor on, if the code is right."""
    require_transaction()
    return _accept(person, code, _begun(), on_at=localtime.machine_now())


def accept(person: Staff, code: str) -> bool:
    """Whether the code is valid now and was not used before; it is used up. Of two requests at once, one succeeds."""
    require_transaction()
    return _accept(person, code, SecondFactor.on_at.is_null(False))


def forget(person: Staff) -> bool:
    """Turn the second factor off and delete its recovery codes. False when there was none."""
    require_transaction()
    RecoveryCode.delete().where(RecoveryCode.staff == person.id).execute()
    return bool(SecondFactor.delete().where(_of(person)).execute())


def new_recovery_codes(person: Staff) -> list[str]:
    """Create ten recovery codes and void earlier ones. Only hashes are stored, so they are shown this once."""
    require_transaction()
    RecoveryCode.delete().where(RecoveryCode.staff == person.id).execute()
    codes = [_recovery_code() for _ in range(RECOVERY_CODE_COUNT)]
    RecoveryCode.insert_many([{"staff": person.id, "code_hash": _hash(code)} for code in codes]).execute()
    return codes


def use_recovery_code(person: Staff, code: str) -> bool:
    """Whether it is one of the person's unused recovery codes; it is used up."""
    require_transaction()
    its = (RecoveryCode.staff == person.id) & (RecoveryCode.code_hash == _hash(code))
    return bool(RecoveryCode.delete().where(its).execute() == 1)


def recovery_codes_left(person: Staff) -> int:
    """How many recovery codes are unused."""
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
    """The time step that the code belongs to; None when the code is wrong."""
    typed, app = _plain(code), pyotp.TOTP(_secret(row))
    now = int(localtime.machine_now().timestamp()) // app.interval
    steps = (now + aside for aside in _STEPS_ASIDE)
    return next((step for step in steps if _same(app.generate_otp(step), typed)), None)


def _secret(row: SecondFactor) -> str:
    said = f"second factor:{row.staff_id}:{row.salt}".encode()
    made = hmac.new(settings.current().hash_key.encode(), said, hashlib.sha256).digest()
    return base64.b32encode(made[:20]).decode()  # 160 bits, as RFC 4226 recommends


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def _plain(code: str) -> str:
    """Normalized: spaces, hyphens and full-width digits make no difference."""
    return "".join(each for each in unicodedata.normalize("NFKC", code[:100]).lower() if each.isalnum())


def _same(right: str, typed: str) -> bool:
    return hmac.compare_digest(right.encode(), typed.encode())


def _hash(code: str) -> str:
    return hashlib.sha256(_plain(code).encode()).hexdigest()  # 80 random bits: not to be found by trying


def _begun() -> peewee.Expression:
    since = localtime.machine_now() - CONFIRM_WITHIN
    return SecondFactor.on_at.is_null() & (SecondFactor.begun_at >= since)


def _of(person: Staff) -> peewee.Expression:
    return SecondFactor.staff == person.id


erasure.nothing("It is about staff.", SecondFactor, RecoveryCode)
