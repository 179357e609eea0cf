"""`manage.py shop-settings` exports, imports and lists the versions of the shop's settings."""

from collections.abc import Callable, Iterator
from pathlib import Path

import peewee
import pytest
from click.testing import CliRunner, Result

from bot.config import shop
from bot.shop_versions import ShopVersion
from commands import database as commands
from handlers import register
from manage import manage
from surveys.nps.settings import SurveyRules

Run = Callable[..., Result]


@pytest.fixture
def run(any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run the command on the test's database."""
    register()
    shop.use({})
    monkeypatch.setattr(commands, "start", lambda declare: declare())
    yield lambda *words: CliRunner().invoke(manage, ["shop-settings", *words])
    shop.use({})


def test_what_is_exported_can_be_imported_and_is_listed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(run("export").output.replace("question_after_days = 14", "question_after_days = 10"))
    done = run("import", str(file), "--note", "春から")
    assert done.exit_code == 0 and "within two seconds" in done.output
    assert shop.get(SurveyRules).question_after_days == 10
    assert "question_after_days = 10" in run("export").output
    assert "春から" in run("list").output


def test_every_fault_of_a_file_is_said_and_nothing_changed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text("[survey]\nasked_a_day = 0\nquestion_after = 3\n")
    refused = run("import", str(file))
    assert refused.exit_code == 1
    assert "asked_a_day" in refused.output and "question_after in [survey]" in refused.output
    assert ShopVersion.select().count() == 0
