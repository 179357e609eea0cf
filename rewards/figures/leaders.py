"""Who brought buyers: the leaderboard, and who brought whom two levels deep, each level in one statement."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from peewee import JOIN, SQL, fn

from customers.orders.purchases import Purchase, is_purchase
from customers.values.windows import Window
from rewards.figures.referral_counts import within
from rewards.figures.referral_steps import STATES, Step
from rewards.ledger.actions import Action
from rewards.ledger.entries import LedgerEntry
from rewards.referrals.tables import Referral

FRIENDS_SHOWN = 20
"""At most so many friends of one customer are listed in the tree."""
_BOUGHT = Referral.state.in_(STATES[Step.BOUGHT])


@dataclass(frozen=True, slots=True)
class Leader:
    """A customer who brought buyers on the days in question."""

    customer_id: int
    bought_count: int
    joined_count: int
    """Friends who joined on these days."""
    points: int
    """The points this customer has for referrals of these days, less those reversed since."""
    friends_yen: int
    """What the friends who are counted as buyers have bought since, net of refunds."""


@dataclass(slots=True)
class Brought:
    """A friend in the tree, with those they brought in turn."""

    customer_id: int
    state: str = ""
    joined_at: datetime | None = None
    """When they joined; with the state, None of a customer at the top of the tree."""
    friends: list["Brought"] = field(default_factory=list)
    friend_count: int = 0
    """How many they brought, listed or not."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the leaderboard, after which the next page begins."""

    bought_count: int
    customer_id: int


def leaders(window: Window, limit: int, after: Place | None = None) -> list[Leader]:
    """Customers who brought buyers on these days: those with most friends who bought first."""
    bought: Any = fn.COUNT(Referral.id)
    query: Any = (
        Referral.select(Referral.referrer, bought)
        .where(_BOUGHT, within(Referral.bought_at, window))
        .group_by(Referral.referrer)
        .order_by(bought.desc(), Referral.referrer)
        .limit(limit)
    )
    if after is not None:
        query = query.having(
            (bought < after.bought_count)
            | ((bought == after.bought_count) & (Referral.referrer > after.customer_id))
        )
    counts = {int(customer_id): int(count) for customer_id, count in query.tuples()}
    joined, points, yen = _joined(counts, window), _points(counts, window), _friends_yen(counts, window)
    return [
        Leader(each, count, joined.get(each, 0), points.get(each, 0), yen.get(each, 0))
        for each, count in counts.items()
    ]


def leader_count(window: Window) -> int:
    """How many customers brought a buyer on these days."""
    query = Referral.select(fn.COUNT(fn.DISTINCT(Referral.referrer)))
    return int(query.where(_BOUGHT, within(Referral.bought_at, window)).scalar())


def tree(customer_ids: Collection[int]) -> dict[int, Brought]:
    """The friends of each of these customers, and the friends of those; the first who came first."""
    roots = {each: Brought(each) for each in customer_ids}
    for root_id, friends in _friends(list(roots)).items():
        roots[root_id].friends = friends
    level = {friend.customer_id: friend for root in roots.values() for friend in root.friends}
    for friend_id, friends in _friends(list(level)).items():
        level[friend_id].friends = friends
    nodes = {**roots, **level}
    for customer_id, count in _friend_counts(list(nodes)).items():
        for node in (roots.get(customer_id), level.get(customer_id)):
            if node is not None:
                node.friend_count = count
    return roots


def friends_of(customer_id: int, after: int, limit: int) -> list[Referral]:
    """The friends who joined by this customer's code, by referral id."""
    mine = (Referral.referrer == customer_id) & (Referral.id > after)
    return list(Referral.select().where(mine).order_by(Referral.id).limit(limit))


def points_paid(window: Window) -> int:
    """The points that both sides have for referrals of these days, less those reversed since."""
    return sum(points_paid_by_day(window).values())


def points_paid_by_day(window: Window) -> dict[date, int]:
    """The same by day. What was reversed lowers the day on which it was given."""
    given_on, query = _reward_entries(window)
    rows: Any = query.select(given_on, fn.SUM(_ENTRY.points)).group_by(given_on).tuples()
    return {_as_day(day): int(points) for day, points in rows}


def paid_people(window: Window) -> Any:
    """Query of the ids of customers who have points for a referral of these days, after reversals."""
    query = _reward_entries(window)[1].select(_ENTRY.customer).group_by(_ENTRY.customer)
    return query.having(fn.SUM(_ENTRY.points) != 0)


