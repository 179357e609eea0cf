"""Decides when a customer's rank changes: a rise at once, by what they bought and did. `ranks.py` has the rules.

Nothing here lowers a rank: that is for the review day, after a warning.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Case, CharField, ForeignKeyField, SmallIntegerField, fn

from bot import localtime, shop
from bot.database import Model, UtcDateTimeField, insert_once, require_transaction
from customers.customer import Customer
from customers.purchases import PAID, Purchase
from rewards import average_ltv, rule_versions
from rewards.ledger import Kind, LedgerEntry
from rewards.points import Action
from rewards.qualifying_period import months_between
from rewards.ranks import Axes, Facts, NextAction, Rank, axes_of, next_action, rank_of
from rewards.rules import RankSection

_COUNTED = {
    "survey_answer_count": Action.SURVEY_ANSWER,
    "referral_bought_count": Action.REFERRAL,
    "testimonial_count": Action.TESTIMONIAL,
    "opinion_count": Action.COMMENT,
}
"""Which action of the ledger each fact counts. What was refused or taken back does not count."""


class Standing(Model):
    """A customer's rank and axes as last reviewed."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    rank = SmallIntegerField(index=True)
    money = SmallIntegerField()
    behaviour = SmallIntegerField()
    relationship = SmallIntegerField()
    since = UtcDateTimeField()
    reviewed_at = UtcDateTimeField()
    rule_version = CharField(12)

    class Meta:
        table_name = "standing"


class RankChange(Model):
    """One change of rank: never altered, never deleted."""

    customer = ForeignKeyField(Customer)
    customer_id: int
    before = SmallIntegerField(null=True)
    after = SmallIntegerField()
    money = SmallIntegerField()
    behaviour = SmallIntegerField()
    relationship = SmallIntegerField()
    changed_at = UtcDateTimeField()
    rule_version = CharField(12)

    class Meta:
        table_name = "rank_change"


@dataclass(frozen=True, slots=True)
class Look:
    """Where a customer stands: the rank held, the axes now, what they hold, and what would raise the rank."""

    rank: Rank
    axes: Axes
    facts: Facts
    next_action: NextAction | None


@dataclass(frozen=True, slots=True)
class Review:
    """What a review came to. `before` is None for a customer without a standing."""

    before: Rank | None
    after: Rank
    axes: Axes
    facts: Facts

    @property
    def rose(self) -> bool:
        """Whether there is something to congratulate on."""
        return self.before is not None and self.after > self.before


@dataclass(frozen=True, slots=True)
class _Known:
    rank: Rank | None
    stored: Axes | None
    axes: Axes
    facts: Facts


def register(customer_id: int) -> bool:
    """Begin as Basic; False when the customer has a standing already."""
    require_transaction()
    return _begin(customer_id, Rank.BASIC, Axes())


def review(customer_id: int) -> Review:
    """Look at the customer anew and raise the rank if it is deserved. One statement reads, at most two write."""
    require_transaction()
    known = _read(customer_id)
    deserved = rank_of(known.axes, known.facts, shop.get(RankSection).rules())
    if known.rank is None:
        _begin(customer_id, deserved, known.axes)
        return Review(None, deserved, known.axes, known.facts)
    after = max(known.rank, deserved)
    if after != known.rank or known.axes != known.stored:
        _change(customer_id, known, after)
    return Review(known.rank, after, known.axes, known.facts)


def look(customer_id: int) -> Look:
    """Where the customer stands now; reads only, in one statement."""
    rules = shop.get(RankSection).rules()
    known = _read(customer_id)
    rank = known.rank or rank_of(known.axes, known.facts, rules)
    return Look(rank, known.axes, known.facts, next_action(known.facts, rules, rank))


def of_customer(customer_id: int) -> Standing | None:
    """The standing as last reviewed."""
    found: Standing | None = Standing.get_or_none(Standing.customer == customer_id)
    return found


def changes(customer_id: int) -> list[RankChange]:
    """How the customer's rank went, oldest first."""
    return list(RankChange.select().where(RankChange.customer == customer_id).order_by(RankChange.id))


def count_by_rank() -> dict[Rank, int]:
    """How many customers hold each rank, the empty ones too."""
    rows: Any = Standing.select(Standing.rank, fn.COUNT(Standing.id)).group_by(Standing.rank).tuples()
    counted: dict[int, int] = dict(rows)
    return {rank: int(counted.get(rank, 0)) for rank in Rank}


