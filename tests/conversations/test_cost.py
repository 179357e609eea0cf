"""What a tapped score costs the database does not grow with the customer's history."""

from typing import Any

import peewee
import pytest

from tests.conversations.town import Phone, Town

CEILING = 24
"""Statements from webhook to sent: the machine takes eight and three looks that find nothing, the score the rest."""


def tap(town: Town, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that a tapped 9 sets going."""
    phone.says("アンケート")
    seen: list[str] = []
    real: Any = peewee.Database.execute_sql

    def counted(self: peewee.Database, sql: str, *more: Any, **named: Any) -> Any:
        seen.append(sql)
        return real(self, sql, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(peewee.Database, "execute_sql", counted)
        phone.taps("9")
    return seen


def test_a_tapped_score_costs_the_same_whatever_came_before(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer, regular = town.customer("佐藤 美咲"), town.customer("鈴木 花")
    for number in range(12):
        town.order(f"{number}", 3_000, line_user_id=regular.user_id)
        regular.says("ポイント")
    first, later = tap(town, newcomer, monkeypatch), tap(town, regular, monkeypatch)
    assert len(later) <= len(first) + 2
    assert len(first) <= CEILING
