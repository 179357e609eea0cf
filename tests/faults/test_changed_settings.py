"""The running product takes over a value that was changed in `.env`, within seconds and without losing a message."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest

from bot.config import changed_settings, env_file
from bot.config import settings as bot_settings
from demo.phone.client import Handset
from demo.phone.platform import Platform, create_platform
from tests.faults.processes import Process, environment, status, wait_for
from tests.faults.test_kill import free_port

REFUSED, RIGHT = "A+token+that+LINE+refuses/" * 4, "The+token+that+LINE+issued/" * 4
PROCESSES = ("web", "worker", "clock")
PEOPLE = 40


@pytest.fixture
def line(settings: bot_settings.Settings) -> Iterator[tuple[Platform, int]]:
    port = free_port()
    with create_platform(
        channel_secret=settings.line_channel_secret,
        access_token=RIGHT,
        webhook_url=f"http://127.0.0.1:{port}/callback",
        retry_seconds=(),  # a webhook that is lost stays lost
    ) as platform:
        yield platform, port


@pytest.fixture
def running(
    settings: bot_settings.Settings, database: peewee.Database, line: tuple[Platform, int], tmp_path: Path
) -> Iterator[dict[str, Process]]:
    """Web, worker and clock with a token that LINE refuses, which stands in `.env`."""
    assert database
    platform, port = line
    file = tmp_path / ".env"
    env_file.write(file, {"LINE_CHANNEL_ACCESS_TOKEN": REFUSED, "SHOP_NAME": "ひだまり堂"})
    given = environment(
        settings.model_copy(update={"line_channel_access_token": REFUSED}),
        port,
        tmp_path,
        LINE_API_URL=platform.url,
        LINE_DATA_API_URL=platform.url,
        SETTINGS_FILE=str(file),
    )
    started = {name: Process(name, given, tmp_path) for name in PROCESSES}
    try:
        wait_for(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, "all processes")
        yield started
    finally:
        for each in started.values():
            each.kill()


def has_taken_over(process: Process) -> bool:
    return "settings were changed" in process.log()


def test_all_processes_take_a_new_token_and_lose_no_message(
    running: dict[str, Process], line: tuple[Platform, int], settings: bot_settings.Settings, tmp_path: Path
) -> None:
    platform, _ = line
    ids = {name: each.process.pid for name, each in running.items()}
    came: list[Handset] = []
    writing = threading.Thread(target=lambda: came.extend(people_come(platform)))
    writing.start()
    time.sleep(0.3)
    env_file.write(tmp_path / ".env", {"LINE_CHANNEL_ACCESS_TOKEN": RIGHT})
    wait_for(lambda: all(map(has_taken_over, running.values())), "all processes")
    writing.join()
    late = platform.handset("後の人")
    late.follow()
    assert platform.settle(30)
    wait_for(lambda: bool(late.received()), "an answer that LINE accepts")
    assert {attempt.status for attempt in platform.channel.webhook_sender.attempts} == {200}
    assert Counter(received_by_line(settings)) == Counter(each.user_id for each in (*came, late))
    assert {name: each.process.pid for name, each in running.items() if each.is_alive()} == ids
    assert not [each.name for each in running.values() if RIGHT in each.log() or REFUSED in each.log()]
    assert [each.stop() for each in running.values()] == [0, 0, 0]


def people_come(platform: Platform) -> Iterator[Handset]:
    """People add the shop while it changes over."""
    for number in range(PEOPLE):
        one = platform.handset(f"{number}人目")
        one.follow()
        yield one
        time.sleep(0.05)


def received_by_line(settings: bot_settings.Settings) -> list[str]:
    """Whose events are stored, once for each event."""
    bound = peewee.SqliteDatabase(settings.database_url.removeprefix("sqlite:///"))
    rows = bound.execute_sql(
        "SELECT line_user_id FROM inbox_event JOIN conversation c ON c.id = conversation_id "
        "WHERE source = 'line'"
    ).fetchall()
    bound.close()
    return [user_id for (user_id,) in rows]


def test_an_unfit_value_is_not_taken_over(running: dict[str, Process], tmp_path: Path) -> None:
    env_file.write(tmp_path / ".env", {"LINE_CHANNEL_ACCESS_TOKEN": "日本語"})
    for each in running.values():
        wait_for(lambda each=each: "cannot be used" in each.log(), each.name)  # type: ignore[misc]
        assert each.is_alive()
    assert not any(map(has_taken_over, running.values()))


def test_other_lines_of_the_file_wait_for_the_next_start(running: dict[str, Process], tmp_path: Path) -> None:
    env_file.write(tmp_path / ".env", {"SHOP_NAME": "別のお店", "DATABASE_URL": "sqlite:////nowhere"})
    time.sleep(4 * changed_settings.POLL_SECONDS)
    assert all(each.is_alive() and not has_taken_over(each) for each in running.values())
