"""`manage.py effects`: what it says of each comparison."""

from collections.abc import Callable
from datetime import timedelta

import peewee
import pytest
from click.testing import CliRunner, Result

from bot import localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from commands import effects as commands
from customers.people.customer import Customer
from journeys.enrolments.tables import HELD_OUT, WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.proof import periods
from journeys.proof.tables import HoldOutPeriod
from manage import manage

Run = Callable[..., Result]


@pytest.fixture
def run(settings: bot_settings.Settings, database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the test's database."""
    monkeypatch.setattr(commands, "start", lambda declare: declare())
    return lambda *words: CliRunner().invoke(manage, ["effects", *words])


@pytest.fixture
def flow(database: peewee.Database) -> Flow:
    """A flow that is on, with seven people who got it and three who were held out, 100 days ago."""
    values = {
        "key": "after",
        "name": "あとから",
        "trigger": {"on": "order"},
        "step": [{"key": "a", "text": "b"}],
    }
    with write_transaction():
        made = stock.switch_on(stock.import_flow(FlowDefinition.model_validate(values)), localtime.now())
    at = localtime.now() - timedelta(days=100)
    HoldOutPeriod.create(subject=periods.of_flow(made.id), percent=30, started_at=at)
    for place in range(10):
        Enrolment.create(
            customer=Customer.create(registered_at=at, first_seen_at=at),
            flow=made.id,
            entry_key="once",
            version_id=made.version_id,
            state=HELD_OUT if place < 3 else WAITING,
            step_key="a",
            base_at=at,
            cause="c",
            entered_at=at,
        )
    return made


def test_list_and_show(run: Run, flow: Flow) -> None:
    listed = run("list").output
    assert "shop：お知らせ全体 / all messages：比べる方がいません / nobody is held out" in listed
    assert "after：あとから：まだはっきりしません / undecided" in listed
    shown = run("show", "after").output
    assert "送った方 / got it: 0/7 (0.0 %)、送らなかった方 / held out: 0/3 (0.0 %)" in shown
    assert "差 / difference: +0.0 (-" in shown and shown.rstrip().endswith("30%")
    assert "お知らせ全体" in run("show", "shop").output


def test_an_unknown_key_and_a_broken_ratio(run: Run, flow: Flow) -> None:
    assert run("show", "before").exit_code == 1
    assert "there is no flow 'before'" in run("show", "before").output
    HoldOutPeriod.update(percent=1).execute()
    Enrolment.update(state=HELD_OUT).execute()
    assert "there is no result (0:10)" in run("show", "after").output
