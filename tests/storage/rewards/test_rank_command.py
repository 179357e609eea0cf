"""`manage.py rank replay`: its output, its lists, its refusals."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from commands import rank as command
from customers.people.customer import Customer
from tests.storage.rewards import test_rank_batch_sql


@pytest.fixture(autouse=True)
def _history(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(command, "start", lambda _: None)  # the database of the test is connected already
    shop.use({})
    with localtime.fixed(test_rank_batch_sql.NOW):
        with write_transaction():
            test_rank_batch_sql.fill(random.Random(3), 40)
        yield


def replay(tmp_path: Path, rules: str, *options: str) -> Result:
    file = tmp_path / "rules.toml"
    file.write_text(rules, encoding="utf-8")
    return CliRunner().invoke(command.rank, ["replay", str(file), *options])


def test_it_says_who_moves_and_lists_them(tmp_path: Path) -> None:
    listed = tmp_path / "moved.csv"
    with write_transaction():
        Customer.update(display_name="=1+1").execute()
    result = replay(tmp_path, "[ranks]\nactive = [0, 10, 0]\n[points]\ncomment = 99\n", "--csv", str(listed))
    assert result.exit_code == 0, result.output
    for words in ("rise at once", "the rules in force", "Ambassadors:", "Points owed", "Nothing was changed"):
        assert words in result.output
    with listed.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(row["held"] != row["deserved"] for row in rows)
    assert {row["name"] for row in rows} == {"'=1+1"}, "a name is no formula"


def test_the_clock_can_be_fixed_on_another_day(tmp_path: Path) -> None:
    result = replay(tmp_path, "[ranks]\nactive = [0, 10, 0]\n", "--on", "2025-12-31")
    assert "2025-12-31" in result.output
    assert "(+0)" in result.output, "the file has no [points]: the debt stays as it is"


def test_rules_that_cannot_be_are_refused(tmp_path: Path) -> None:
    result = replay(tmp_path, "[ranks]\npremium = [50, 40, 10]\n")
    assert result.exit_code == 1
    assert "money alone would make it" in result.output
