"""Audiences on both databases against plain Python over a small random shop: each filter alone, and together."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import conversations, localtime
from bot.db.database import write_transaction
from customers.orders.tables import Product, Purchase, PurchaseItem
from customers.people import customer_tags
from customers.people.customer import Customer
from journeys.audience import faults, saved_audiences, selection
from journeys.audience.definition import Audience
from journeys.audience.tables import CustomerProfile
from journeys.campaigns.tables import Campaign, CampaignRecipient
from journeys.enrolments.tables import Enrolment
from journeys.flows.field_types import RANKS
from journeys.flows.tables import Flow
from journeys.links.tables import LinkClick, ShortLink

NOW = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
"""1 April on the shop's clock."""
TODAY = date(2026, 4, 1)
SEGMENTS = ("promoter", "passive", "detractor")
STAGES = ("acquired", "first", "repeat", "fan", "premium-product")
PRODUCTS = ("G-1", "g-2", "Tea 3")
TAGS = ("緑茶", "敏感肌", "ABC")
FLOWS = ("after-first", "care")


def chosen_by(**values: Any) -> Audience:
    """The audience with these filters."""
    return Audience.model_validate(values)


@dataclass
class Person:
    """One customer as plain values."""

    id: int
    reachable: bool
    rank: int | None
    segment: str | None
    stage: str | None
    joined_at: datetime
    last_on: date | None = None
    orders: int = 0
    yen: int = 0
    products: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    clicked_at: list[datetime] = field(default_factory=list)
    campaign_at: list[datetime] = field(default_factory=list)
    flows: set[str] = field(default_factory=set)


def is_in(audience: Audience, one: Person) -> bool:
    """The oracle: whether that person is in the audience."""
    days = None if one.last_on is None else (TODAY - one.last_on).days
    has_profile = one.rank is not None
    ranks = audience.ranks
    segments = set(audience.segments) | ({None} if audience.silent else set())
    lower = {each.strip().lower() for each in one.products}

    def within(moments: list[datetime], days: int) -> bool:
        return any(at >= NOW - timedelta(days=days) for at in moments)

    def bought(codes: tuple[str, ...]) -> bool:
        return any(code.strip().lower() in lower for code in codes)

    def has_tag(tags: tuple[str, ...]) -> bool:
        return any(customer_tags.plain(tag) in one.tags for tag in tags)

    return all(
        (
            one.reachable,
            not ranks or (has_profile and RANKS[(one.rank or 1) - 1] in ranks),
            not segments or (has_profile and one.segment in segments),
            not audience.stages or one.stage in audience.stages,
            audience.min_days_since_order is None
            or (days is not None and days >= audience.min_days_since_order),
            audience.max_days_since_order is None
            or (days is not None and days <= audience.max_days_since_order),
            audience.min_orders is None or one.orders >= audience.min_orders,
            audience.max_orders is None or one.orders <= audience.max_orders,
            audience.min_sales_yen is None or one.yen >= audience.min_sales_yen,
            audience.max_sales_yen is None or one.yen <= audience.max_sales_yen,
            not audience.bought_products or bought(audience.bought_products),
            not audience.not_bought_products or not bought(audience.not_bought_products),
            not audience.tags or has_tag(audience.tags),
            not audience.not_tags or not has_tag(audience.not_tags),
            audience.clicked_within_days is None or within(one.clicked_at, audience.clicked_within_days),
            audience.not_clicked_within_days is None
            or not within(one.clicked_at, audience.not_clicked_within_days),
            audience.joined_within_days is None or within([one.joined_at], audience.joined_within_days),
            audience.not_in_campaigns_within_days is None
            or not within(one.campaign_at, audience.not_in_campaigns_within_days),
            audience.inside_flow is None or audience.inside_flow in one.flows,
            not audience.customer_ids or one.id in audience.customer_ids,
        )
    )


def open_shop(chance: random.Random, count: int = 60) -> list[Person]:
    """A shop with so many customers, and what is known of each."""
    Product.insert_many([{"sku": sku, "name": sku} for sku in PRODUCTS]).execute()
    flows = [
        Flow.create(key=key, name=key, trigger_on="hand", changed_at=NOW, created_at=NOW) for key in FLOWS
    ]
    campaigns = [
        Campaign.create(name=str(each), definition="{}", created_at=NOW, changed_at=NOW) for each in range(3)
    ]
    return [person(number, chance, flows, campaigns) for number in range(count)]


