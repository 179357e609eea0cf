"""Two requests at once with one code of a second factor: one succeeds. On PostgreSQL, where both really run."""

from datetime import UTC, datetime

import pyotp

from bot import localtime
from bot.db.database import write_transaction
from console.auth import second_factor
from console.auth.staff_accounts import Staff
from tests.console import chats
from tests.storage.rewards.test_rewards_races import at_once

NOON = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


def with_second_factor() -> tuple[Staff, pyotp.TOTP, list[str]]:
    """Somebody who confirmed one a minute ago, what makes the codes, and the recovery codes."""
    me = chats.person()
    with localtime.fixed(datetime.fromtimestamp(NOON.timestamp() - 60, UTC)), write_transaction():
        assert second_factor.begin(me)
        shown = second_factor.to_confirm(me)
        assert shown
        app = pyotp.TOTP(shown.secret)
        assert second_factor.confirm(me, app.at(localtime.now()))
        assert not second_factor.begin(me), "what is on is not made anew"
        return me, app, second_factor.new_recovery_codes(me)


def test_of_two_who_give_one_code_one_gets_in() -> None:
    me, app, _ = with_second_factor()
    results: list[bool] = []
    with localtime.fixed(NOON):
        at_once(*[lambda: results.append(second_factor.accept(me, app.at(NOON)))] * 6)
    assert sorted(results) == [False] * 5 + [True]


def test_of_two_who_give_one_recovery_code_one_gets_in() -> None:
    me, _, codes = with_second_factor()
    results: list[bool] = []
    at_once(*[lambda: results.append(second_factor.use_recovery_code(me, codes[0]))] * 6)
    assert sorted(results) == [False] * 5 + [True]
    assert second_factor.recovery_codes_left(me) == 9


def test_nobody_gets_in_by_anothers_codes() -> None:
    me, app, codes = with_second_factor()
    other = chats.person("鈴木 一郎", "owner")
    with localtime.fixed(NOON), write_transaction():
        assert not second_factor.accept(other, app.at(NOON))
        assert not second_factor.use_recovery_code(other, codes[0])
    assert second_factor.ids_with_second_factor() == {me.id}


def test_what_is_forgotten_is_not_asked_for() -> None:
    me, app, codes = with_second_factor()
    with localtime.fixed(NOON), write_transaction():
        assert second_factor.forget(me)
        assert not second_factor.forget(me)
        assert not second_factor.accept(me, app.at(NOON))
        assert not second_factor.use_recovery_code(me, codes[0])
    assert not second_factor.is_on(me)
