"""The lists behind figures of purchases hold the customers that the figures count, on random shops."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.db.database import write_transaction
from customers.figures import buyers, repurchase, sales
from customers.figures.histories import YEAR_DAYS, History, histories, yen_of
from customers.orders import purchases
from customers.people.customer import Customer
from customers.values import windows
from tests.storage.customers.test_figures_of_purchases import DAYS, TODAY, Shop, shop

__all__ = ["shop"]


@pytest.fixture(autouse=True)
def refreshed(shop: Shop) -> None:
    """The cached columns of customers are those of their purchases."""
    with write_transaction():
        for each in Customer.select():
            purchases.refresh(each)


def who(condition: Any) -> set[int]:
    """As a list asks: by a condition of customers whose ids are in the query."""
    rows = Customer.select(Customer.id).where(Customer.id.in_(buyers.ids(condition)), Customer.id > 0)
    found = [each for (each,) in rows.tuples()]
    assert len(found) == len(set(found))
    return set(found)


def ids(found: list[History]) -> set[int]:
    return {each.purchases[0].customer_id for each in found}


@pytest.mark.parametrize("on", DAYS[:2])
def test_lists_hold_who_is_counted(shop: Shop, on: date) -> None:
    known = histories(shop.purchases, on)
    year, before = windows.year(on), windows.year_before(on)
    assert who(buyers.bought_in(year)) == ids([each for each in known if each.within(year)])
    assert who(buyers.bought_first_in(before)) == ids([each for each in known if each.first_on in before])
    assert who(buyers.has_orders(3, on)) == ids([each for each in known if len(each.purchases) >= 3])
    assert who(buyers.is_matured(on)) == ids(
        [each for each in known if each.is_first_at_least(YEAR_DAYS, on)]
    )
    assert len(who(buyers.reached_goal(on))) == sales.of_shop(known, on).goal_count
    assert len(who(buyers.stayed(on))) == sales.of_shop(known, on).stayed_count
    for place in range(sales.CLASS_COUNT):
        in_class = [each for each in known if each.within(year)]
        in_class = [each for each in in_class if sales.class_of(yen_of(each.within(year))) == place]
        assert who(buyers.of_year_class(place, on)) == ids(in_class)
        matured = [each for each in known if each.is_first_at_least(YEAR_DAYS, on)]
        matured = [each for each in matured if sales.class_of(yen_of(each.first_days(YEAR_DAYS))) == place]
        assert who(buyers.of_matured_class(place, on)) == ids(matured)


@pytest.mark.parametrize("on", DAYS[:2])
def test_lists_of_steps_hold_who_came_back_and_who_did_not(shop: Shop, on: date) -> None:
    for step in repurchase.steps_of(histories(shop.purchases, on), on)[:4]:
        place, stopped = step.place, step.reached_count - step.next_count
        assert len(who(buyers.of_step(place, on, came_back=True))) == step.next_count
        assert len(who(buyers.of_step(place, on, came_back=False))) == stopped
        matured, again = step.matured_count, step.matured_next_count
        assert len(who(buyers.of_step(place, on, came_back=True, matured=True))) == again
        assert len(who(buyers.of_step(place, on, came_back=False, matured=True))) == matured - again


def test_a_day_to_come_is_in_no_list(shop: Shop) -> None:
    later = windows.Window(TODAY + timedelta(days=1), TODAY + timedelta(days=30))
    assert any(each.on > TODAY for each in shop.purchases)
    assert who(buyers.has_orders(1, TODAY)) == ids(histories(shop.purchases, TODAY))
    assert who(buyers.bought_in(later)) == {each.customer_id for each in shop.purchases if each.on in later}