def person(number: int, chance: random.Random, flows: list[Flow], campaigns: list[Campaign]) -> Person:
    """One customer with random rows."""
    user_id, roll = f"U{number}", chance.random()
    joined_at = NOW - timedelta(days=chance.randrange(60), hours=chance.randrange(24))
    row = Customer.create(
        line_user_id=user_id,
        conversation=conversations.ensure(user_id, user_id) if roll > 0.05 else None,
        first_seen_at=joined_at if chance.random() < 0.5 else NOW - timedelta(days=400),
        followed_at=joined_at if roll > 0.2 else None,
        last_seen_at=NOW if roll > 0.1 else None,
        blocked_at=NOW if roll > 0.95 else None,
        opted_out_at=NOW if 0.9 < roll <= 0.95 else None,
    )
    registered = chance.random() < 0.7
    if registered:
        Customer.update(registered_at=joined_at).where(Customer.id == row.id).execute()
    known = chance.random() < 0.9
    one = Person(
        row.id,
        0.1 < roll <= 0.9,
        chance.randrange(1, 5) if known else None,
        chance.choice([*SEGMENTS, None]) if known else None,
        chance.choice(STAGES) if known else None,
        joined_at if registered else row.first_seen_at,
    )
    if known:
        CustomerProfile.insert(
            customer=one.id,
            rank=one.rank,
            segment=one.segment,
            stage=one.stage,
            stage_since=NOW,
            changed_at=NOW,
        ).execute()
    for place in range(chance.randrange(4)):
        buy(one, place, chance)
    days = one.last_on
    Customer.update(purchase_count=one.orders, sales_yen=one.yen, last_purchased_on=days).where(
        Customer.id == one.id
    ).execute()
    with write_transaction():
        for tag in TAGS:
            if chance.random() < 0.3:
                customer_tags.add(one.id, tag)
                one.tags.add(tag)
    for place in range(chance.randrange(3)):
        link = ShortLink.create(
            code=f"{number}-{place}", customer=one.id, url="https://a.example/", cause="c", created_at=NOW
        )
        if chance.random() < 0.6:
            at = NOW - timedelta(days=chance.randrange(40), hours=1)
            LinkClick.create(link=link.id, clicked_at=at)
            one.clicked_at.append(at)
    for campaign in campaigns:
        if chance.random() < 0.3:
            at, state = (
                NOW - timedelta(days=chance.randrange(40), hours=1),
                chance.choice(["sent", "skipped"]),
            )
            CampaignRecipient.create(
                campaign=campaign, customer=one.id, conversation_id=1, state=state, send_at=at, settled_at=at
            )
            if state == "sent":
                one.campaign_at.append(at)
    for flow in flows:
        if chance.random() < 0.3:
            state = chance.choice(["waiting", "sending", "held", "done", "held-out"])
            Enrolment.create(
                customer=one.id, flow=flow, entry_key="once", version_id=1, state=state, step_key="a",
                base_at=NOW, cause="c", entered_at=NOW,
            )  # fmt: skip
            if state in ("waiting", "sending", "held"):
                one.flows.add(flow.key)
    return one


def buy(one: Person, place: int, chance: random.Random) -> None:
    """An order of one product, paid or reversed."""
    on, yen, sku = (
        TODAY - timedelta(days=chance.randrange(90)),
        chance.randrange(1, 9) * 1000,
        chance.choice(PRODUCTS),
    )
    state = chance.choice(["paid", "paid", "cancelled", "refunded"])
    purchase = Purchase.create(
        source="api", order_number=f"{one.id}-{place}", customer=one.id, ordered_at=NOW, ordered_on=on,
        total_yen=yen, state=state, recorded_at=NOW,
    )  # fmt: skip
    PurchaseItem.create(purchase=purchase, sku=sku)
    if state == "paid":
        one.orders, one.yen = one.orders + 1, one.yen + yen
        one.last_on = max(on, one.last_on or on)
        one.products.add(sku)


@pytest.fixture
def people(any_database: object) -> Iterator[list[Person]]:
    with localtime.fixed(NOW):
        yield open_shop(random.Random(7))


ALONE: list[dict[str, Any]] = [
    {},
    {"ranks": ("premium", "ambassador")},
    {"ranks": ("basic",)},
    {"segments": ("promoter", "passive")},
    {"segments": ("promoter",), "silent": True},
    {"silent": True},
    {"stages": ("fan", "first")},
    {"min_days_since_order": 20},
    {"max_days_since_order": 20},
    {"min_days_since_order": 10, "max_days_since_order": 40},
    {"min_orders": 2},
    {"max_orders": 0},
    {"min_sales_yen": 8_000},
    {"max_sales_yen": 8_000},
    {"bought_products": (" G-1 ",)},
    {"bought_products": ("g-1", "G-2")},
    {"not_bought_products": ("tea 3",)},
    {"tags": ("＃緑茶",)},
    {"tags": ("ＡＢＣ", "敏感肌")},
    {"not_tags": ("緑茶",)},
    {"clicked_within_days": 10},
    {"not_clicked_within_days": 10},
    {"joined_within_days": 20},
    {"not_in_campaigns_within_days": 20},
    {"inside_flow": "care"},
    {"customer_ids": (3, 5, 8, 13)},
]


