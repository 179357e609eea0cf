"""`manage.py doctor` and `check` against a strict LINE: each fault is named with its remedy; no secret is printed."""

from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import peewee
import pytest
from click.testing import CliRunner, Result

import manage
from bot import localtime
from bot.checks import of_database, of_line, of_machine, of_work, running
from bot.checks.result import State
from bot.config import settings as bot_settings
from bot.config import shop
from bot.starting import UNFIT
from bot.worker import heartbeat
from demo.phone.platform import Platform
from tests.demo.conftest import SECRET, TOKEN
from tests.demo.test_channel_check import server

KEY = "a-secret-key-of-the-tests-alone-0123456789"
Doctor = Callable[..., Result]


@pytest.fixture
def doctor(
    platform: Platform,
    database: peewee.Database,
    settings: bot_settings.Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Doctor]:
    """Runs the command in a shop on this machine, whose processes live; settings may be changed."""
    fit = {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_BASIC_ID": "@goen",
        "LINE_API_URL": platform.url,
        "LINE_DATA_API_URL": platform.url,
        "SECRET_KEY": KEY,
        "SHOP_NAME": "ひだまり堂",
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "DEMO_DIR": str(settings.data_dir),
    }
    for name in bot_settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for process in ("worker", "clock"):
        heartbeat.beat(process)

    with server() as address:
        platform.channel.webhook_url = address

        def run(command: str = "doctor", *arguments: str, **changed: str) -> Result:
            for name, value in (fit | {"PUBLIC_URL": address.removesuffix("/callback")} | changed).items():
                monkeypatch.setenv(name, value)
            return CliRunner().invoke(manage.manage, [command, *arguments])

        yield run
    shop.use({})


def states(run: Result) -> dict[str, str]:
    """The mark of each check by its English title."""
    return {line[2:].rpartition(" — ")[0]: line[0] for line in run.output.splitlines() if " — " in line}


def test_a_shop_that_is_well(doctor: Doctor) -> None:
    run = doctor("doctor", "--language", "en")
    found = states(run)
    assert found == {
        "Settings": "✓",
        "LINE access token": "✓",
        "Webhook address": "✓",
        "LINE's try of the webhook": "✓",
        "Messages left this month": "✓",
        "This machine's clock": "✓",
        "Database": "✓",
        "Integrity of the data": "✓",
        "Tables": "✓",
        "Worker process": "✓",
        "Clock process": "✓",
        "Events that could not be handled": "✓",
        "Messages that LINE refused": "✓",
        "Webhook redelivery": "?",
        "Backup": "!",
        "Room on the disk": found["Room on the disk"],
    }
    assert run.exit_code == 0, run.output
    assert "There is no backup yet" in run.output


@pytest.mark.parametrize(
    ("changed", "failing", "says"),
    [
        (
            {"LINE_CHANNEL_ACCESS_TOKEN": "a-false-token"},
            "LINE access token",
            "Messaging API: issue a channel access",
        ),
        ({"LINE_BASIC_ID": "@other"}, "LINE access token", "Set LINE_BASIC_ID=@goen"),
        (
            {"PUBLIC_URL": "http://127.0.0.1:9"},
            "Webhook address",
            "set the webhook URL to http://127.0.0.1:9/callback",
        ),
        (
            {"LINE_API_URL": "http://127.0.0.1:9"},
            "LINE access token",
            "Check that this machine may open https",
        ),
    ],
)
def test_what_is_amiss_is_named_with_what_to_do(
    doctor: Doctor, changed: dict[str, str], failing: str, says: str
) -> None:
    run = doctor("doctor", "--language", "en", **changed)
    assert states(run)[failing] == "✗"
    assert says in run.output
    assert run.exit_code == 1


def test_a_webhook_that_is_switched_off_is_a_warning(doctor: Doctor, platform: Platform) -> None:
    platform.channel.webhook_active = False
    run = doctor("doctor", "--language", "ja")
    assert "! Webhookのアドレス — 注意" in run.output
    assert "「Webhookの利用」が切れています" in run.output
    assert run.exit_code == 0


