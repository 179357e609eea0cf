"""`reconcile` verifies the ledger or names the error; `points history` explains a customer's points."""

from collections.abc import Callable

import peewee
import pytest
from click.testing import CliRunner, Result

from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from commands import points as commands
from customers.people import customer as customers
from manage import manage
from rewards.ledger import ledger
from rewards.ledger.entries import LotUse

HANAKO = "U" + "a" * 32
Run = Callable[..., Result]


@pytest.fixture
def run(settings: bot_settings.Settings, database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the test's database."""
    monkeypatch.setattr(commands, "start", lambda declare: declare())
    with write_transaction():
        hanako = customers.learn_profile(customers.follow(HANAKO), "花子").id
        ledger.earn(hanako, "registration", 30, "registration:1")
        ledger.earn(hanako, "purchase", 50, "order:1001")
        ledger.burn(hanako, 40, "coupon:1", "10%OFFクーポン")
        ledger.reverse("order:1001", "cancel:1001", "キャンセル")
        ledger.adjust(hanako, 5, 7, "お詫び", "adjust:1")
    return lambda *words: CliRunner().invoke(manage, words)


def test_a_ledger_in_order_is_proven(run: Run) -> None:
    result = run("reconcile")
    assert result.exit_code == 0, result.output
    assert "5 entries of 1 customers: -5 points, 0 pending." in result.output


def test_what_is_wrong_is_named_and_the_command_fails(run: Run) -> None:
    LotUse.update(points=999).execute()
    result = run("reconcile")
    assert result.exit_code == 1
    assert "WRONG: lot 1 holds 30 points and" in result.output


def test_a_history_explains_each_line(run: Run) -> None:
    result = run("points", "history", HANAKO)
    assert result.exit_code == 0, result.output
    for words in (
        "花子さんのポイント",
        "+30  残高30  付与：ご登録",
        "-40  残高40  利用：ポイントのご利用",
        "メモ：10%OFFクーポン",
        "にたまった分）から30ポイント",
        "-50  残高-10  取り消し：お買い上げ",
        "の分です",
        "担当：スタッフ#7",
        "いまの残高：-5ポイント",
    ):
        assert words in result.output, result.output
    assert run("points", "history", "U404").exit_code == 1