def agrees(audience: Audience, people: list[Person]) -> None:
    """The count, the pages and the walk all find whom the oracle finds."""
    right = [one.id for one in people if is_in(audience, one)]
    assert selection.count(audience) == len(right), audience
    assert sorted(customer_id for customer_id, _ in selection.query(audience).tuples()) == right
    assert [each.customer_id for each in selection.first(audience, 1_000)] == right
    if right:
        assert [each.customer_id for each in selection.first(audience, 2, right[0])] == right[1:3]
    walked, last = [], 0
    while chunk := selection.ids_after(audience, last, 7):
        walked += [each.customer_id for each in chunk]
        last = walked[-1]
    assert walked == right


def test_each_filter_finds_whom_plain_python_finds(people: list[Person]) -> None:
    for values in ALONE:
        audience = Audience.model_validate(values)
        agrees(audience, people)
        assert 0 < selection.count(audience) < len(people), values


@given(chosen=st.lists(st.sampled_from(ALONE), min_size=2, max_size=4))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_all_that_is_given_must_hold(people: list[Person], chosen: list[dict[str, Any]]) -> None:
    together: dict[str, Any] = {}
    for each in chosen:
        together |= each
    with localtime.fixed(NOW):
        agrees(Audience.model_validate(together), people)


def test_pages_of_a_sparse_audience_go_on_beyond_the_nearest(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "NEAR", 3)
    agrees(chosen_by(tags=("緑茶",), ranks=("premium", "basic")), people)


def test_each_is_found_with_their_conversation(people: list[Person]) -> None:
    found = selection.first(chosen_by(), 5)
    rows = {row.id: row.conversation_id for row in Customer.select()}
    assert found and all(rows[each.customer_id] == each.conversation_id for each in found)


def test_failure_22_lists_longer_than_the_values_a_database_binds_work(people: list[Person]) -> None:
    many = tuple(range(1, 70_000))
    agrees(chosen_by(customer_ids=many), people)
    agrees(chosen_by(tags=("緑茶", *(f"tag {each}" for each in range(1_000)))), people)


def test_days_since_an_order_are_days_of_the_shop(people: list[Person]) -> None:
    with localtime.fixed(NOW):
        today = chosen_by(min_days_since_order=0, max_days_since_order=0)
        before = selection.count(today)
        someone = next(one for one in people if one.reachable)
        Customer.update(last_purchased_on=TODAY).where(Customer.id == someone.id).execute()
        assert selection.count(today) == before + (someone.last_on != TODAY)


def test_an_unknown_product_tag_or_flow_is_a_fault_with_the_nearest_known(people: list[Person]) -> None:
    wrong = chosen_by(
        bought_products=("Tea 4", "g-1"), not_tags=("敏感はだ", "緑茶"), inside_flow="after-fist"
    )
    found = [(fault.field, fault.code, fault.sentence_en) for fault in faults.faults(wrong)]
    assert found == [
        (
            "bought_products",
            "unknown-product",
            'no product with the code "Tea 4" was sold yet. Did you mean "Tea 3"?',
        ),
        ("not_tags", "unknown-tag", 'no customer has the tag "敏感はだ".'),
        ("inside_flow", "unknown-flow", 'there is no flow "after-fist". Did you mean "after-first"?'),
    ]


def test_saved_audiences_are_replaced_by_name_and_read_back(any_database: object) -> None:
    tea, rank = chosen_by(tags=("緑茶",)), chosen_by(ranks=("premium",))
    with write_transaction():
        saved_audiences.save("緑茶の方", rank, 1)
        row = saved_audiences.save(" 緑茶の方 ", tea, 2)
        saved_audiences.save("プレミアム", rank, None)
    assert [each.name for each in saved_audiences.saved()] == ["プレミアム", "緑茶の方"]
    assert (saved_audiences.audience_of(row), row.changed_by) == (tea, 2)
    with write_transaction():
        assert saved_audiences.delete(row.id)
        assert not saved_audiences.delete(row.id)
        with pytest.raises(ValueError, match="1 to 60"):
            saved_audiences.save(" ", tea, 1)
    assert saved_audiences.find(row.id) is None