def _read(customer_id: int) -> _Known:
    section = shop.get(RankSection)
    since = average_ltv.first_day()
    acted = _actions(customer_id, since).alias("acted")
    bought = _purchases(customer_id, since).alias("bought")
    columns = [getattr(acted.c, name) for name in _COUNTED]
    row: dict[str, Any] | None = (
        Customer.select(
            Customer.registered_at,
            Customer.first_seen_at,
            Standing.rank,
            Standing.money,
            Standing.behaviour,
            Standing.relationship,
            bought.c.sales_yen,
            bought.c.purchase_count,
            average_ltv.kept().alias("average_ltv_yen"),
            *columns,
        )
        .join(Standing, JOIN.LEFT_OUTER, on=(Standing.customer == Customer.id))
        .switch(Customer)
        .join(acted, JOIN.LEFT_OUTER, on=(acted.c.customer_id == Customer.id))
        .switch(Customer)
        .join(bought, JOIN.LEFT_OUTER, on=(bought.c.customer_id == Customer.id))
        .where(Customer.id == customer_id)
        .dicts()
        .first()
    )
    if row is None:
        raise LookupError(f"there is no customer {customer_id}")
    joined_on = localtime.local_date(row["registered_at"] or row["first_seen_at"])
    facts = Facts(
        sales_yen=int(row["sales_yen"] or 0),
        purchase_count=int(row["purchase_count"] or 0),
        months_since_joining=months_between(joined_on, localtime.today()),
        average_ltv_yen=int(row["average_ltv_yen"] or section.average_ltv_yen),
        **{name: int(row[name] or 0) for name in _COUNTED},
    )
    stored = Axes(row["money"], row["behaviour"], row["relationship"]) if row["rank"] else None
    return _Known(Rank(row["rank"]) if row["rank"] else None, stored, axes_of(facts, section.rules()), facts)


def _actions(customer_id: int, since: date) -> Any:
    reversal = LedgerEntry.alias()
    taken_back = reversal.select(reversal.id).where(reversal.reverses == LedgerEntry.id)
    counts = [
        fn.SUM(Case(None, [(LedgerEntry.action == str(action), 1)], 0)).alias(name)
        for name, action in _COUNTED.items()
    ]
    return (
        LedgerEntry.select(LedgerEntry.customer, *counts)
        .where(
            LedgerEntry.customer == customer_id,
            LedgerEntry.kind == Kind.EARN,
            LedgerEntry.occurred_on >= since,
            ~fn.EXISTS(taken_back),
        )
        .group_by(LedgerEntry.customer)
    )


def _purchases(customer_id: int, since: date) -> Any:
    sales = fn.SUM(Purchase.total_yen - Purchase.refunded_yen)
    return (
        Purchase.select(
            Purchase.customer,
            sales.alias("sales_yen"),
            fn.COUNT(Purchase.id).alias("purchase_count"),
        )
        .where(Purchase.customer == customer_id, Purchase.state == PAID, Purchase.ordered_on >= since)
        .group_by(Purchase.customer)
    )


def _begin(customer_id: int, rank: Rank, axes: Axes) -> bool:
    now, version = localtime.now(), rule_versions.keep("ranks", shop.get(RankSection))
    axis = {"money": axes.money, "behaviour": axes.behaviour, "relationship": axes.relationship}
    begun = insert_once(
        Standing, customer=customer_id, rank=rank, since=now, reviewed_at=now, rule_version=version, **axis
    )
    if begun is None:
        return False
    RankChange.insert(
        customer=customer_id, before=None, after=rank, changed_at=now, rule_version=version, **axis
    ).execute()
    return True


def _change(customer_id: int, known: _Known, after: Rank) -> None:
    now, version = localtime.now(), rule_versions.keep("ranks", shop.get(RankSection))
    axes = known.axes
    axis = {"money": axes.money, "behaviour": axes.behaviour, "relationship": axes.relationship}
    risen = {"rank": after, "since": now} if after != known.rank else {}
    # Another event of a friend may have raised the rank meanwhile: whoever finds it unchanged writes the history.
    changed = (
        Standing.update(reviewed_at=now, rule_version=version, **risen, **axis)
        .where(Standing.customer == customer_id, Standing.rank == known.rank)
        .execute()
    )
    if risen and changed == 1:
        RankChange.insert(
            customer=customer_id, before=known.rank, after=after, changed_at=now, rule_version=version, **axis
        ).execute()
