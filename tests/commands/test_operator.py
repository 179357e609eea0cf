"""Changes by an operator's command are in the audit log, like changes in the console."""

import peewee
import pytest
from click.testing import CliRunner

import manage
from bot.config import settings as bot_settings
from bot.db.database import observer, write_transaction
from commands import staff as staff_command
from console.auth import second_factor
from console.auth.staff_accounts import Staff
from console.shell import audit
from tests.console import chats


@pytest.fixture(autouse=True)
def _started(database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command use the test's database."""
    monkeypatch.setattr(staff_command, "start", lambda _register: bot_settings.current())


def test_a_command_that_changes_something_is_recorded_by_its_name() -> None:
    run = CliRunner().invoke(
        manage.manage,
        ["staff", "add", "hanako@example.jp", "はな", "--password", "correct horse battery"],
    )
    assert run.exit_code == 0, run.output
    assert Staff.select().count() == 1
    [entry] = audit.page(None, None, None, None)
    assert (entry.kind, entry.staff_id, entry.details) == ("manage.py staff add", None, "{}")
    assert observer.get() is None


def test_a_command_that_only_reads_is_not() -> None:
    assert CliRunner().invoke(manage.manage, ["staff", "list"]).exit_code == 0
    assert audit.page(None, None, None, None) == []


def test_an_operator_resets_a_second_factor_once() -> None:
    me = chats.person()
    with write_transaction():
        second_factor.begin(me)
    command = ["staff", "reset-second-factor", "staff@example.jp"]
    assert [CliRunner().invoke(manage.manage, command).exit_code for _ in range(2)] == [0, 1]
    assert second_factor.to_confirm(me) is None
    [entry] = audit.page(None, None, None, None)
    assert entry.kind == "manage.py staff reset-second-factor"
