"""The number of SQL statements of one tapped score, from webhook to sent reply, however long the history."""

from typing import Any

import peewee
import pytest

from journeys.flows import stock
from tests.conversations.scenario import Phone, Scenario

MOST_STATEMENTS = {3: 20, 8: 16, 10: 16}
"""Eight are the machinery's: two store the event, one claims it, one finds nothing planned that could go along, one
stores the reply, one finishes, one asks whether sending is held, one marks it sent. A low score opens a case: the
assignee of the ticket before it, its tags and the alert are a row each."""
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA")


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement run from here on."""
    seen: list[str] = []
    run: Any = peewee.Database.execute_sql

    def note(self: Any, sql: str, *args: Any, **more: Any) -> Any:
        if not sql.startswith(NOT_COUNTED):
            seen.append(sql)
        return run(self, sql, *args, **more)

    monkeypatch.setattr(peewee.Database, "execute_sql", note)
    monkeypatch.setattr(stock, "FRESH_SECONDS", 3_600)  # which flows are on is read every few seconds
    return seen


def tapped(scenario: Scenario, phone: Phone, score: int, statements: list[str]) -> list[str]:
    """The statements of one tap, without those of an idle worker's polling."""
    phone.says("アンケート")
    statements.clear()
    scenario.settle()
    idle = list(statements)
    statements.clear()
    phone.taps(str(score))
    for each in [*idle, *idle[-2:]]:  # after the event the worker polls once more, and sweeps twice
        statements.remove(each)
    return list(statements)


@pytest.mark.parametrize("score", [3, 8, 10])
def test_a_tapped_score_takes_few_statements(scenario: Scenario, score: int, statements: list[str]) -> None:
    # The first event of all records the rules in force.
    tapped(scenario, scenario.customer("山本 健太"), score, statements)
    misaki = scenario.customer()
    misaki.says("紹介")

    seen = tapped(scenario, misaki, score, statements)

    assert len(seen) == MOST_STATEMENTS[score], "\n".join(seen)


def test_the_number_does_not_grow_with_the_history(scenario: Scenario, statements: list[str]) -> None:
    new, old = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    for number in range(20):
        old.buys(1_000, str(number))
        old.says("こんにちは")

    assert len(tapped(scenario, old, 8, statements)) <= len(tapped(scenario, new, 8, statements)) + 1
