"""Ranks on past days, axes and points, counted in SQL as they are defined, on random shops and both databases."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people.customer import Customer
from customers.values import windows
from rewards.coupons.tables import Coupon, Reward
from rewards.figures import points_liability, rank_axes, rank_history, rank_perks
from rewards.figures.rank_history import Change, Direction
from rewards.ledger import due_points, ledger, reconciliation
from rewards.ledger.actions import Action
from rewards.ledger.entries import LedgerEntry
from rewards.ranks import customer_rank
from rewards.ranks.rules import Axes, Rank
from rewards.ranks.settings import RankSection
from rewards.ranks.tables import CustomerRank, RankChange

TODAY = date(2026, 6, 15)
AXES = rank_axes.AXES


def noon(day: date) -> datetime:
    return localtime.start_of(day) + timedelta(hours=12)


def histories(seed: int, count: int = 50) -> dict[int, list[Change]]:
    """Customers with ranks, stored with their changes over fourteen months, the last equal to the stored rank."""
    chance = random.Random(seed)
    found: dict[int, list[Change]] = defaultdict(list)
    rows: list[tuple[datetime, dict[str, Any]]] = []
    for customer_id in range(1, count + 1):
        days = sorted(TODAY - timedelta(days=chance.randrange(420)) for _ in range(chance.randrange(5)))
        before = None
        for day in days:
            after = chance.choice([rank for rank in Rank if rank != before])
            found[customer_id].append(Change(day, before, after))
            minute = timedelta(minutes=chance.choice((0, 1439)))
            values = {"customer": customer_id, "before": before, "after": after, "cause": "acted"}
            rows.append((localtime.start_of(day) + minute, values))
            before = after
    fixed: dict[str, Any] = dict.fromkeys(AXES, 0) | {"rule_version": "1"}
    rows.sort(key=lambda row: row[0])
    with write_transaction():
        customers = [{"id": n, "first_seen_at": localtime.now()} for n in range(1, count + 1)]
        Customer.insert_many(customers).execute()
        RankChange.insert_many([fixed | values | {"changed_at": at} for at, values in rows]).execute()
        ranks = [
            {"customer": each, "rank": changes[-1].after, "since": noon(TODAY), "reviewed_at": noon(TODAY)}
            | fixed
            | {name: chance.randrange(101) for name in AXES}
            for each, changes in found.items()
            if changes
        ]
        CustomerRank.insert_many(ranks).execute()
    return found


@pytest.mark.parametrize("seed", range(3))
def test_ranks_on_past_days_are_those_of_the_history(seed: int) -> None:
    found = histories(seed)
    days = [month.last_on for month in windows.calendar_months(TODAY, 13)]
    counted = rank_history.distributions(days)
    assert counted == {day: rank_history.distribution(found.values(), day) for day in days}
    assert counted[TODAY] == customer_rank.count_by_rank()
    for day in (*days[-3:], TODAY - timedelta(days=40)):
        for rank in Rank:
            people = sorted(each for (each,) in rank_history.people_with(rank, day).tuples())
            assert people == [
                each for each, changes in sorted(found.items()) if rank_history.rank_on(changes, day) is rank
            ]


@pytest.mark.parametrize("seed", range(2))
def test_who_rose_and_who_fell_is_read_from_the_changes(seed: int) -> None:
    found = histories(seed)
    window = windows.days(TODAY, 90)
    for direction, sign in ((Direction.ROSE, 1), (Direction.FELL, -1)):
        changed = [
            (customer, change)
            for customer, changes in found.items()
            for change in changes
            if change.before is not None
            and sign * (change.after - change.before) > 0
            and change.changed_on in window
        ]
        people = {customer for customer, _ in changed}
        assert rank_history.people_count(direction, window) == len(people)
        assert {each for (each,) in rank_history.people_who(direction, window).tuples()} == people
        rows = rank_history.page(direction, window, 0, 1000)
        assert sorted((row.customer_id, row.before, row.after) for row in rows) == sorted(
            (customer, change.before, change.after) for customer, change in changed
        )
        assert sum(each.change_count for each in rank_history.moves(direction, window)) == len(changed)
        assert rank_history.page(direction, window, rows[0].id, 1000) == rows[1:]


def test_every_class_of_the_axes_holds_the_people_it_is_defined_by() -> None:
    histories(7)
    rules = shop.get(RankSection).rules()
    rows = list(CustomerRank.select())
    for cell in rank_axes.axis_classes():
        people = [row.customer_id for row in rows if cell.low <= getattr(row, cell.axis) <= cell.high]
        assert cell.count == len(people)
        query = rank_axes.people_in_class(cell.axis, cell.low, cell.high)
        assert sorted(each for (each,) in query.tuples()) == sorted(people)
    for far in rank_axes.distances():
        some = []
        for row in rows:
            axes = Axes(row.money, row.behaviour, row.relationship)
            total = rank_axes.distance(axes, Rank(row.rank), rules)
            if row.rank == far.rank and total is not None and far.low <= total <= far.high:
                some.append((row.customer_id, rank_axes.missing(axes, Rank(row.rank), rules)))
        assert far.count == len(some)
        assert far.missing == {name: sum(getattr(less, name) > 0 for _, less in some) for name in AXES}
        query = rank_axes.people_at_distance(far.rank, far.low, far.high)
        assert sorted(each for (each,) in query.tuples()) == sorted(each for each, _ in some)


@pytest.mark.parametrize("policy", ["inactivity", "fixed", "never"])
def test_points_outstanding_are_the_ledgers(policy: str) -> None:
    """A year of earning, spending, reversing and expiring by the ledger itself."""
    chance = random.Random(policy)
    shop.use({"points": {"expiry": policy, "expire_after_days": 120}})
    with write_transaction():
        Customer.insert_many([{"id": n, "first_seen_at": noon(TODAY)} for n in range(1, 10)]).execute()
    for step in range(90):
        with localtime.fixed(noon(TODAY - timedelta(days=270 - step * 3))), write_transaction():
            act(chance.randrange(1, 9), f"act:{step}", chance)
    with localtime.fixed(noon(TODAY)):
        with write_transaction():
            into_debt(9)
        for customer_id in range(1, 10):
            with write_transaction():
                due_points.expire(customer_id)
        compare()
    shop.use({})


def into_debt(customer_id: int) -> None:
    """Points that were spent and are reversed after that."""
    ledger.earn(customer_id, Action.PURCHASE, 70, "lost")
    ledger.burn(customer_id, 60, "spent")
    ledger.reverse("lost", "lost:back")


def act(customer_id: int, cause: str, chance: random.Random) -> None:
    """One entry: points earned or held, spent, or an earlier entry reversed, sometimes into debt."""
    match chance.randrange(6):
        case 0:
            ledger.reverse(f"act:{chance.randrange(90)}", cause)
        case 1:
            if ledger.available(customer_id):
                ledger.burn(customer_id, ledger.available(customer_id), cause)
        case 2:
            held = localtime.today() + timedelta(days=300)
            ledger.earn(customer_id, Action.PURCHASE, 30, cause, held_until=held)
        case _:
            ledger.earn(customer_id, Action.PURCHASE, chance.choice((10, 80)), cause)


def compare() -> None:
    balances = {n: ledger.balance(n) for n in range(1, 10)}
    assert min(balances.values()) < 0 < max(balances.values())
    total = reconciliation.reconcile()
    assert not total.faults
    now = points_liability.of_shop(TODAY)
    assert now == points_liability.liability(balances, total.held)
    assert now.outstanding - now.debt == total.points
    left = points_liability.left_by_last_day(TODAY)
    assert sum(left.values()) == now.outstanding
    for days in (30, 120):
        within = TODAY + timedelta(days=days)
        expiring = {n: due_points.expiring_within(n, days).expiring for n in balances}
        assert points_liability.expiring_by(left, within) == sum(expiring.values())
        people = {each for (each,) in points_liability.people_expiring(TODAY, within).tuples()}
        assert people == {n for n, points in expiring.items() if points}
    assert {each for (each,) in points_liability.holders(TODAY).tuples()} == {
        n for n, points in balances.items() if points > 0
    }
    months = list(windows.calendar_months(TODAY, 6))
    entries = [(each.occurred_on, each.kind, each.points) for each in LedgerEntry.select()]
    before = sum(points for day, _, points in entries if day < months[0].first_on)
    during = [entry for entry in entries if entry[0] >= months[0].first_on]
    moved = points_liability.movements_of_shop(months)
    assert moved == points_liability.movements(during, months, before)
    assert moved[-1].balance == total.points
    past = TODAY - timedelta(days=100)
    then = {
        n: sum(e.points for e in LedgerEntry.select() if e.customer_id == n and e.occurred_on <= past)
        for n in balances
    }
    assert points_liability.of_shop(past).outstanding == points_liability.liability(then).outstanding


def test_perks_cost_what_was_redeemed_of_rewards_for_a_rank() -> None:
    with write_transaction():
        Customer.insert({"id": 1, "first_seen_at": noon(TODAY)}).execute()
        made: dict[str, Any] = {"kind": "exchange", "value_text": "", "made_at": noon(TODAY)}
        for reward_id, (rank, yen) in enumerate(((Rank.BASIC, 100), (Rank.PREMIUM, 500)), 1):
            Reward.insert(
                {"id": reward_id, "name": "x", "minimum_rank": rank, "value_yen": yen} | made
            ).execute()
        values: dict[str, Any] = {"customer": 1, "issued_at": noon(TODAY), "valid_until": TODAY}
        for number, (reward, state, day) in enumerate(
            (
                (1, "redeemed", TODAY),
                (2, "redeemed", TODAY),
                (2, "issued", TODAY),
                (2, "redeemed", date(2025, 1, 1)),
            )
        ):
            row = {"reward": reward, "state": state, "code": f"c{number}", "cause": f"c{number}"}
            Coupon.insert(values | row | {"redeemed_at": noon(day)}).execute()
    assert rank_perks.of_window(windows.year(TODAY)) == [rank_perks.PerkCost(Rank.PREMIUM, 1, 500)]
