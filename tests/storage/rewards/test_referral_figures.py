"""The SQL of the referral figures counts what the pure definitions count, on random shops and both databases."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot import localtime
from bot.db.database import write_transaction
from customers.figures.intervals import Sums
from customers.orders.purchases import Purchase
from customers.people.customer import Customer
from customers.values import windows
from customers.values.windows import Window
from rewards.figures import leaders, referral_counts, referral_steps, referrer_ltv
from rewards.figures.leaders import Place
from rewards.figures.referral_steps import Friend, Step
from rewards.ledger.entries import LedgerEntry
from rewards.referrals.tables import Referral, ReferralCode, ReferralState

TODAY = date(2026, 6, 15)
COUNT = 60
WINDOWS = (
    Window(date(2020, 1, 1), TODAY),
    windows.month_to(TODAY),
    windows.calendar_month(date(2026, 5, 1)),
    windows.year(TODAY),
)


def moment(chance: random.Random) -> datetime:
    """Some time of the last fourteen months, often near the ends of days and months."""
    day = TODAY - timedelta(days=chance.choice((0, 1, 14, 15, 45, chance.randrange(420))))
    return localtime.start_of(day) + timedelta(minutes=chance.choice((0, 1, 700, 1439)))


def a_shop(seed: int) -> None:
    """Customers with codes, friends in every state, orders of every kind, and points given and reversed."""
    chance = random.Random(seed)
    now = localtime.now()
    customers = [{"id": n, "first_seen_at": now, "display_name": f"客{n}"} for n in range(1, COUNT + 1)]
    rows: dict[Any, list[dict[str, Any]]] = {Customer: customers}
    rows[ReferralCode] = [
        {"customer": n, "code": f"C{n}", "made_at": moment(chance), "invited_count": chance.randrange(4)}
        for n in range(1, COUNT, 2)
    ]
    rows[Referral], rows[LedgerEntry] = [], []
    for n in chance.sample(range(1, COUNT + 1), 40):
        referrer = chance.choice([other for other in range(1, 16) if other != n])
        state = chance.choice(list(ReferralState))
        has_bought = state in (ReferralState.BOUGHT, ReferralState.REWARDED) or chance.random() < 0.3
        rows[Referral].append(
            {
                "referrer": referrer,
                "referee": n,
                "code": f"C{referrer}",
                "state": state,
                "joined_at": moment(chance),
                "bought_at": moment(chance) if has_bought else None,
                "rewarded_at": moment(chance) if state is ReferralState.REWARDED else None,
                "held_at": moment(chance) if chance.random() < 0.5 else None,
                "decided_at": moment(chance) if chance.random() < 0.5 else None,
            }
        )
        rows[LedgerEntry] += points(len(rows[LedgerEntry]) + 1, referrer, n, chance)
    rows[Purchase] = [
        {
            "source": "test",
            "order_number": f"{n}-{place}",
            "customer": n if chance.random() < 0.9 else None,
            "ordered_at": (at := moment(chance) + timedelta(days=chance.choice((0, 0, 2)))),
            "ordered_on": localtime.local_date(at),
            "total_yen": chance.choice((0, 3_000, 9_800)),
            "refunded_yen": chance.choice((0, 0, 0, 1_000)),
            "state": chance.choice(("paid", "paid", "paid", "cancelled", "refunded")),
            "recorded_at": at,
        }
        for n in range(1, COUNT + 1)
        for place in range(chance.randrange(4))
    ]
    with write_transaction():
        for model in (Customer, ReferralCode, Referral, Purchase, LedgerEntry):
            model.insert_many(rows[model]).execute()


def points(entry_id: int, referrer: int, friend: int, chance: random.Random) -> list[dict[str, Any]]:
    """Points of both sides, some reversed later, wholly or in part, and one entry of something else."""
    made = []
    for customer, action in ((referrer, "referral"), (friend, "referred"), (friend, "purchase")):
        at = moment(chance)
        values = {
            "customer": customer,
            "action": action,
            "rule_version": "1",
            "occurred_at": at,
            "occurred_on": localtime.local_date(at),
        }
        cause = f"{action}:{friend}"
        made.append(
            values | {"id": entry_id, "kind": "earn", "points": 200, "cause": cause, "reverses": None}
        )
        entry_id += 1
        if chance.random() < 0.3:
            later = min(localtime.local_date(at) + timedelta(days=chance.choice((0, 20, 40))), TODAY)
            reversal = {"kind": "reverse", "points": -chance.choice((200, 50)), "cause": f"{cause}:back"}
            made.append(values | reversal | {"id": entry_id, "occurred_on": later, "reverses": entry_id - 1})
            entry_id += 1
    return made


def day(at: datetime | None) -> date | None:
    return None if at is None else localtime.local_date(at)


def friend_of(row: Referral) -> Friend:
    return Friend(
        ReferralState(row.state),
        localtime.local_date(row.joined_at),
        *(day(each) for each in (row.bought_at, row.rewarded_at, row.held_at, row.decided_at)),
    )


@pytest.fixture(params=range(3))
def shop_of_friends(request: pytest.FixtureRequest, any_database: object) -> None:
    a_shop(request.param)


@pytest.mark.usefixtures("shop_of_friends")
def test_sql_counts_each_step_as_it_is_defined() -> None:
    rows = list(Referral.select())
    friends = [friend_of(row) for row in rows]
    for window in WINDOWS:
        counted = referral_counts.totals(window)
        codes = [
            each.customer_id
            for each in ReferralCode.select()
            if each.invited_count and localtime.local_date(each.made_at) in window
        ]
        assert counted.pop(Step.INVITED) == len(codes)
        assert counted == {
            step: referral_steps.count(friends, step, window.first_on, window.last_on)
            for step in Step
            if step is not Step.INVITED
        }
        for step in Step:
            listed = [each.customer_id for each in referral_counts.page(step, window, 0, 1000)]
            assert sorted(listed) == sorted(each for (each,) in referral_counts.people(step, window).tuples())
            assert len(listed) == referral_counts.count(step, window)
        first, *rest = referral_counts.page(Step.JOINED, WINDOWS[0], 0, 1000)
        assert referral_counts.page(Step.JOINED, WINDOWS[0], first.key, 1000) == rest


@pytest.mark.usefixtures("shop_of_friends")
def test_the_leaderboard_is_of_the_friends_who_bought_on_these_days() -> None:
    rows = list(Referral.select())
    for window in WINDOWS:
        bought: dict[int, list[int]] = {}
        for row in rows:
            if (on := referral_steps.day_of(friend_of(row), Step.BOUGHT)) is not None and on in window:
                bought.setdefault(row.referrer_id, []).append(row.referee_id)
        found = leaders.leaders(window, 100)
        assert {each.customer_id: each.bought_count for each in found} == {
            customer: len(friends) for customer, friends in bought.items()
        }
        assert [(-each.bought_count, each.customer_id) for each in found] == sorted(
            (-each.bought_count, each.customer_id) for each in found
        )
        assert leaders.leader_count(window) == len(bought)
        for each in found:
            yen = sum(
                order.total_yen - order.refunded_yen
                for order in Purchase.select()
                if order.customer_id in bought[each.customer_id]
                and order.state == "paid"
                and order.total_yen > order.refunded_yen
                and order.ordered_on <= window.last_on
            )
            assert each.friends_yen == yen
            assert each.joined_count == sum(
                row.referrer_id == each.customer_id and localtime.local_date(row.joined_at) in window
                for row in rows
            )
        if len(found) > 1:
            after = Place(found[0].bought_count, found[0].customer_id)
            assert leaders.leaders(window, 100, after) == found[1:]


@pytest.mark.usefixtures("shop_of_friends")
def test_points_paid_are_those_given_less_those_reversed_since() -> None:
    entries = {each.id: each for each in LedgerEntry.select()}
    for window in WINDOWS:
        by_day: Counter[date] = Counter()
        by_customer: Counter[int] = Counter()
        for each in entries.values():
            given_on = entries[each.reverses_id].occurred_on if each.reverses_id else each.occurred_on
            if each.action in ("referral", "referred") and given_on in window:
                by_day[given_on] += each.points
                by_customer[each.customer_id] += each.points if each.action == "referral" else 0
        assert leaders.points_paid_by_day(window) == by_day
        assert leaders.points_paid(window) == by_day.total()
        for leader in leaders.leaders(window, 100):
            assert leader.points == by_customer[leader.customer_id]


@pytest.mark.usefixtures("shop_of_friends")
def test_referrers_ltv_in_sql_is_the_definitions() -> None:
    year = windows.year(TODAY)
    sales: Counter[int] = Counter()
    for order in Purchase.select().where(Purchase.customer.is_null(False)):
        if order.state == "paid" and order.total_yen > order.refunded_yen and order.ordered_on in year:
            sales[order.customer_id or 0] += order.total_yen - order.refunded_yen
    first: dict[int, datetime] = {}
    referrers = set()
    for row in Referral.select():
        first[row.referrer_id] = min(row.joined_at, first.get(row.referrer_id, row.joined_at))
        on = referral_steps.day_of(friend_of(row), Step.BOUGHT)
        if on is not None and on <= TODAY:
            referrers.add(row.referrer_id)
    of_shop = referrer_ltv.of_shop(TODAY)
    expected = referrer_ltv.of_sales(sales, referrers)
    assert [close(each) for each in (of_shop.referrers, of_shop.others)] == [close(each) for each in expected]
    assert of_shop.referrer_count == len(referrers)
    regular = [
        each
        for each in referrers
        if sum(
            order.customer_id == each
            and order.state == "paid"
            and order.total_yen > order.refunded_yen
            and order.ordered_at < first[each]
            for order in Purchase.select()
        )
        >= 2
    ]
    assert of_shop.regular_count == len(regular)


def close(sums: Sums) -> tuple[int, int, int]:
    return sums.count, round(sums.total), round(sums.squares)


def test_the_tree_is_two_deep_with_the_first_friends(any_database: object) -> None:
    """1 brought 2, 3 and 4; 2 brought 5; 5 brought 6, who is too deep."""
    now = localtime.now()
    pairs = ((1, 2), (1, 3), (1, 4), (2, 5), (5, 6))
    with write_transaction():
        Customer.insert_many([{"id": n, "first_seen_at": now} for n in range(1, 7)]).execute()
        values = {"code": "C", "state": "joined", "joined_at": now}
        Referral.insert_many([values | {"referrer": a, "referee": b} for a, b in pairs]).execute()
    root = leaders.tree([1])[1]
    assert [each.customer_id for each in root.friends] == [2, 3, 4]
    assert [each.customer_id for each in root.friends[0].friends] == [5]
    assert (root.friend_count, root.friends[0].friend_count) == (3, 1)
    assert root.friends[0].friends[0].friends == []
    assert [each.referee_id for each in leaders.friends_of(1, 0, 2)] == [2, 3]
