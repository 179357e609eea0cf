"""Reviews one customer's rank at once: raises it for what they bought and did, and undoes a rise after a
refund.

`rules.py` has the rules. Every other fall is for the review day, after a warning: `nightly_review.py`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from peewee import fn

from bot import localtime
from bot.config import shop
from bot.db.database import insert_once, require_transaction
from customers.people import customer as customers
from customers.values import windows
from rewards.ledger import rule_versions
from rewards.ranks import facts as rank_facts
from rewards.ranks import versions
from rewards.ranks.facts import RankInputs
from rewards.ranks.rules import (
    Axes,
    Facts,
    NextAction,
    Possible,
    Rank,
    axes_of,
    keeping_action,
    next_action,
    rank_of,
)
from rewards.ranks.settings import RankSection
from rewards.ranks.tables import CustomerRank as CustomerRank
from rewards.ranks.tables import RankChange as RankChange

JOINED, ACTED, REFUND = "joined", "acted", "refund"
OFFER_LASTS = timedelta(days=30)
"""How long the next step on a rank card is certain to lead to the rank it names."""


@dataclass(frozen=True, slots=True)
class RankSnapshot:
    """A customer's rank, the axes now, and the facts they are computed from."""

    rank: Rank
    axes: Axes
    facts: Facts


@dataclass(frozen=True, slots=True)
class RankOffer:
    """The step that raises the rank when it is done by that day, whatever the rest of the shop buys in the
    meantime."""

    action: NextAction | None
    """None at the top, or where no possible step leads to a higher rank."""
    until: date
    is_top: bool


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A rank that falls on that day, and the cheapest step that would keep it."""

    rank: Rank
    falls_on: date
    keeping_action: NextAction | None


@dataclass(frozen=True, slots=True)
class Review:
    """The result of a review. `before` is None for a customer who had no rank."""

    before: Rank | None
    after: Rank
    axes: Axes
    facts: Facts

    @property
    def rose(self) -> bool:
        """Whether there is a rise to congratulate on."""
        return self.before is not None and self.after > self.before


def register(customer_id: int) -> bool:
    """Gives a new customer the rank Basic; False when they have a rank already."""
    require_transaction()
    return _begin(customer_id, Rank.BASIC, Axes())


def review(customer_id: int) -> Review:
    """Reviews the customer's rank and raises it if a higher one is deserved. One statement reads, at most two
    write."""
    require_transaction()
    known = rank_facts.read(customer_id)
    deserved = rank_of(known.axes, known.facts, shop.get(RankSection).rules())
    if known.rank is None:
        _begin(customer_id, deserved, known.axes)
        return Review(None, deserved, known.axes, known.facts)
    after = max(known.rank, deserved)
    is_deserved_again = deserved >= known.rank and known.below_since is not None
    if after != known.rank or known.axes != known.stored or is_deserved_again:
        _change(customer_id, known, after, ACTED, deserved=deserved)
    return Review(known.rank, after, known.axes, known.facts)


def review_after_refund(customer_id: int) -> Review:
    """Reviews the rank after an order was reversed: undoes the rise that only this order had caused, if there
    is one.

    A rank that is no longer deserved for other reasons is left to the review day and its warning.
    """
    return undo_rise(customer_id, REFUND)


def undo_rise(customer_id: int, cause: str) -> Review:
    """Undoes each rise that would not have happened by what is left today of what was known on its day.

    Each is judged by the rules and the average of its own day. A rank that is deserved by what was done since
    stays. `cause` is stored in the history.
    """
    require_transaction()
    known = rank_facts.read(customer_id)
    deserved = rank_of(known.axes, known.facts, shop.get(RankSection).rules())
    if known.rank is None or deserved >= known.rank:
        return review(customer_id)
    after = max(deserved, _still_earned(customer_id, known.rank))
    if after < known.rank:
        _change(customer_id, known, after, cause, deserved=deserved)
    elif known.axes != known.stored:
        _change(customer_id, known, known.rank, cause, deserved=deserved)
    return Review(known.rank, after, known.axes, known.facts)


def snapshot(customer_id: int) -> RankSnapshot:
    """The customer's rank, axes and facts now; reads only, in one statement."""
    known = rank_facts.read(customer_id)
    rank = known.rank or rank_of(known.axes, known.facts, shop.get(RankSection).rules())
    return RankSnapshot(rank, known.axes, known.facts)


def offer(customer_id: int, rank: Rank, possible: Possible) -> RankOffer:
    """The cheapest possible next step towards a rank above `rank`, such that it still leads there on its last
    day: what leaves the qualifying period until then is left out, and money is measured against the highest
    average until then. Reads only."""
    until = localtime.today() + OFFER_LASTS
    facts = rank_facts.promised(customer_id, until)
    action = next_action(facts, shop.get(RankSection).rules(), rank, possible)
    return RankOffer(action, until, rank is max(Rank))


def at_risk(customer_id: int, possible: Possible) -> AtRisk | None:
    """The rank that will fall, and the step that would keep it on the day of the fall; None where none
    will."""
    known = rank_facts.read(customer_id)
    if known.rank is None or known.falls_on is None:
        return None
    rules = shop.get(RankSection).rules()
    if rank_of(known.axes, known.facts, rules) >= known.rank:
        return None
    then = rank_facts.promised(customer_id, max(known.falls_on, localtime.today()))
    return AtRisk(known.rank, known.falls_on, keeping_action(then, rules, known.rank, possible))


