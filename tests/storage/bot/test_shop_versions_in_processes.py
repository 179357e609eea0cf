"""A change of the settings made by one process is in force in another that runs already, on both databases."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot import shop_versions
from bot.config import settings, shop
from bot.db.database import write_transaction
from handlers import register
from tests.project_files import ROOT

OTHER = """
import sys, time
from bot import shop_versions
from bot.config import settings, shop
from bot.db import database
from handlers import register
from surveys.nps.settings import SurveyRules
register()
settings.use(settings.load())
database.connect(settings.current().database_url)
print("running", shop.get(SurveyRules).question_after_days, flush=True)
until = time.monotonic() + 30
while time.monotonic() < until and shop.get(SurveyRules).question_after_days == 14:
    time.sleep(0.05)
    shop_versions.refresh()
print("in force", shop.get(SurveyRules).question_after_days, flush=True)
"""


@pytest.fixture(autouse=True)
def _shop() -> Iterator[None]:
    register()
    shop.use({})
    yield
    shop.use({})


def test_a_running_process_reads_what_another_changed() -> None:
    config = settings.current()
    environ = {name.upper(): str(getattr(config, name)) for name in config.model_fields_set}
    command = [sys.executable, "-c", OTHER]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    ) as others:
        assert others.stdout
        assert others.stdout.readline() == "running 14\n"
        with write_transaction():
            shop_versions.change({"survey": {"question_after_days": 10}}, None)
        assert others.stdout.readline() == "in force 10\n"
