"""The clock's job that keeps the profiles of customers: each minute those whose facts changed, each night all.

Whose facts changed is read from append-only tables, from where the last run stopped; the newest rows are read
again for a while, since a transaction with a lower id may commit later. The nightly walk over all customers
mends whatever came by another way, such as a product that was marked as premium.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.db.workloads import background_work, tidy_log
from customers.orders import purchase_changes
from handlers import stage_facts
from journeys.audience import profiles
from journeys.audience.profiles import REBUILD, Profile
from journeys.audience.tables import ProfileCursor
from rewards.ranks import stored_ranks
from rewards.referrals import joining
from surveys.nps import answers
from surveys.nps.settings import SurveyRules
from surveys.testimonials import published

BEGINS_AT_HOUR = 4
"""The shop's hour from which the nightly walk may begin, after the review of ranks."""
SECONDS_A_RUN = 5.0
"""How long one run may walk: other jobs must not wait long."""
AT_ONCE = 250
"""Customers in one transaction."""
READ_AT_ONCE = 5_000
HIGHEST_ID = 2**31 - 1
LONGEST_TRANSACTION = timedelta(minutes=5)
TESTIMONIALS_FOLLOW_WITHIN = timedelta(days=1)
"""The event that counts a published testimonial is handled later than it was published."""


@dataclass(frozen=True, slots=True)
class Appended:
    """A table whose rows are added, each with the id of a customer."""

    name: str
    read: Callable[[int, int], list[tuple[int, int | None, datetime]]]
    """Rows above an id: id, customer, moment."""
    may_change: Callable[[], timedelta] = lambda: timedelta()
    """How long a row may change after it was added."""


APPENDED = (
    Appended("customers", profiles.new_after),
    Appended("purchases", purchase_changes.recorded_after),
    Appended("refunds", purchase_changes.refunded_after),
    Appended("ranks", stored_ranks.changed_after),
    Appended(
        "answers", answers.answered_after, lambda: timedelta(minutes=shop.get(SurveyRules).correction_minutes)
    ),
    Appended("referrals", joining.joined_after),
)
CHANGED: dict[str, Callable[[datetime], set[int]]] = {
    "orders-changed": purchase_changes.credited_or_cancelled_since,
    "referrals-decided": joining.decided_since,
    "testimonials": published.changed_since,
}


def keep_profiles() -> int:
    """Bring the profiles up to date; how many changed."""
    with background_work():
        return _upkeep() + _rebuild()


def keep_changed() -> int:
    """Bring the profiles of those up to date whose facts changed since the last run, within the caller's transaction;
    how many changed."""
    now = localtime.now()
    ids, positions = _changed(now)
    count = sum(profiles.write(_computed(chunk)) for chunk in _chunks(ids))
    profiles.remember(positions, now)
    return count


def _upkeep() -> int:
    """The same in short transactions of its own."""
    now = localtime.now()
    ids, positions = _changed(now)
    count = _refresh(ids)
    with write_transaction():
        profiles.remember(positions, now)
    return count


def _changed(now: datetime) -> tuple[set[int], dict[str, int]]:
    """The customers whose facts changed since the last run, and how far each source is read then.

    The first run begins with what is new from now on: the walk that follows computes all customers.
    """
    ids: set[int] = set()
    positions, cursors = dict.fromkeys(CHANGED, 0), profiles.cursors()
    for source in APPENDED:
        found, positions[source.name] = _changed_rows(source, cursors.get(source.name), now)
        ids |= found
    for name, read in CHANGED.items():
        if known := cursors.get(name):
            overlap = TESTIMONIALS_FOLLOW_WITHIN if name == "testimonials" else LONGEST_TRANSACTION
            ids |= read(known.read_at - overlap)
    return ids, positions


def _changed_rows(source: Appended, known: ProfileCursor | None, now: datetime) -> tuple[set[int], int]:
    """The customers of the rows not read for good yet, and the id up to which they are now."""
    settled = now - LONGEST_TRANSACTION - source.may_change()
    if known is None:
        return set(), _last_settled(source, settled)
    ids: set[int] = set()
    position = last = known.position
    while found := source.read(last, READ_AT_ONCE):
        last = found[-1][0]
        position = max([position, *(row_id for row_id, _, at in found if at <= settled)])
        ids.update(customer_id for _, customer_id, _ in found if customer_id is not None)
    return ids, position


def _last_settled(source: Appended, settled: datetime) -> int:
    """The highest id of a row from before that moment, found by halving: ids rise with time."""
    low, high = 0, HIGHEST_ID
    while low < high:
        middle = (low + high) // 2
        found = source.read(middle, 1)
        if found and found[0][2] <= settled:
            low = found[0][0]
        else:
            high = middle
    return low


def _rebuild() -> int:
    """Walk over all customers, once a night and when that was never done, as far as the time goes; how many changed."""
    walk, now = profiles.cursors().get(REBUILD), localtime.now()
    if walk is None or (walk.finished_at is not None and _is_next_night(walk.read_at, now)):
        position, began = 0, now
    elif walk.finished_at is None:
        position, began = walk.position, walk.read_at
    else:
        return 0
    until, count = time.monotonic() + SECONDS_A_RUN, 0
    while ids := profiles.ids_after(position, AT_ONCE):
        count += _refresh(ids)
        position = ids[-1]
        if time.monotonic() > until:
            with write_transaction():
                profiles.remember({REBUILD: position}, began)
            return count
    with write_transaction():
        profiles.remember({REBUILD: position}, began, localtime.now())
    return count


def _is_next_night(began: datetime, now: datetime) -> bool:
    return (
        localtime.local_date(began) < localtime.local_date(now)
        and localtime.local(now).hour >= BEGINS_AT_HOUR
    )


def _refresh(customer_ids: Iterable[int]) -> int:
    """Compute these customers' profiles and store what changed, in chunks; how many changed."""
    count = 0
    for chunk in _chunks(customer_ids):
        # Read before the write lock is taken: what changes meanwhile is among the newest rows of the next run.
        if changed := profiles.differing(_computed(chunk)):
            with write_transaction():
                count += profiles.write(changed)
            tidy_log()
    return count


def _computed(customer_ids: list[int]) -> dict[int, Profile]:
    return {
        each: Profile(int(now.rank), now.score, now.segment, now.stage.value)
        for each, now in stage_facts.of_many(customer_ids).items()
    }


def _chunks(customer_ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(sorted(customer_ids))
    while chunk := list(islice(remaining, AT_ONCE)):
        yield chunk
