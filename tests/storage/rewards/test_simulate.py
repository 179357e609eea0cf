"""Simulating new rules over the real history: rank changes, cost in points, and equal results each time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders.purchases import PAID, Purchase
from rewards.ledger.actions import Action
from rewards.ledger.ledger import LedgerEntry
from rewards.ledger.settings import PointRules
from rewards.ranks import facts
from rewards.ranks.batch_sql import Measure
from rewards.ranks.rules import Rank, rank_of
from rewards.ranks.settings import RankSection
from rewards.ranks.tables import CustomerRank, RankChange, RankNews
from rewards.simulation import rule_simulations, simulate
from tests.storage.rewards import test_rank_batch_sql

NOW = test_rank_batch_sql.NOW
TODAY = date(2026, 4, 1)
IN_FORCE = RankSection.model_validate({"fewest_customers": 1_000})
TRIED = test_rank_batch_sql.OTHER_RULES.model_copy(update={"fewest_customers": 1_000})


@pytest.fixture(autouse=True)
def _history() -> Iterator[None]:
    with localtime.fixed(NOW):
        with write_transaction():
            test_rank_batch_sql.fill(Random(1), 80)
        yield
    shop.use({})


def by_the_rules(section: RankSection) -> dict[int, tuple[Rank, Rank]]:
    """The stored rank and the rank by the rules of all customers, one by one."""
    found = {}
    for customer_id in range(1, 81):
        known = facts.read(customer_id, TODAY, section)
        found[customer_id] = (known.rank or Rank.BASIC, rank_of(known.axes, known.facts, section.rules()))
    return found


def test_the_matrix_is_what_the_rules_say_of_each() -> None:
    replayed = simulate.run(TRIED, IN_FORCE, TODAY)
    for ranked, section in ((replayed.tried, TRIED), (replayed.in_force, IN_FORCE)):
        expected = list(by_the_rules(section).values())
        assert ranked.customer_count == 80
        assert ranked.moves == {pair: expected.count(pair) for pair in set(expected)}
        assert ranked.rising_count == sum(deserved > held for held, deserved in expected)
        assert ranked.falling_count == sum(deserved < held for held, deserved in expected)
    tops = sum(deserved is Rank.AMBASSADOR for _, deserved in by_the_rules(TRIED).values())
    assert replayed.tried.ambassador_share == tops / 80 > 0


def test_the_list_names_each_that_would_move_once_however_it_is_paged() -> None:
    measure = Measure(TRIED, TODAY, TRIED.average_ltv_yen)
    expected = [(who, *pair) for who, pair in by_the_rules(TRIED).items() if pair[0] != pair[1]]
    whole = [(each.customer_id, each.held, each.deserved) for each in simulate.all_moved(measure)]
    paged = []
    after_id: int | None = 0
    while after_id is not None:
        some, after_id = simulate.moved(measure, after_id, 7, 1)
        paged += [(each.customer_id, each.held, each.deserved) for each in some]
    assert whole == paged == expected


def test_a_replay_writes_nothing_and_says_the_same_again_tomorrow() -> None:
    before = [(each.customer_id, each.rank, each.reviewed_at) for each in CustomerRank.select()]
    once = simulate.run(TRIED, IN_FORCE, TODAY)
    with localtime.fixed(datetime(2026, 9, 1, tzinfo=UTC)):
        assert simulate.run(TRIED, IN_FORCE, TODAY) == once
    assert [(each.customer_id, each.rank, each.reviewed_at) for each in CustomerRank.select()] == before
    assert RankChange.select().count() == RankNews.select().count() == 0


def test_points_change_by_what_was_done() -> None:
    rules = shop.get(PointRules).model_copy(update={"survey_answer": 25, "purchase_per_100_yen": 2})
    replayed = simulate.run(IN_FORCE, IN_FORCE, TODAY, rules)
    given = {each.action: each for each in replayed.given}
    answers = given[Action.SURVEY_ANSWER]
    assert (answers.points, answers.points_then) == (5 * answers.count, 25 * answers.count)
    assert given[Action.STAFF].points_then == given[Action.STAFF].points
    paid = [
        (each.total_yen - each.refunded_yen) // 100
        for each in Purchase.select().where(Purchase.state == PAID)
        if date(2025, 4, 2) <= each.ordered_on <= TODAY
    ]
    assert given[Action.PURCHASE].points_then == 2 * sum(paid)
    assert replayed.liability_change == sum(each.points_then - each.points for each in replayed.given)
    balance = sum(entry.points for entry in LedgerEntry.select())
    assert replayed.balance == balance


def test_a_simulation_is_stored_as_it_came_out() -> None:
    with write_transaction():
        simulation = rule_simulations.begin(
            "[ranks]\nactive = [0, 10, 0]\n[points]\ncomment = 15\n", "鈴木 一郎"
        )
    replayed = rule_simulations.run(simulation)
    with write_transaction():
        rule_simulations.store_result(simulation, replayed)
    stored = rule_simulations.find(simulation.id)
    assert stored is not None
    assert rule_simulations.result_of(stored) == replayed
    assert rule_simulations.measure_of(stored).average_ltv_yen == replayed.tried.average_ltv_yen
    assert replayed.given, "the file has [points]"
