"""The processes of a platform before there are settings: web serves the set-up page, the others wait, none ends."""

import os
import re
import sys
from pathlib import Path

import peewee
import pytest
import urllib3

from bot.config import settings as bot_settings
from bot.starting import UNFIT
from tests.console import chats
from tests.faults.processes import Process, wait_for
from tests.faults.test_kill import free_port


def without_settings(port: int, **more: str) -> dict[str, str]:
    """An environment that says nothing of Goen but the port."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.environ["HOME"], "LANG": "C.UTF-8", "PORT": str(port), **more}


def test_web_serves_the_set_up_page_and_the_others_wait(tmp_path: Path) -> None:
    port = free_port()
    database = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    started = [
        Process(name, without_settings(port, DATABASE_URL=database), tmp_path)
        for name in ("web", "worker", "clock")
    ]
    web, *others = started
    try:
        wait_for(lambda: "/set-up/" in web.log(), "the address")
        path = re.search(r"/set-up/[\w-]+/", web.log())
        assert path
        base = f"http://127.0.0.1:{port}"
        assert "お店の名前" in urllib3.request("GET", base + path[0]).data.decode()
        assert urllib3.request("GET", base + "/console/").status == 404
        assert web.log().index("ブラウザで") < web.log().index("browser")
        for each in others:
            wait_for(lambda each=each: "設定がまだありません" in each.log(), each.name)  # type: ignore[misc]
            assert each.is_alive()
        assert [each.stop() for each in started] == [0, 0, 0]
    finally:
        for each in started:
            each.kill()
    assert not (tmp_path / "none.sqlite3").exists()


def test_a_shop_whose_settings_were_lost_is_not_set_up_again(
    database: peewee.Database, settings: bot_settings.Settings, tmp_path: Path
) -> None:
    chats.person(role="owner")
    process = Process("web", without_settings(free_port(), DATABASE_URL=settings.database_url), tmp_path)
    assert process.process.wait(30) == UNFIT
    assert "LINE_CHANNEL_SECRET" in process.log()
    assert "/set-up/" not in process.log()


@pytest.mark.parametrize("given", [{"LINE_CHANNEL_SECRET": "s"}, {"LINE_CHANNEL_ACCESS_TOKEN": "t"}])
def test_settings_that_are_incomplete_are_an_error_as_ever(tmp_path: Path, given: dict[str, str]) -> None:
    process = Process("web", without_settings(free_port(), **given), tmp_path)
    assert process.process.wait(30) == UNFIT
    assert "PUBLIC_URL" in process.log()