def postpone_fall(customer_id: int) -> None:
    """Removes the fall and its warning, for a customer who cannot be warned now: the next nightly review
    finds it again, and no grace period runs until then."""
    require_transaction()
    CustomerRank.update(below_since=None, falls_on=None).where(CustomerRank.customer == customer_id).execute()


def of_customer(customer_id: int) -> CustomerRank | None:
    """The rank as last reviewed."""
    found: CustomerRank | None = CustomerRank.get_or_none(CustomerRank.customer == customer_id)
    return found


def changes(customer_id: int) -> list[RankChange]:
    """The changes of the customer's rank, oldest first."""
    return list(RankChange.select().where(RankChange.customer == customer_id).order_by(RankChange.id))


def count_by_rank() -> dict[Rank, int]:
    """How many customers hold each rank, ranks without customers included."""
    rows: Any = (
        CustomerRank.select(CustomerRank.rank, fn.COUNT(CustomerRank.id)).group_by(CustomerRank.rank).tuples()
    )
    counted: dict[int, int] = dict(rows)
    return {rank: int(counted.get(rank, 0)) for rank in Rank}


def ranks_held() -> Any:
    """Query of (customer, rank), for figures of other domains."""
    return CustomerRank.select(CustomerRank.customer, CustomerRank.rank)


def _still_earned(customer_id: int, held: Rank) -> Rank:
    """The rank that remains when every rise is undone that today's facts would not have caused."""
    earned = held
    for change in reversed(changes(customer_id)):
        before = Rank(change.before or Rank.BASIC)
        if change.after <= before or before >= earned:
            continue
        deserved = _deserved_then(change)
        if deserved >= earned:
            break
        earned = max(before, deserved)
    return earned


def _deserved_then(change: RankChange) -> Rank:
    section = versions.read(change.rule_version) or shop.get(RankSection)
    known = rank_facts.read(change.customer_id, localtime.local_date(change.changed_at), section)
    average = change.average_ltv_yen or known.facts.average_ltv_yen
    facts = replace(known.facts, average_ltv_yen=average)
    rules = section.rules()
    return rank_of(axes_of(facts, rules), facts, rules)


def _begin(customer_id: int, rank: Rank, axes: Axes) -> bool:
    customers.lock(customer_id)
    now, version = localtime.now(), rule_versions.store("ranks", shop.get(RankSection))
    begun = insert_once(
        CustomerRank,
        customer=customer_id,
        rank=rank,
        since=now,
        reviewed_at=now,
        rule_version=version,
        held_until=_a_period_from(localtime.today()) if rank > Rank.BASIC else None,
        **_axis(axes),
    )
    if begun is None:
        return False
    RankChange.insert(
        customer=customer_id,
        before=None,
        after=rank,
        changed_at=now,
        rule_version=version,
        cause=JOINED,
        **_axis(axes),
    ).execute()
    return True


def _change(customer_id: int, known: RankInputs, after: Rank, cause: str, *, deserved: Rank) -> None:
    if after != known.rank:
        customers.lock(customer_id)  # a rise brings gifts, which also belong to the customer
    now, version = localtime.now(), rule_versions.store("ranks", shop.get(RankSection))
    changes: dict[str, Any] = {"reviewed_at": now, "rule_version": version, **_axis(known.axes)}
    rank = known.rank or Rank.BASIC
    if after != rank:
        changes |= {"rank": after, "since": now}
    if deserved >= after or after != rank:
        changes |= {"below_since": None, "falls_on": None}
    if after > rank or (deserved >= after == rank and known.below_since is not None):
        changes |= {"held_until": _a_period_from(localtime.today())}
    elif after < rank:
        changes |= {"held_until": _held_until_before(customer_id, after)}
    # Another event, of a friend, may have raised the rank in the meantime: only the one that finds it
    # unchanged writes the history.
    changed = (
        CustomerRank.update(**changes)
        .where(CustomerRank.customer == customer_id, CustomerRank.rank == known.rank)
        .execute()
    )
    if after != known.rank and changed == 1:
        RankChange.insert(
            customer=customer_id,
            before=known.rank,
            after=after,
            changed_at=now,
            rule_version=version,
            cause=cause,
            average_ltv_yen=known.facts.average_ltv_yen,
            **_axis(known.axes),
        ).execute()


def _a_period_from(day: date) -> date:
    return windows.same_day_after(day, shop.get(RankSection).qualifying_months)


def _held_until_before(customer_id: int, rank: Rank) -> date | None:
    """Until when a rank stays to which an undone rise leads back: a period from when it was reached
    before."""
    reached = [
        change.changed_at
        for change in changes(customer_id)
        if change.after == rank and rank > (change.before or 0)
    ]
    if rank is Rank.BASIC or not reached:
        return None
    return _a_period_from(localtime.local_date(reached[-1]))


def _axis(axes: Axes) -> dict[str, int]:
    return {"money": axes.money, "behaviour": axes.behaviour, "relationship": axes.relationship}