def paid_page(window: Window, after: int, limit: int) -> list[tuple[int, int]]:
    """Customers with higher ids who have points for referrals of these days, and how many; by id."""
    _, query = _reward_entries(window)
    points: Any = fn.SUM(_ENTRY.points)
    rows: Any = (
        query.select(_ENTRY.customer, points)
        .where(_ENTRY.customer > after)
        .group_by(_ENTRY.customer)
        .having(points != 0)
        .order_by(_ENTRY.customer)
        .limit(limit)
        .tuples()
    )
    return [(int(customer_id), int(count)) for customer_id, count in rows]


_ENTRY = LedgerEntry.alias("given")
_OF_REFERRALS = SQL(f"given.action IN ('{Action.REFERRAL.value}', '{Action.REFERRED.value}')")
"""As literals: SQLite uses the index of these entries only where the statement has them."""


def _reward_entries(window: Window) -> tuple[Any, Any]:
    """The day on which each was given, as an expression, and the query of the entries of referrals."""
    original = LedgerEntry.alias("original")
    given_on = fn.COALESCE(original.occurred_on, _ENTRY.occurred_on)
    query = _ENTRY.select().join(original, JOIN.LEFT_OUTER, on=(_ENTRY.reverses == original.id))
    query = query.where(
        _OF_REFERRALS,
        _ENTRY.points != 0,
        _ENTRY.occurred_on >= window.first_on,  # a reversal is never before what it reverses
        given_on.between(window.first_on, window.last_on),
    )
    return given_on, query


def _as_day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _joined(ids: Collection[int], window: Window) -> dict[int, int]:
    rows: Any = (
        Referral.select(Referral.referrer, fn.COUNT(Referral.id))
        .where(Referral.referrer.in_(list(ids)), within(Referral.joined_at, window))
        .group_by(Referral.referrer)
        .tuples()
    )
    return {int(customer_id): int(count) for customer_id, count in rows}


def _points(ids: Collection[int], window: Window) -> dict[int, int]:
    _, query = _reward_entries(window)
    rows: Any = (
        query.select(_ENTRY.customer, fn.SUM(_ENTRY.points))
        .where(_ENTRY.customer.in_(list(ids)), _ENTRY.action == Action.REFERRAL.value)
        .group_by(_ENTRY.customer)
        .tuples()
    )
    return {int(customer_id): int(points) for customer_id, points in rows}


def _friends_yen(ids: Collection[int], window: Window) -> dict[int, int]:
    rows: Any = (
        Referral.select(Referral.referrer, fn.SUM(Purchase.total_yen - Purchase.refunded_yen))
        .join(Purchase, on=(Purchase.customer == Referral.referee))
        .where(
            Referral.referrer.in_(list(ids)),
            _BOUGHT,
            within(Referral.bought_at, window),
            is_purchase(),
            Purchase.ordered_on <= window.last_on,
        )
        .group_by(Referral.referrer)
        .tuples()
    )
    return {int(customer_id): int(yen) for customer_id, yen in rows}


def _friends(ids: list[int]) -> dict[int, list[Brought]]:
    place = fn.ROW_NUMBER().over(partition_by=[Referral.referrer], order_by=[Referral.id])
    placed = (
        Referral.select(
            Referral.referrer, Referral.referee, Referral.state, Referral.joined_at, place.alias("place")
        )
        .where(Referral.referrer.in_(ids))
        .alias("placed")
    )
    columns = (placed.c.referrer_id, placed.c.referee_id, placed.c.state, placed.c.joined_at)
    rows: Any = (
        Referral.select(*columns)
        .from_(placed)
        .where(placed.c.place <= FRIENDS_SHOWN)
        .order_by(placed.c.place)
        .tuples()
    )
    found: dict[int, list[Brought]] = defaultdict(list)
    for referrer_id, referee_id, state, joined_at in rows:
        found[int(referrer_id)].append(
            Brought(int(referee_id), state, Referral.joined_at.python_value(joined_at))
        )
    return found


def _friend_counts(ids: list[int]) -> dict[int, int]:
    mine = Referral.referrer.in_(ids)
    rows: Any = Referral.select(Referral.referrer, fn.COUNT(Referral.id)).where(mine)
    return {int(each): int(count) for each, count in rows.group_by(Referral.referrer).tuples()}
