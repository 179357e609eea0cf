"""Keeps the profiles of customers: writes what changed, and remembers how far changes were read.

What a profile is computed from is in other domains; `handlers/profile_jobs.py` reads it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot import localtime
from bot.db.database import advisory_lock, execute, require_transaction, rows, stored
from customers.people.customer import Customer
from journeys.audience.tables import CustomerProfile, ProfileCursor

REBUILD = "rebuild"


class Profile(NamedTuple):
    """What is stored of a customer."""

    rank: int
    """1 Basic … 4 Ambassador."""
    score: int | None
    segment: str | None
    stage: str


def differing(computed: Mapping[int, Profile]) -> dict[int, Profile]:
    """Those that are not stored so; asked before `write`, so that most runs take no lock."""
    return _differing(computed, _stored(computed))


def write(computed: Mapping[int, Profile]) -> int:
    """Store the profiles that differ from the stored ones, and the changes of stages; how many."""
    require_transaction()
    # Two clocks would find the same stage before, and both record its change.
    advisory_lock("customer-profiles")
    known = _stored(computed)
    changed = _differing(computed, known)
    present = _present(changed)
    new_rows, moved, now = [], [], localtime.now()
    for customer_id in sorted(present):
        new, (old, since) = changed[customer_id], known.get(customer_id, (None, None))
        is_same_stage = old is not None and old.stage == new.stage
        new_rows.append((customer_id, *new, stored(since if is_same_stage else now), stored(now)))
        if old is not None and not is_same_stage:
            moved.append((customer_id, old.stage, new.stage, stored(now)))
    if new_rows:
        execute(_UPSERT.format(rows(len(new_rows), 7)), *(value for row in new_rows for value in row))
    if moved:
        execute(_MOVED.format(rows(len(moved), 4)), *(value for row in moved for value in row))
    return len(new_rows)


_UPSERT = (
    "INSERT INTO customer_profile (customer_id, rank, score, segment, stage, stage_since, changed_at) VALUES {} "
    "ON CONFLICT (customer_id) DO UPDATE SET rank = excluded.rank, score = excluded.score, "
    "segment = excluded.segment, stage = excluded.stage, stage_since = excluded.stage_since, "
    "changed_at = excluded.changed_at"
)
_MOVED = "INSERT INTO stage_change (customer_id, before, after, changed_at) VALUES {}"


def _differing(
    computed: Mapping[int, Profile], known: Mapping[int, tuple[Profile, datetime]]
) -> dict[int, Profile]:
    return {each: new for each, new in computed.items() if each not in known or known[each][0] != new}


def _stored(customer_ids: Collection[int]) -> dict[int, tuple[Profile, datetime]]:
    return {
        customer_id: (Profile(row.rank, row.score, row.segment, row.stage), row.stage_since)
        for customer_id, row in of_customers(customer_ids).items()
    }


def _present(customer_ids: Collection[int]) -> set[int]:
    """Those who were not erased since they were read."""
    found: Any = Customer.select(Customer.id).where(Customer.id.in_(list(customer_ids))).tuples()
    return {customer_id for (customer_id,) in found}


def of_customers(customer_ids: Collection[int]) -> dict[int, CustomerProfile]:
    """The stored profiles of these customers, by id."""
    query = CustomerProfile.select().where(CustomerProfile.customer.in_(list(customer_ids)))
    return {row.customer_id: row for row in query}


def ids_after(customer_id: int, limit: int) -> list[int]:
    """The next customers by id."""
    query: Any = (
        Customer.select(Customer.id).where(Customer.id > customer_id).order_by(Customer.id).limit(limit)
    )
    return [found for (found,) in query.tuples()]


def new_after(position: int, limit: int) -> list[tuple[int, int | None, datetime]]:
    """Customers with a higher id, in its order: each as the id twice and when they were first seen."""
    query: Any = Customer.select(Customer.id, Customer.id, Customer.first_seen_at)
    return list(query.where(Customer.id > position).order_by(Customer.id).limit(limit).tuples())


def cursors() -> dict[str, ProfileCursor]:
    """How far each source was read; without those that never were."""
    return {row.source: row for row in ProfileCursor.select()}


def remember(positions: Mapping[str, int], read_at: datetime, finished_at: datetime | None = None) -> None:
    """Store how far these sources were read."""
    require_transaction()
    read = {"read_at": read_at, "finished_at": finished_at}
    values = [{"source": source, "position": position} | read for source, position in positions.items()]
    changed = [ProfileCursor.position, ProfileCursor.read_at, ProfileCursor.finished_at]
    ProfileCursor.insert_many(values).on_conflict(
        conflict_target=[ProfileCursor.source], preserve=changed
    ).execute()
