"""What is said of a campaign before it is scheduled: its faults, and what it comes to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import register
from journeys.audience.tables import CustomerProfile
from journeys.campaigns import check, forecast
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.forecast import Forecast
from journeys.flows.check_facts import CheckFacts
from journeys.flows.fault import Severity
from journeys.sending.budget_state import MonthBudget

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
LAST_MINUTES = timedelta(minutes=6)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    register()
    shop.use({})
    with localtime.fixed(NOON):
        yield


def a_campaign(**changed: Any) -> CampaignDefinition:
    values = {"name": "お知らせ", "class_": "care", "message": {"text": "お茶です。"}, "holdout_percent": 0}
    return CampaignDefinition.model_validate(values | changed)


def codes(definition: CampaignDefinition, at: datetime | None = None, **facts: Any) -> dict[str, Severity]:
    found = check.faults(definition, CheckFacts(**facts), at)
    assert all(each.sentence_ja and each.sentence_en and each.step_key is None for each in found)
    return {each.code: each.severity for each in found}


ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize(
    ("changed", "facts", "expected"),
    [
        ({}, {}, {}),
        ({"message": {}}, {}, {"campaign-empty": ERROR}),
        ({"message": {"text": "{nmae}さん"}}, {}, {"unknown-placeholder": ERROR}),
        (
            {"message": {"text": "声です", "testimonial": "newest"}},
            {"has_testimonial": False},
            {"campaign-no-testimonial": ERROR},
        ),
        ({"message": {"text": "券です", "coupon": 3}}, {"coupons": {}}, {"unknown-coupon": ERROR}),
        ({"message": {"text": "券です", "coupon": 3}}, {"coupons": {3: False}}, {"stopped-coupon": ERROR}),
        (
            {"message": {"text": "券です", "coupon": 3}},
            {"coupons": {3: True}, "priced_coupons": frozenset({3})},
            {"campaign-priced-coupon": ERROR},
        ),
        ({"message": {"text": "あ" * 4_990}}, {}, {"too-long": ERROR}),
        ({"message": {"text": "あ" * 4_960}}, {}, {}),
        ({"message": {"text": "あ" * 4_960}, "points": 100}, {}, {"too-long": ERROR}),
        ({"class_": "selling", "audience": {"ranks": ["basic"]}}, {}, {"campaign-only-basic": ERROR}),
        ({"audience": {"min_orders": 5, "max_orders": 2}}, {}, {"nobody": ERROR}),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else None,
)
def test_faults(changed: dict[str, Any], facts: dict[str, Any], expected: dict[str, Severity]) -> None:
    assert codes(a_campaign(**changed), **facts) == expected


@pytest.mark.parametrize(
    ("after", "changed", "expected"),
    [
        (timedelta(hours=1), {}, {}),
        (-timedelta(minutes=1), {}, {}),
        (-LAST_MINUTES, {}, {"campaign-time-past": ERROR}),
        (timedelta(hours=10), {}, {"campaign-quiet-hours": WARNING}),
        (timedelta(hours=22), {"early_access_hours": 4}, {"campaign-quiet-hours": WARNING}),
        (timedelta(hours=22), {"early_access_hours": 24}, {}),
    ],
)
def test_its_time(after: timedelta, changed: dict[str, Any], expected: dict[str, Severity]) -> None:
    assert codes(a_campaign(**changed), NOON + after) == expected


def test_a_selling_campaign_without_a_way_to_stop() -> None:
    assert codes(a_campaign(class_="selling")) == {}
    shop.use({"flow": {"words": {"stop": ""}}})
    assert codes(a_campaign(class_="selling")) == {"campaign-no-way-to-stop": ERROR}


def people(count: int, basic: int) -> None:
    for number in range(count):
        name = f"U{number}"
        with write_transaction():
            found: Customer = customers.follow(name, conversations.ensure(name, name))
        rank = 1 if number < basic else 2
        CustomerProfile.create(
            customer=found.id, rank=rank, stage="first", stage_since=NOON, changed_at=NOON, force_insert=True
        )


def test_a_forecast_leaves_out_basic_customers_and_those_held_out() -> None:
    people(20, basic=5)
    shop.use({"proof": {"shop_percent": 0}, "sending": {"push_cost_yen": 3}})

    care = forecast.of(a_campaign(message={"text": "{name}さん"}))
    selling = forecast.of(a_campaign(class_="selling", holdout_percent=20))

    assert (care.audience_count, care.recipient_count, care.call_count, care.is_multicast) == (
        20,
        20,
        20,
        False,
    )
    assert (selling.basic_count, selling.recipient_count, selling.call_count) == (5, 12, 1)
    assert (care.yen, selling.yen) == (60, 36)
    assert (care.left_after, care.waiting_count) == (None, 0)


def test_it_says_how_many_of_the_month_remain_and_how_many_would_eat_what_care_needs() -> None:
    people(20, basic=0)
    with write_transaction():
        MonthBudget.create(
            month=localtime.today().replace(day=1),
            limit_count=100,
            used_count=60,
            reserved_count=10,
            demand_count=25,
            waiting_count=0,
            cutoff_worth=0,
            cutoff_room=0,
            demand='[["care", 30, 15], ["selling", 10, 10]]',
            outbox_id=0,
            computed_at=NOON,
        )
    found = forecast.of(a_campaign(class_="selling"))

    assert (found.recipient_count, found.left_after, found.waiting_count) == (20, 20, 5)
    said = check.faults(a_campaign(class_="selling"), CheckFacts(), forecast=found)
    assert [(each.code, each.severity) for each in said] == [("campaign-eats-budget", WARNING)]
    assert "5通" in said[0].sentence_ja


def test_a_campaign_for_nobody_has_a_warning() -> None:
    empty = Forecast(0, 0, 0, 0, True, 0, 0, 0, None, 0)
    assert [each.code for each in check.faults(a_campaign(), CheckFacts(), forecast=empty)] == [
        "campaign-nobody"
    ]


@pytest.mark.parametrize(
    "audience",
    [{"min_sales_yen": 10**13}, {"max_sales_yen": 2**63}, {"customer_ids": [2**31]}, {"customer_ids": [0]}],
)
def test_numbers_that_no_database_takes_are_refused(audience: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_campaign(audience=audience)
