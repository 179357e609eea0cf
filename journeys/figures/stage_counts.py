"""Counts the figures of the stages for a whole shop, each in one statement over sets, and finds the people in them.

The rules are those of `stage_history.py`. The history begins when the profiles were first computed
(`journeys/audience/profiles.py`): before that, nobody's stage is known.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from peewee import SQL, Case, fn

from bot import localtime
from bot.db.database import as_moment, execute, is_postgres, stored
from customers.figures import id_ranges
from customers.orders.purchases import is_purchase
from customers.orders.tables import Purchase
from customers.people.customer import Customer
from customers.values.windows import Window
from journeys.audience.tables import CustomerProfile, StageChange
from journeys.enrolments.stages import Stage
from journeys.figures.stage_history import ORDER, Stays


def history_began() -> datetime | None:
    """Since when the stages of customers are known; None before any was computed."""
    moments = [
        as_moment(execute(sql).fetchone()[0])
        for sql in (
            "SELECT MIN(stage_since) FROM customer_profile",
            "SELECT MIN(changed_at) FROM stage_change",
        )
    ]
    return min((each for each in moments if each is not None), default=None)


def is_known(on: date) -> bool:
    """Whether the history reaches back to the end of that day."""
    began = history_began()
    return began is not None and began < _end_of(on)


def on_each() -> dict[Stage, int]:
    """The people on each stage now."""
    query: Any = CustomerProfile.select(CustomerProfile.stage, fn.COUNT(CustomerProfile.customer))
    counts = dict(query.group_by(CustomerProfile.stage).tuples())
    return {stage: int(counts.get(stage.value, 0)) for stage in ORDER}


def count_on(stages: Sequence[Stage], on: date) -> int:
    """The people on any of these stages at the end of that day."""
    return int(people_on(stages, on).count())


def people_on(stages: Sequence[Stage], on: date) -> Any:
    """Query of the customers on any of these stages at the end of that day, or now."""
    if on >= localtime.today():
        return CustomerProfile.select(CustomerProfile.customer).where(
            CustomerProfile.stage.in_([stage.value for stage in stages])
        )
    until = _end_of(on)
    left = (
        StageChange.select(StageChange.before)
        .where(StageChange.customer == Customer.id, StageChange.changed_at >= until)
        .order_by(StageChange.changed_at, StageChange.id)
        .limit(1)
    )
    now = CustomerProfile.select(CustomerProfile.stage).where(CustomerProfile.customer == Customer.id)
    stage = fn.COALESCE(left, now)
    return Customer.select(Customer.id).where(
        Customer.first_seen_at < until, stage.in_([each.value for each in stages])
    )


def people_moved(window: Window, *, forward: bool, ids: tuple[int, int] | None = None) -> Any:
    """Query of the customers who were on a later stage at the end of these days than at their beginning; not
    `forward`, on an earlier one. With `ids`, those above the one id and up to the other."""
    moves = _moves(window, ids)
    before, after = _position(moves.c.before), _position(moves.c.after)
    return (
        StageChange.select(moves.c.customer_id)
        .from_(moves)
        .where(after > before if forward else after < before)
    )


def people_stayed(stage: Stage, window: Window) -> Any:
    """Query of the customers whose stays `stays` counts for that stage."""
    earlier: Any = StageChange.alias()
    came_from = earlier.select(earlier.id).where(
        earlier.customer == StageChange.customer,
        (earlier.changed_at < StageChange.changed_at)
        | ((earlier.changed_at == StageChange.changed_at) & (earlier.id < StageChange.id)),
    )
    is_begun: Any = fn.EXISTS(came_from)
    seen = Customer.first_seen_at <= StageChange.changed_at
    bought = Purchase.select(Purchase.id).where(
        is_purchase(),
        Purchase.customer == StageChange.customer,
        Purchase.ordered_at <= StageChange.changed_at,
    )
    if stage is Stage.ACQUIRED:
        is_begun |= seen
    if stage is Stage.FIRST:
        is_begun |= seen & fn.EXISTS(bought)
    return (
        StageChange.select(StageChange.customer)
        .join(Customer)
        .where(
            StageChange.before == stage.value,
            StageChange.after.in_([each.value for each in ORDER[ORDER.index(stage) + 1 :]]),
            StageChange.changed_at >= localtime.start_of(window.first_on),
            StageChange.changed_at < _end_of(window.last_on),
            is_begun,
        )
        .distinct()
    )


def page(stages: Sequence[Stage], on: date, after_id: int, limit: int) -> list[int]:
    """The next of `people_on` by id."""
    if on < localtime.today():
        return _ids(people_on(stages, on).where(Customer.id > after_id).order_by(Customer.id).limit(limit))
    # One stage at a time goes by the index of stage and customer, however rare the stage is.
    found = [
        each
        for stage in stages
        for each in _ids(
            people_on([stage], on)
            .where(CustomerProfile.customer > after_id)
            .order_by(CustomerProfile.customer)
            .limit(limit)
        )
    ]
    return sorted(found)[:limit]


def page_moved(window: Window, after_id: int, limit: int, *, forward: bool) -> list[int]:
    """The next of `people_moved` by id."""

    def of_range(above: int, up_to: int) -> Any:
        return people_moved(window, forward=forward, ids=(above, up_to))

    return id_ranges.page(of_range, after_id, limit)


def arrived(bounds: Sequence[datetime]) -> list[tuple[int, str, int]]:
    """(part of time, first stage, people) of all customers: by when they were first seen, with the earliest stage that
    is known. Part n begins with the n-th bound, part 0 is all before."""
    part, values = _part("k.first_seen_at", bounds)
    found = execute(
        f"SELECT {part} AS part, COALESCE(f.before, p.stage) AS stage, COUNT(*) "  # noqa: S608 -- fixed SQL
        "FROM customer_profile p JOIN customer k ON k.id = p.customer_id "
        "LEFT JOIN (SELECT customer_id, before, ROW_NUMBER() OVER "
        "(PARTITION BY customer_id ORDER BY changed_at, id) AS place FROM stage_change) f "
        "ON f.customer_id = p.customer_id AND f.place = 1 GROUP BY 1, 2 ORDER BY 1, 2",
        *values,
    ).fetchall()
    return [(int(part), stage, int(count)) for part, stage, count in found]


def went(bounds: Sequence[datetime]) -> list[tuple[int, str, str, int]]:
    """(part of time, from, to, people): of each customer and part with a change, the stage before the first and the
    stage after the last."""
    part, values = _part("changed_at", bounds)
    found = execute(
        "SELECT part, b, a, COUNT(*) FROM (SELECT part, customer_id, "  # noqa: S608 -- fixed SQL
        "MAX(CASE WHEN early = 1 THEN before END) AS b, MAX(CASE WHEN late = 1 THEN after END) AS a "
        "FROM (SELECT part, customer_id, before, after, "
        "ROW_NUMBER() OVER (PARTITION BY customer_id, part ORDER BY changed_at, id) AS early, "
        "ROW_NUMBER() OVER (PARTITION BY customer_id, part ORDER BY changed_at DESC, id DESC) AS late "
        f"FROM (SELECT id, customer_id, before, after, changed_at, {part} AS part FROM stage_change) c) d "
        "GROUP BY part, customer_id) m GROUP BY part, b, a ORDER BY part, b, a",
        *values,
    ).fetchall()
    return [(int(part), before, after, int(count)) for part, before, after, count in found]


def stays(window: Window, stage: Stage | None = None) -> dict[Stage, Stays]:
    """By stage, how many stays that ended with a step forward within these days lasted how many whole days, and how
    many have no beginning that is known. Of one stage alone where it is given."""
    only = "AND c.before = ? " if stage is not None else ""
    bought = (
        "(SELECT MIN(o.ordered_at) FROM purchase o WHERE o.customer_id = c.customer_id AND o.state = 'paid' "
        "AND o.total_yen > o.refunded_yen)"
    )
    found = execute(
        "SELECT before, days, COUNT(*) FROM (SELECT before, "  # noqa: S608 -- fixed SQL
        f"CASE WHEN began <= changed_at THEN ({_seconds('changed_at')} - {_seconds('began')}) / 86400 END AS days "
        "FROM ("
        "SELECT d.before, d.changed_at, CASE WHEN d.began IS NOT NULL THEN d.began "
        "WHEN d.before = 'acquired' THEN d.seen_at WHEN d.bought_at >= d.seen_at THEN d.bought_at "
        "WHEN d.bought_at IS NOT NULL THEN d.seen_at END AS began FROM ("
        "SELECT c.before, c.changed_at, c.began, k.first_seen_at AS seen_at, "
        f"CASE WHEN c.began IS NULL AND c.before = 'first' THEN {bought} END AS bought_at "
        "FROM (SELECT customer_id, before, after, changed_at, LAG(changed_at) OVER "
        "(PARTITION BY customer_id ORDER BY changed_at, id) AS began FROM stage_change) c "
        "JOIN customer k ON k.id = c.customer_id WHERE c.changed_at >= ? AND c.changed_at < ? "
        f"{only}AND {_place('c.after')} > {_place('c.before')}) d) e) f "
        "GROUP BY before, days",
        stored(localtime.start_of(window.first_on)),
        stored(_end_of(window.last_on)),
        *([stage.value] if stage is not None else []),
    ).fetchall()
    counts: dict[str, dict[int, int]] = {each: {} for each in ORDER}
    left_out: dict[str, int] = {}
    for before, days, count in found:
        if days is None:
            left_out[before] = int(count)
        else:
            counts[before][int(days)] = int(count)
    return {each: Stays(counts[each], left_out.get(each, 0)) for each in ORDER}


def _ids(query: Any) -> list[int]:
    return [customer_id for (customer_id,) in query.tuples()]


def _end_of(on: date) -> datetime:
    return localtime.start_of(on + timedelta(days=1))


def _moves(window: Window, ids: tuple[int, int] | None) -> Any:
    """Subquery: of each customer with a change within these days, the stage before the first and after the last."""
    order = [StageChange.changed_at, StageChange.id]
    backwards = [StageChange.changed_at.desc(), StageChange.id.desc()]
    changes = StageChange.select(
        StageChange.customer.alias("customer_id"),
        StageChange.before,
        StageChange.after,
        fn.ROW_NUMBER().over(partition_by=[StageChange.customer], order_by=order).alias("early"),
        fn.ROW_NUMBER().over(partition_by=[StageChange.customer], order_by=backwards).alias("late"),
    ).where(
        StageChange.changed_at >= localtime.start_of(window.first_on),
        StageChange.changed_at < _end_of(window.last_on),
    )
    if ids is not None:
        changes = changes.where(StageChange.customer > ids[0], StageChange.customer <= ids[1])
    changes = changes.alias("changes")
    columns = changes.c
    return (
        StageChange.select(
            columns.customer_id,
            fn.MAX(Case(None, [(columns.early == 1, columns.before)])).alias("before"),
            fn.MAX(Case(None, [(columns.late == 1, columns.after)])).alias("after"),
        )
        .from_(changes)
        .group_by(columns.customer_id)
        .alias("moves")
    )


def _position(column: Any) -> Any:
    return Case(column, [(stage.value, SQL(str(place))) for place, stage in enumerate(ORDER)])


def _place(column: str) -> str:
    whens = " ".join(f"WHEN '{stage.value}' THEN {place}" for place, stage in enumerate(ORDER))
    return f"CASE {column} {whens} END"


def _part(column: str, bounds: Sequence[datetime]) -> tuple[str, list[Any]]:
    """Which part of time a moment is in, as SQL and its values."""
    if not bounds:
        return "0", []
    whens = " ".join(f"WHEN {column} < ? THEN {place}" for place in range(len(bounds)))
    return f"CASE {whens} ELSE {len(bounds)} END", [stored(each) for each in bounds]


def _seconds(column: str) -> str:
    if is_postgres():
        return f"CAST(FLOOR(EXTRACT(EPOCH FROM {column})) AS BIGINT)"
    return f"CAST(strftime('%s', {column}) AS INTEGER)"
