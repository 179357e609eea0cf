"""`manage.py campaigns`: listed, shown, stopped, gone on with, cancelled; what cannot be done is said."""

from collections.abc import Callable, Iterator

import peewee
import pytest
from click.testing import CliRunner, Result

from bot import conversations, localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from commands import campaigns as commands
from customers.people import customer as customers
from handlers import campaign_jobs
from manage import manage
from tests.conversations.campaign_scene import fresh, scheduled
from tests.conversations.scenario import NOON

Run = Callable[..., Result]


@pytest.fixture
def run(
    settings: bot_settings.Settings, any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Run the command on the test's database, at noon."""
    assert settings and any_database
    monkeypatch.setattr(commands, "start", lambda declare: declare())
    shop.use({})

    def run_command(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(manage, ["campaigns", *arguments])
        assert result.exit_code == code, result.output
        return result

    with localtime.fixed(NOON):
        yield run_command


def test_from_the_list_to_the_end(run: Run) -> None:
    for name in ("U1", "U2"):
        with write_transaction():
            customers.follow(name, conversations.ensure(name, name))
    campaign = scheduled()
    assert "予約 scheduled\t2026-04-01 12:00\t春のお知らせ" in run("list").output

    campaign_jobs.run_campaigns()
    shown = run("show", str(campaign.id)).output
    assert "対象 / audience: 2" in shown
    assert "送信中 / on their way: 2" in shown

    assert "止めました" in run("stop", str(campaign.id)).output
    assert fresh(campaign).state == "stopped"
    assert "停止 stopped" in run("stop", str(campaign.id), code=1).output
    run("go-on", str(campaign.id))
    assert fresh(campaign).state == "sending"
    run("cancel", str(campaign.id))
    assert fresh(campaign).state == "cancelled"


def test_one_that_does_not_exist(run: Run) -> None:
    assert "キャンペーン 7 はありません" in run("show", "7", code=1).output
