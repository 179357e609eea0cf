"""The web process as the Procfile runs it: how it refuses to start, and how it stops."""

import socket
import time
from pathlib import Path

import peewee

from bot.config import settings as bot_settings
from bot.starting import UNFIT
from tests.console import chats
from tests.faults.processes import Process, environment, status, wait_for
from tests.faults.test_kill import free_port


def test_it_does_not_start_with_unfit_settings(settings: bot_settings.Settings, tmp_path: Path) -> None:
    process = Process("web", environment(settings, free_port(), tmp_path, LINE_BASIC_ID="goen"), tmp_path)
    assert process.process.wait(30) == UNFIT
    assert "LINE_BASIC_ID" in process.log()
    assert "Traceback" not in process.log()


def test_it_does_not_start_where_another_listens(
    database: peewee.Database, settings: bot_settings.Settings, tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = Process("web", environment(settings, port, tmp_path), tmp_path)
        assert process.process.wait(30) == UNFIT
    assert f"Port {port} of 0.0.0.0 cannot be used" in process.log()
    assert "PORT=" in process.log()
    assert "Traceback" not in process.log()


def test_it_stops_in_time_whatever_connections_are_open(
    database: peewee.Database, settings: bot_settings.Settings, tmp_path: Path
) -> None:
    port = free_port()
    chats.person(role="owner")
    process = Process("web", environment(settings, port, tmp_path), tmp_path)
    try:
        wait_for(lambda: status(f"http://127.0.0.1:{port}/healthz") == 200, "the web process")
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        for each in silent[:10]:
            each.sendall(b"POST /callback HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\nhalf")
        begun = time.monotonic()
        assert process.stop() == 0
        assert time.monotonic() - begun < 12, "four seconds for requests at hand, and a busy machine"
        for each in silent:
            each.close()
    finally:
        process.kill()
    assert process.log() == "", "nothing to say of it"
