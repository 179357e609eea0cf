"""The month's budget as customers feel it: what can wait rides free or comes next month; orders never wait."""

from collections.abc import Iterator

import pytest

from bot.config import shop
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.line.delivery import HELD
from bot.queue.outbox import OutboxMessage
from handlers import budget_jobs, unasked
from journeys.sending.budget_state import MonthBudget
from journeys.sending.message_kinds import Kind
from journeys.sending.tables import PlannedMessage
from tests.conversations.scenario import Phone, Scenario, said


@pytest.fixture(autouse=True)
def _two_a_month(scenario: Scenario) -> Iterator[None]:
    """A shop that pushes two messages a month at most, with the first one sent already."""
    shop.use({"sending": {"month_limit": 2, "reserve_percent": 0, "a_day": 20, "a_week": 100}})
    yield
    shop.use({})


def news(phone: Phone, cause: str = "news:1", kind: Kind = Kind.REFERRAL) -> None:
    """Something that can wait is said unasked."""
    with write_transaction():
        assert unasked.say(phone.customer, [line.text(f"お知らせ {cause}")], kind=kind, cause=cause)


def state_of(cause: str) -> tuple[str, str]:
    row = PlannedMessage.get(PlannedMessage.cause == cause)
    return row.state, row.reason


def compute_again() -> None:
    """The clock's hourly job, now."""
    MonthBudget.delete().execute()
    assert budget_jobs.refresh_budget() == 1


def spend_all(phone: Phone) -> None:
    """The month's two messages go."""
    for number in (1, 2):
        news(phone, f"first:{number}")
        assert phone.hears() == [f"お知らせ first:{number}"]
    compute_again()


def test_what_can_wait_rides_free_once_the_limit_is_reached(scenario: Scenario) -> None:
    misaki = scenario.customer()
    spend_all(misaki)
    news(misaki)
    assert misaki.hears() == []
    assert state_of("news:1") == ("waiting", "budget")
    assert misaki.says("ポイント")[-1] == "お知らせ news:1"
    assert misaki.came_by()[-1] == "reply"


def test_it_is_pushed_when_the_next_month_has_begun(scenario: Scenario) -> None:
    misaki = scenario.customer()
    scenario.pass_time(days=27)  # 28 April
    spend_all(misaki)
    news(misaki)
    for _ in range(2):
        scenario.pass_time(days=1)
        assert misaki.hears() == []
    scenario.pass_time(days=1)
    assert misaki.hears() == ["お知らせ news:1"], "1 May"
    assert misaki.came_by()[-1] == "push"


def test_orders_and_staff_never_wait(scenario: Scenario) -> None:
    misaki = scenario.customer()
    spend_all(misaki)
    assert "ありがとう" in said(misaki.buys(3_000, "1001"))
    assert misaki.came_by()[-1] == "push"
    misaki.says("スタッフと話す")
    scenario.sleep(minutes=10)
    scenario.staff_say(misaki.ticket, "お待たせしました。")
    assert "お待たせしました。" in said(misaki.hears())
    assert misaki.came_by()[-1] == "push"


def test_what_expires_before_the_next_month_is_given_up(scenario: Scenario) -> None:
    misaki = scenario.customer()
    spend_all(misaki)
    news(misaki)
    for _ in range(15):
        scenario.pass_time(days=1)
    assert state_of("news:1") == ("dropped", "too-late")
    assert "お知らせ news:1" not in misaki.hears()


def test_lines_quota_gone_midway_holds_the_calls_and_breaks_nothing_else(scenario: Scenario) -> None:
    """LINE's 429 comes before the hourly figures know of it: the call is held in the outbox, replies go on, and what
    is said later waits in its own row."""
    shop.use({"sending": {"reserve_percent": 0, "a_day": 20, "a_week": 100}})
    misaki = scenario.customer()
    quota = scenario.platform.channel.quota
    quota.limit = quota.used(scenario.platform.channel.clock())
    news(misaki)
    assert misaki.hears() == []
    assert state_of("news:1") == ("sent", ""), "it has left for the outbox"
    assert OutboxMessage.select().where(OutboxMessage.state == HELD).count() == 1
    assert "いまのポイント" in said(misaki.says("ポイント")), "replies are free"
    scenario.sender.refresh_month_quota()
    compute_again()
    news(misaki, "news:2")
    assert misaki.hears() == []
    assert state_of("news:2") == ("waiting", "budget")
    quota.limit = None
    scenario.sender.release_held_when_possible()
    assert misaki.hears() == ["お知らせ news:1"]
    scenario.sender.refresh_month_quota()
    compute_again()
    scenario.pass_time(days=1)
    assert misaki.hears() == ["お知らせ news:2"]
