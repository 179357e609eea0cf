"""Stores by whose code a person joined through LINE Login, until their first event in the chat. The first
code counts."""

from datetime import timedelta

from peewee import CharField

from bot import localtime
from bot.config import shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from rewards.referrals.settings import ReferralRules


class ReferralLogin(Model):
    """A person who joined by LINE Login and has not been seen in the chat since."""

    line_user_id = CharField(64, unique=True)
    code = CharField(9)
    joined_at = UtcDateTimeField(index=True)

    class Meta:
        table_name = "referral_login"


def remember(line_user_id: str, code: str) -> None:
    """Stores the code. It is valid for as many days as a newcomer's code, after which it is deleted."""
    require_transaction()
    ReferralLogin.delete().where(ReferralLogin.joined_at < _oldest()).execute()
    insert_once(ReferralLogin, line_user_id=line_user_id, code=code, joined_at=localtime.now())


def take(line_user_id: str) -> str | None:
    """Returns and deletes the stored code of this person; None when there is none, or it is too old."""
    require_transaction()
    waits = ReferralLogin.get_or_none(ReferralLogin.line_user_id == line_user_id)
    if waits is None:
        return None
    waits.delete_instance()
    return str(waits.code) if waits.joined_at >= _oldest() else None


def _oldest() -> object:
    return localtime.now() - timedelta(days=shop.get(ReferralRules).joins_within_days)


erasure.deleted(ReferralLogin, lambda who: ReferralLogin.line_user_id == (who.line_user_id or ""))