def test_another_channels_secret_shows_in_lines_try(doctor: Doctor, platform: Platform) -> None:
    with server("of-another-channel") as address:
        platform.channel.webhook_url = address
        run = doctor("doctor", "--language", "en", PUBLIC_URL=address.removesuffix("/callback"))
    assert states(run)["LINE's try of the webhook"] == "✗"
    assert "LINE_CHANNEL_SECRET is another channel's" in run.output


def test_processes_that_are_down(doctor: Doctor) -> None:
    heartbeat.Heartbeat.update(seen_at=localtime.machine_now() - timedelta(minutes=5)).execute()
    run = doctor("doctor", "--language", "ja")
    assert run.exit_code == 1
    assert "✗ workerのプロセス — 要修理" in run.output
    assert "script/start" in run.output


def test_unfit_settings_end_it_in_both_languages_where_none_is_known(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    run = doctor("doctor", SECRET_KEY="short")
    assert run.exit_code == UNFIT
    assert "SECRET_KEY の値が使えません" in run.output
    assert "SECRET_KEY cannot be used" in run.output


@pytest.mark.parametrize("token", [TOKEN, "a-false-token"])
@pytest.mark.parametrize("command", ["doctor", "check"])
def test_no_secret_is_printed(doctor: Doctor, command: str, token: str) -> None:
    run = doctor(command, LINE_CHANNEL_ACCESS_TOKEN=token)
    assert run.output
    for secret in (SECRET, token, KEY):
        assert secret not in run.output


def test_check_asks_line_and_says_what_it_did_not_check(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    fit = doctor("check")
    assert fit.exit_code == 0, fit.output
    assert "LINE accepts it: お店 (@goen)" in fit.output
    assert "Not checked: webhook, processes, disk, backups." in fit.output
    false = doctor("check", LINE_CHANNEL_ACCESS_TOKEN="a-false-token")
    assert false.exit_code == 1
    assert "LINE refuses the channel access token" in false.output


@pytest.mark.parametrize(("free_mb", "state"), [(50_000, State.OK), (999, State.WARN), (199, State.FAIL)])
def test_the_room_on_the_disk(
    settings: bot_settings.Settings, monkeypatch: pytest.MonkeyPatch, free_mb: int, state: State
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(0, 0, free_mb * 1_000_000))
    assert of_machine.disk(settings).state is state


@pytest.mark.parametrize(("seconds", "state"), [(0, State.OK), (-20, State.WARN), (90, State.FAIL)])
def test_a_clock_that_is_wrong(
    doctor: Doctor,
    settings: bot_settings.Settings,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    state: State,
) -> None:
    off = localtime.machine_now() + timedelta(seconds=seconds)
    monkeypatch.setattr(of_line, "_time_at_line", lambda _: off)
    result = of_line.clock(settings)
    assert result.state is state


@pytest.mark.parametrize(
    ("age", "state"), [(None, State.WARN), (timedelta(hours=20), State.OK), (timedelta(days=3), State.WARN)]
)
def test_the_age_of_the_last_backup(
    settings: bot_settings.Settings, age: timedelta | None, state: State
) -> None:
    assert of_work.backup(None if age is None else localtime.machine_now() - age).state is state


def test_the_databases_are_checked_alike(any_database: peewee.Database) -> None:
    assert [result.key for result in of_database.checks()] == ["database", "integrity", "migrations"]
    assert running.is_well(of_database.checks())


def test_a_damaged_database_is_found(database: peewee.Database, settings: bot_settings.Settings) -> None:
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 20_000] = b"\xff" * 20_000
    path.write_bytes(content)
    results = {result.key: result for result in of_database.checks()}
    assert not running.is_well(results.values())


def test_a_check_that_fails_itself_hides_no_other(settings: bot_settings.Settings) -> None:
    def broken() -> None:
        raise RuntimeError("of the check")

    [result] = running._found("disk", broken)
    assert (result.key, result.state) == ("disk", State.FAIL)
