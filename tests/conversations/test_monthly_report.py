"""The month's report reaches the owner's own LINE, once, when the shop may send."""

from datetime import UTC, datetime

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from console.auth import staff_accounts
from console.reports import monthly
from console.reports.report import SHOWN
from console.reports.tables import MonthlyReport
from customers.people import customer as customers
from customers.people import staff_lines
from tests.conversations.scenario import Phone, Scenario, said

UNTIL_EARLY = {"days": 29, "hours": 18}
"""From noon of 1 April to six in the morning of 1 May, before the shop may send."""


@pytest.fixture
def owner(scenario: Scenario) -> Phone:
    """An owner with her own LINE, who has also bought for ¥3,000 in April."""
    phone = scenario.customer()
    phone.buys(3_000, "A-1")
    phone.hears()
    with write_transaction():
        person = staff_accounts.add("owner@example.jp", "小川", "owner", "つきよのたいこを17かい叩く")
        customer = customers.find_by_line_user(phone.user_id)
        assert customer is not None
        staff_lines.choose(person.id, customer)
    return phone


def make_all() -> int:
    """What the clock does in the following minutes; the number of runs that had something to do."""
    count = 0
    while monthly.make_next():
        count += 1
    return count


def test_the_owner_gets_it_in_the_morning_and_once(scenario: Scenario, owner: Phone) -> None:
    scenario.sleep(**UNTIL_EARLY)
    assert make_all() == len(SHOWN) + 1
    scenario.settle()
    assert "4月のまとめ" not in said(owner.hears())
    scenario.pass_time(hours=5)
    text = said(owner.hears())
    assert text.count("4月のまとめ") == 1
    assert "売上 ¥3,000" in text
    assert "/console/reports/2026-04" in text
    assert make_all() == 0
    scenario.pass_time(days=1)
    assert "4月のまとめ" not in said(owner.hears())


def test_the_report_stays_as_it_was_counted(scenario: Scenario, owner: Phone) -> None:
    scenario.sleep(**UNTIL_EARLY)
    make_all()
    before = MonthlyReport.get().figures
    owner.buys(9_000, "A-2")
    scenario.pass_time(days=3)
    make_all()
    assert MonthlyReport.get().figures == before


def test_an_owner_who_does_not_want_it_on_line_has_the_page(scenario: Scenario, owner: Phone) -> None:
    shop.use({"reports": {"to_own_line": False}})
    scenario.sleep(**UNTIL_EARLY)
    make_all()
    scenario.pass_time(hours=5)
    assert "4月のまとめ" not in said(owner.hears())
    assert [month.isoformat() for month in monthly.made()] == ["2026-04-01"]


def test_a_shop_that_has_just_opened_gets_none(scenario: Scenario, owner: Phone) -> None:
    with localtime.fixed(datetime(2026, 4, 20, 3, 0, tzinfo=UTC)):
        assert make_all() == 0
