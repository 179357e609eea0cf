"""The pages that a stranger or a customer opens: on a phone and a computer, in light and dark, axe finds nothing."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import peewee
import pytest
from playwright.sync_api import Page

from app import create_app
from bot.config.settings import Settings
from bot.db.database import write_transaction
from rewards.ranks import pages as rank_pages
from rewards.ranks.rules import Rank
from rewards.referrals import referrals
from tests.browser.console_site import Server, violations
from tests.console import chats


@pytest.fixture
def site(settings: Settings, database: peewee.Database) -> Iterator[str]:
    server = Server(create_app(settings))
    yield server.address.removesuffix("/console")
    server.stop()


@pytest.fixture
def paths(site: str) -> list[str]:
    who = chats.customer("山田 花子")
    with write_transaction():
        code = referrals.get_or_create_code(who.id)
    rank = urlsplit(rank_pages.link(who.id, Rank.BASIC)).path
    return ["/", "/nowhere", "/privacy", "/voices", "/l/nowhere", f"/r/{code}", "/r/none", rank, "/p/none"]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_runs_over(
    page: Page, site: str, paths: list[str], width: int, colours: Any
) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": width, "height": 800})
    for path in paths:
        page.goto(site + path)
        assert page.get_by_role("heading").first.is_visible(), path
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        brightness = page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
        )
        assert (max(brightness) < 60) == (colours == "dark"), path
        assert not violations(page), path
    assert not refused
