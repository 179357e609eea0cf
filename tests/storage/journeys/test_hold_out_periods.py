"""Periods of hold-outs, who is on which side, and the sums of both sides against a plain count in Python."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import localtime, notices
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders.tables import CANCELLED, PAID, Purchase
from customers.people import staff_lines
from customers.people.customer import Customer
from journeys.effects import deciding, flow_effects
from journeys.enrolments import entering
from journeys.enrolments.tables import HELD_OUT, WAITING, Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.tables import PAUSED, Flow
from journeys.proof import arms, assignment, periods, results
from journeys.proof.settings import ProofRules
from journeys.proof.statistics.values import Arm, Sums
from journeys.proof.tables import HoldOutPeriod, ShopAssignment

pytestmark = pytest.mark.usefixtures("settings", "any_database")
NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=900)
SUBJECT = "campaign:3"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    shop.use({})
    with localtime.fixed(NOW):
        yield
    shop.use({})


def customers(count: int) -> list[int]:
    return [Customer.create(registered_at=LONG_AGO, first_seen_at=LONG_AGO).id for _ in range(count)]


def a_flow(**more: Any) -> Flow:
    values: dict[str, Any] = {
        "key": "after",
        "name": "あとから",
        "trigger": {"on": "order"},
        "entry": "each-order",
    }
    values["step"] = [{"key": "hello", "text": "こんにちは"}]
    with write_transaction():
        flow = stock.import_flow(FlowDefinition.model_validate(values | more))
        return stock.switch_on(flow, NOW - timedelta(days=400))


def test_an_automatic_share_is_30_until_it_is_decided_and_10_afterwards() -> None:
    with write_transaction():
        assert periods.percent_in_force(SUBJECT, None, NOW) == 30
        periods.close(SUBJECT, periods.DECIDED)
        assert periods.percent_in_force(SUBJECT, None, NOW) == 10
        assert periods.percent_in_force(SUBJECT, 20, NOW) == 20
        assert periods.percent_in_force(SUBJECT, None, NOW) == 10
        periods.close(SUBJECT, periods.STRUCTURE_CHANGED)
        assert periods.percent_in_force(SUBJECT, None, NOW) == 30
    ends = [each.end_reason for each in periods.history(SUBJECT)]
    assert ends == ["decided", "percent-changed", "percent-changed", "structure-changed", ""]


def test_a_share_of_the_settings_that_changes_begins_a_period() -> None:
    with write_transaction():
        assert periods.percent_in_force(SUBJECT, None, NOW) == 30
    shop.use({"proof": {"first_percent": 40}})
    with write_transaction():
        assert periods.percent_in_force(SUBJECT, None, NOW) == 40
    assert [(each.percent, each.end_reason) for each in periods.history(SUBJECT)] == [
        (30, "percent-changed"),
        (40, ""),
    ]


def test_a_version_of_another_structure_and_another_share_end_the_period_and_wording_does_not() -> None:
    flow = a_flow()
    definition = stock.definition_of(flow)
    subject = periods.of_flow(flow.id)
    with write_transaction():
        periods.percent_in_force(subject, None, NOW)
        reworded = definition.step[0].model_copy(update={"text": "はじめまして"})
        stock.import_flow(definition.model_copy(update={"step": (reworded,)}))
        assert periods.current(subject) is not None
        stock.import_flow(definition.model_copy(update={"holdout_percent": 20}))
        assert [each.end_reason for each in periods.history(subject)] == ["percent-changed"]
        periods.percent_in_force(subject, 20, NOW)
        longer = definition.step[0].model_copy(update={"latest_days": 0})
        stock.import_flow(definition.model_copy(update={"step": (longer,)}))
    assert [each.end_reason for each in periods.history(subject)] == ["percent-changed", "structure-changed"]


def test_about_the_share_is_held_out_and_the_same_by_the_shop_for_all() -> None:
    ids = customers(2_000)
    with write_transaction():
        first = assignment.sides(SUBJECT, ids, None)
        second = assignment.sides("campaign:4", ids, None)
    by_shop = {each for each, side in first.items() if side.by_shop}
    assert by_shop == {each for each, side in second.items() if side.by_shop}
    assert 60 < len(by_shop) < 145
    own = sum(side.is_held_out for side in first.values() if not side.by_shop)
    assert 0.27 < own / (2_000 - len(by_shop)) < 0.33
    stored = {row.customer_id for row in ShopAssignment.select().where(ShopAssignment.is_held_out)}
    assert (stored, ShopAssignment.select().count()) == (by_shop, 2_000)


def test_an_explicit_zero_reaches_all_and_staffs_own_line_is_never_held_out() -> None:
    shop.use({"proof": {"shop_percent": 50}})
    ids = customers(60)
    with write_transaction():
        staff_lines.choose(1, Customer.get_by_id(ids[0]))
        all_of_them = assignment.sides(SUBJECT, ids, 0)
        most = assignment.sides(SUBJECT, ids, 90)
    assert not any(side.is_held_out for side in all_of_them.values())
    assert not most[ids[0]].is_held_out
    assert any(side.by_shop for side in most.values())


def test_an_enrolment_is_stored_on_its_side_before_anything_else_is_asked() -> None:
    flow = a_flow()
    definition = stock.definition_of(flow)
    ids = customers(300)
    Customer.update(opted_out_at=NOW, blocked_at=NOW).where(Customer.id.in_(ids[::2])).execute()
    with write_transaction():
        foreseen = entering.foreseen_sides(ids, definition)
        for each in ids:
            entering.enter(each, flow, definition, Occurrence(On.ORDER, f"order:{each}"))
    rows = {row.customer_id: row for row in Enrolment.select()}
    assert rows.keys() == set(ids)
    for each in ids:
        state = (rows[each].state, rows[each].end_reason)
        side = foreseen[each]
        assert state == ((HELD_OUT, "shop" if side.by_shop else "") if side.is_held_out else (WAITING, ""))


@pytest.mark.parametrize(
    "more", [{"class": "order"}, {"step": [{"key": "a", "text": "b", "class": "order"}]}]
)
def test_messages_about_orders_are_never_held_out(more: dict[str, Any]) -> None:
    definition = FlowDefinition.model_validate(
        {"key": "k", "name": "n", "trigger": {"on": "order"}, "step": [{"key": "a", "text": "b"}]}
        | {"holdout_percent": 90}
        | more
    )
    flow = Flow(id=7, key="k")
    with write_transaction():
        assert not any(entering.side_of(each, flow, definition).is_held_out for each in range(1, 100))


@pytest.mark.parametrize("seed", range(4))
def test_the_sums_equal_a_plain_count(seed: int) -> None:
    chance = random.Random(seed)
    flow = a_flow()
    ids = customers(chance.choice([3, 40, 130]))
    for number, each in enumerate(ids):
        for again in range(chance.choice([1, 1, 2])):
            _enrolled(flow, each, chance, f"{number}-{again}")
        for order in range(chance.choice([0, 0, 1, 3])):
            _ordered(each, chance, f"{number}-{order}")
    with write_transaction():
        staff_lines.choose(1, Customer.get_by_id(ids[-1]))
    query = Enrolment.select(
        Enrolment.customer.alias("customer_id"),
        Enrolment.entered_at.alias("assigned_at"),
        (Enrolment.state == HELD_OUT).alias("is_held_out"),
    )

    found = arms.of_assignments(query, 60, NOW)

    wanted = _plain_count(ids[:-1])
    for got, right in zip(found, wanted, strict=True):
        assert (got.count, got.buyer_count) == (right.count, right.buyer_count)
        for name in ("y", "yy", "x", "xx", "xy"):
            assert getattr(got.sums, name) == pytest.approx(getattr(right.sums, name))
    assert arms.counts(query, NOW).treated + arms.counts(query, NOW).held_out == len(ids) - 1


def _enrolled(flow: Flow, customer_id: int, chance: random.Random, key: str) -> None:
    at = NOW - timedelta(
        days=chance.randint(0, 200), seconds=chance.randint(0, 9), microseconds=chance.choice([0, 7])
    )
    Enrolment.create(
        customer=customer_id,
        flow=flow.id,
        entry_key=key,
        version_id=1,
        state=chance.choice([HELD_OUT, WAITING, WAITING]),
        step_key="hello",
        base_at=at,
        cause=key,
        entered_at=at,
    )


def _ordered(customer_id: int, chance: random.Random, key: str) -> None:
    at = NOW - timedelta(days=chance.randint(0, 500), seconds=chance.randint(0, 9))
    total = chance.choice([0, 800, 3_000, 90_000])
    Purchase.create(
        source="test",
        order_number=key,
        customer=customer_id,
        ordered_at=at,
        ordered_on=at.date(),
        total_yen=total,
        refunded_yen=chance.choice([0, 0, 500, total]) if total else 0,
        state=chance.choice([PAID, PAID, PAID, CANCELLED]),
        recorded_at=at,
    )


def _plain_count(ids: list[int]) -> tuple[Arm, Arm]:
    people: list[tuple[bool, int, int]] = []
    for each in ids:
        rows = sorted(
            Enrolment.select().where(Enrolment.customer == each),
            key=lambda row: (row.entered_at, row.state == HELD_OUT),
        )
        first = rows[0]
        if first.entered_at > NOW - timedelta(days=60):
            continue
        bought = [
            (order.ordered_at, order.total_yen - order.refunded_yen)
            for order in Purchase.select().where(Purchase.customer == each, Purchase.state == PAID)
            if order.total_yen > order.refunded_yen
        ]
        begin, end = first.entered_at, first.entered_at + timedelta(days=60)
        year = begin - timedelta(days=365)
        after = sum(yen for at, yen in bought if begin < at <= end)
        before = sum(yen for at, yen in bought if year < at <= begin)
        people.append((first.state == HELD_OUT, after, before))
    y_cap, x_cap = (_percentile([person[place] for person in people]) for place in (1, 2))
    found = []
    for side in (False, True):
        pairs = [(min(y, y_cap), min(x, x_cap)) for held_out, y, x in people if held_out is side]
        sums = Sums(
            sum(y for y, _ in pairs),
            sum(y * y for y, _ in pairs),
            sum(x for _, x in pairs),
            sum(x * x for _, x in pairs),
            sum(x * y for y, x in pairs),
        )
        found.append(Arm(len(pairs), sum(held_out is side and y > 0 for held_out, y, _ in people), sums))
    return found[0], found[1]


def _percentile(amounts: list[int]) -> int:
    ordered = sorted(amounts)
    place = -(-len(ordered) * 99 // 100) - 1
    return (ordered[place] or ordered[-1]) if ordered else 0


def _with_outcomes(flow: Flow, treated: tuple[int, int], held_out: tuple[int, int], yen: int = 3_000) -> None:
    """Enrolments of 100 days ago: so many people on each side, so many of them bought ten days later."""
    at = NOW - timedelta(days=100)
    HoldOutPeriod.create(subject=periods.of_flow(flow.id), percent=30, started_at=at - timedelta(days=1))
    for state, (count, buyers) in ((WAITING, treated), (HELD_OUT, held_out)):
        for place, each in enumerate(customers(count)):
            Enrolment.create(
                customer=each, flow=flow.id, entry_key="once", version_id=1, state=state, step_key="hello",
                base_at=at, cause="c", entered_at=at,
            )  # fmt: skip
            if place < buyers:
                Purchase.create(
                    source="test", order_number=f"{state}-{each}", customer=each, total_yen=yen + place % 7 * 100,
                    ordered_at=at + timedelta(days=10), ordered_on=(at + timedelta(days=10)).date(), recorded_at=at,
                )  # fmt: skip


def test_an_automatic_flow_whose_effect_is_certain_holds_out_fewer_from_then_on() -> None:
    flow = a_flow()
    _with_outcomes(flow, (70, 60), (30, 2))
    assert deciding.decide_flows() == 1
    assert deciding.decide_flows() == 0
    with write_transaction():
        assert periods.percent_in_force(periods.of_flow(flow.id), None, NOW) == 10


def test_an_uncertain_effect_and_an_explicit_share_end_no_period() -> None:
    flow = a_flow()
    _with_outcomes(flow, (70, 20), (30, 7))
    assert deciding.decide_flows() == 0
    with write_transaction():
        stock.import_flow(stock.definition_of(flow).model_copy(update={"holdout_percent": 30}))
    HoldOutPeriod.update(ended_at=None).execute()
    Purchase.delete().where(Purchase.order_number.startswith(HELD_OUT)).execute()
    assert deciding.decide_flows() == 0


def test_nothing_is_said_where_the_sides_are_not_as_they_were_meant_to_be() -> None:
    flow = a_flow()
    _with_outcomes(flow, (70, 60), (2, 0))
    result = flow_effects.of_flow(flow)
    assert result is not None
    comparison = result.comparison
    assert (comparison.sample_ratio_is_broken, comparison.rate, comparison.sales) == (True, None, None)
    assert deciding.decide_flows() == 0


def test_a_flow_that_certainly_costs_pauses_by_itself_only_where_the_owner_wants_that() -> None:
    flow = a_flow(holdout_percent=30)
    _with_outcomes(flow, (280, 31), (120, 110), yen=9_000)
    assert (deciding.decide_flows(), Flow.get_by_id(flow.id).state) == (0, "on")
    shop.use({"proof": {"pauses_by_itself": True, "floor_yen_a_head": -100_000}})
    assert (deciding.decide_flows(), Flow.get_by_id(flow.id).state) == (0, "on")
    shop.use({"proof": {"pauses_by_itself": True}})
    assert (deciding.decide_flows(), Flow.get_by_id(flow.id).state) == (1, PAUSED)
    [notice] = notices.current()
    assert "あとから" in notice.sentence and "境目の0円" in notice.sentence
    with write_transaction():
        stock.switch_on(Flow.get_by_id(flow.id), NOW)
    assert (notices.current(), deciding.decide_flows()) == ([], 0)


def test_the_shop_as_a_whole_compares_by_the_first_trigger_of_the_year() -> None:
    ids = customers(400)
    with localtime.fixed(NOW - timedelta(days=100)), write_transaction():
        assignment.sides(SUBJECT, ids, None)
    result = results.of_shop()
    assert result is not None
    held_out = ShopAssignment.select().where(ShopAssignment.is_held_out).count()
    assert (result.percent, result.held_out.count, result.treated.count) == (5, held_out, 400 - held_out)


def test_the_settings_have_the_shares_of_the_shop() -> None:
    rules = shop.get(ProofRules)
    assert (rules.first_percent, rules.later_percent, rules.shop_percent) == (30, 10, 5)
    assert (rules.pauses_by_itself, rules.floor_yen_a_head) == (False, 0)
