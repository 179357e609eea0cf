"""The referral code of a person who came by LINE Login is stored until they become a customer, once, for a
limited time."""

from datetime import UTC, datetime, timedelta

import peewee
import pytest

from bot import localtime
from bot.db.database import write_transaction
from rewards.referrals import logins
from rewards.referrals.logins import ReferralLogin

pytestmark = pytest.mark.usefixtures("any_database")
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HANA, YUI = "U" + "a" * 32, "U" + "b" * 32


def take(line_user_id: str) -> str | None:
    with write_transaction():
        return logins.take(line_user_id)


def remember(line_user_id: str, code: str) -> None:
    with write_transaction():
        logins.remember(line_user_id, code)


def test_the_first_code_is_taken_once() -> None:
    remember(HANA, "K7MP-4XWD")
    remember(HANA, "C2D3-F4G5")
    assert take(YUI) is None
    assert take(HANA) == "K7MP-4XWD"
    assert take(HANA) is None


def test_after_a_week_it_counts_no_more_and_is_not_stored(any_database: peewee.Database) -> None:
    with localtime.fixed(NOON):
        remember(HANA, "K7MP-4XWD")
    with localtime.fixed(NOON + timedelta(days=6, hours=23)):
        remember(YUI, "C2D3-F4G5")
        assert ReferralLogin.select().count() == 2
    with localtime.fixed(NOON + timedelta(days=7, hours=1)):
        assert take(HANA) is None
        remember(HANA, "C2D3-F4G5")
        assert take(HANA) == "C2D3-F4G5", "who asks again begins anew"
    with localtime.fixed(NOON + timedelta(days=20)):
        remember(HANA, "K7MP-4XWD")
        assert [row.line_user_id for row in ReferralLogin.select()] == [HANA]
