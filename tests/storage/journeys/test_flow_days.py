"""The days that flows wait for, found by the clock: birthdays, days since a purchase, coupons and points that end."""

from datetime import date, timedelta

import pytest

from bot import localtime
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from customers.people.customer import Customer
from handlers import flow_jobs
from journeys.enrolments.tables import Enrolment
from rewards.coupons import birthdays
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger.entries import PointsAccount
from tests.storage.journeys.test_enrolments import FLOW, NOW, _noon, on, person, work

__all__ = ("_noon",)
TODAY = date(2026, 4, 1)


@pytest.mark.parametrize("asked", [{"on": "birthday"}, {"on": "recency", "days": 30}])
def test_a_day_that_came_enters_its_customers_once(asked: dict[str, object]) -> None:
    on(FLOW, trigger=asked)
    misaki, ken = person("美咲"), person("健太")
    with localtime.fixed(NOW - timedelta(days=40)), write_transaction():
        birthdays.learn(misaki.id, 4, 1)
        birthdays.learn(ken.id, 5, 1)
    for who, days in ((misaki, 30), (ken, 10)):
        bought_on = TODAY - timedelta(days=days)
        Customer.update(last_purchased_on=bought_on).where(Customer.id == who.id).execute()
    assert (flow_jobs.find_days_that_came(), flow_jobs.find_days_that_came()) == (1, 0)
    work()
    assert [row.customer_id for row in Enrolment.select()] == [misaki.id]


@pytest.mark.parametrize("asked", ["coupon-ending", "points-expiring"])
def test_what_is_about_to_end_enters_its_owner_once(asked: str) -> None:
    on(FLOW, trigger={"on": asked, "days": 7})
    misaki, ken = person("美咲"), person("健太")
    reward = Reward.create(name="茶", kind=RewardKind.BIRTHDAY, value_text="茶", made_at=NOW)
    for who, days in ((misaki, 7), (ken, 8)):
        day = TODAY + timedelta(days=days)
        Coupon.create(
            customer=who.id, reward=reward, code=f"C{days}", cause=f"c:{days}", issued_at=NOW, valid_until=day
        )
        PointsAccount.insert(customer=who.id, last_active_on=TODAY, expires_on=day).execute()
    assert (flow_jobs.find_days_that_came(), flow_jobs.find_days_that_came()) == (1, 0)
    work()
    assert [row.customer_id for row in Enrolment.select()] == [misaki.id]


def test_a_shop_without_such_flows_puts_nothing() -> None:
    on()
    person("美咲")
    assert flow_jobs.find_days_that_came() == 0
    assert InboxEvent.select().count() == 0
