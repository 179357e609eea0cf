"""動作の確認: the owner sees what the checks found; LINE is asked when that is old, or by the button."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import localtime
from bot.checks import running
from bot.checks.result import Result, State
from bot.config.settings import Settings
from bot.text.two_languages import both
from console.health import latest
from tests.console.conftest import SignIn, get, post

PAGE = "/console/health"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Settings]]:
    """Counts how often the checks run; they find the same each time."""
    seen: list[Settings] = []
    found = [
        Result("disk", both("Disk", "ディスク"), State.OK, both("Enough.", "足りています。")),
        Result(
            "line-token",
            both("Token", "トークン"),
            State.FAIL,
            both("LINE refuses it.", "LINEが認めません。"),
            both("Issue another.", "発行し直してください。"),
        ),
        Result("inbox", both("Events", "できごと"), State.WARN, both("2 wait.", "2件あります。")),
    ]

    def everything(config: Settings) -> list[Result]:
        seen.append(config)
        return found

    monkeypatch.setattr(running, "everything", everything)
    latest.forget()
    yield seen
    latest.forget()


def test_the_worst_comes_first_with_what_to_do(sign_in: SignIn, runs: list[Settings]) -> None:
    page = get(sign_in("owner"), PAGE).text
    assert page.index("LINEが認めません。") < page.index("2件あります。") < page.index("足りています。")
    assert "発行し直してください。" in page
    assert 'href="/console/stuck">2件あります。' in page
    assert "要修理 1" in page


def test_it_is_in_english_too(sign_in: SignIn, runs: list[Settings]) -> None:
    client = sign_in("owner")
    post(client, "/console/language/en", page=PAGE)
    page = get(client, PAGE).text
    assert "LINE refuses it." in page
    assert "Issue another." in page
    assert "発行し直して" not in page


def test_opening_it_asks_nobody_while_what_was_found_is_fresh(sign_in: SignIn, runs: list[Settings]) -> None:
    client = sign_in("owner")
    for _ in range(3):
        get(client, PAGE)
    assert len(runs) == 1
    with localtime.fixed(localtime.machine_now() + latest.FAULT_STALE_AFTER):
        latest.shown()
    assert len(runs) == 2


def test_the_button_checks_again_and_not_twice_in_a_moment(sign_in: SignIn, runs: list[Settings]) -> None:
    client = sign_in("owner")
    get(client, PAGE)
    with localtime.fixed(localtime.machine_now() + timedelta(minutes=1)):
        for _ in range(2):
            assert post(client, PAGE, page=PAGE).status_code == 303
    assert len(runs) == 2


def test_staff_may_not_open_it(sign_in: SignIn, runs: list[Settings]) -> None:
    assert get(sign_in("staff"), PAGE).status_code == 403
    assert not runs
