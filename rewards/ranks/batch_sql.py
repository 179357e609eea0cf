"""The rules of `rules.py` and `changes.py` in SQL, for a range of customers at once. Reads only.

What counts comes from the same lists, `rules.BEHAVIOUR` and `RELATIONSHIP`, and where it is read from
`facts.py`. For the rest the Python rules are the reference: `tests/storage/rewards/test_rank_batch_sql.py`
compares each customer of generated shops with them, on both databases. Rules and days are literals in the
statement (numbers and dates of our own), so that one statement serves a whole night; the ids are its only
values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot import localtime
from bot.db import database
from customers.orders.purchases import is_purchase_sql
from customers.values import windows
from rewards.ledger.actions import Action
from rewards.ledger.ledger import EntryKind
from rewards.ranks.facts import ACTIONS, DAYS
from rewards.ranks.rules import BEHAVIOUR, FULL, RELATIONSHIP, Counted, Rank, RankRules
from rewards.ranks.settings import RankSection


@dataclass(frozen=True, slots=True)
class Measure:
    """What customers are measured by: the rules, the day, and the average LTV in yen."""

    section: RankSection
    on: date
    average_ltv_yen: int


def measure_sql(measure: Measure) -> str:
    """A SELECT of the customers with ids from ? to ? (`values_of`), one row each: the stored rank and axes
    (`before_rank`, `money_before` …), the axes now, the rank `deserved`, and the rank `after_rank` after this
    review."""
    # Materialized, or SQLite computes each axis again at every place that names it.
    return (
        f"WITH facts AS MATERIALIZED ({_facts(measure)}), "  # noqa: S608 -- literals of our own
        f"axes AS MATERIALIZED (SELECT facts.*, {_axes(measure)} FROM facts), "
        f"measured AS MATERIALIZED (SELECT axes.*, {_deserved(measure.section)} AS deserved FROM axes) "
        f"SELECT measured.*, {_after(measure)} AS after_rank FROM measured"
    )


def values_of(first_id: int, last_id: int) -> list[int]:
    """The values for the placeholders in `measure_sql`."""
    return [first_id, last_id] * 6


def last_of_chunk(after_id: int, size: int) -> int | None:
    """The highest id of the next so many customers; None when there are no more."""
    ids = "SELECT id FROM customer WHERE id > ? ORDER BY id LIMIT ?"
    highest = database.execute(f"SELECT MAX(id) FROM ({ids}) AS ids", after_id, size).fetchone()[0]  # noqa: S608
    return None if highest is None else int(highest)


def quoted(value: Any) -> str:
    """A date, a time or a word of our own, as a literal."""
    return f"'{value}'"


def _facts(measure: Measure) -> str:
    period = windows.months(measure.on, measure.section.qualifying_months)
    days = f"BETWEEN {quoted(period.first_on)} AND {quoted(period.last_on)}"
    names = ", ".join(
        f"COALESCE({table}.{name}, 0) AS {name}"
        for table, some in (("acted", ACTIONS), ("came", DAYS))
        for name in some
    )
    return (
        "SELECT c.id AS customer_id, s.rank AS before_rank, s.money AS money_before, "  # noqa: S608 -- as above
        "s.behaviour AS behaviour_before, s.relationship AS relationship_before, s.below_since, s.falls_on, "
        "s.held_until, s.reviewed_at AS seen_at, COALESCE(bought.sales_yen, 0) AS sales_yen, "
        f"COALESCE(bought.purchase_count, 0) AS purchase_count, {names}, "
        f"COALESCE(shown.testimonial_count, 0) AS testimonial_count, {_months(measure)} AS months_since_joining "
        "FROM customer c LEFT JOIN standing s ON s.customer_id = c.id AND s.customer_id BETWEEN ? AND ? "
        f"LEFT JOIN ({_purchases(days)}) AS bought ON bought.customer_id = c.id "
        f"LEFT JOIN ({_actions(days)}) AS acted ON acted.customer_id = c.id "
        f"LEFT JOIN ({_active_days(days)}) AS came ON came.customer_id = c.id "
        f"LEFT JOIN ({_shown(days)}) AS shown ON shown.customer_id = c.id "
        "WHERE c.id BETWEEN ? AND ?"
    )


def _purchases(days: str) -> str:
    return (
        "SELECT customer_id, SUM(total_yen - refunded_yen) AS sales_yen, "  # noqa: S608 -- as above
        "COUNT(*) AS purchase_count "
        f"FROM purchase WHERE customer_id BETWEEN ? AND ? AND {is_purchase_sql()} AND ordered_on {days} "
        "GROUP BY customer_id"
    )


def _actions(days: str) -> str:
    counts = ", ".join(
        f"SUM(CASE WHEN e.action = {quoted(action.value)} THEN 1 ELSE 0 END) AS {name}"
        for name, action in ACTIONS.items()
    )
    actions = ", ".join(quoted(action.value) for action in dict.fromkeys((*_INDEXED, *ACTIONS.values())))
    return (
        f"SELECT e.customer_id, {counts} FROM ledger_entry e "  # noqa: S608 -- as above
        f"WHERE e.customer_id BETWEEN ? AND ? AND e.kind = {quoted(EntryKind.EARN.value)} AND e.action IN ({actions}) "
        f"AND e.occurred_on {days} "
        "AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id) "
        "GROUP BY e.customer_id"
    )


def _active_days(days: str) -> str:
    counts = ", ".join(
        f"SUM(CASE WHEN kind = {quoted(kind.value)} THEN 1 ELSE 0 END) AS {name}"
        for name, kind in DAYS.items()
    )
    return (
        f"SELECT customer_id, {counts} FROM customer_day "  # noqa: S608 -- as above
        f"WHERE customer_id BETWEEN ? AND ? AND day {days} GROUP BY customer_id"
    )


def _shown(days: str) -> str:
    return (
        "SELECT customer_id, COUNT(*) AS testimonial_count FROM shown_testimonial "  # noqa: S608 -- as above
        f"WHERE customer_id BETWEEN ? AND ? AND shown_on {days} GROUP BY customer_id"
    )


_INDEXED = (Action.SURVEY_ANSWER, Action.REFERRAL, Action.TESTIMONIAL, Action.COMMENT)
"""As in the index `ledger_entry_counted`, to which an action that counts from now on must be added."""


def _months(measure: Measure) -> str:
    """Full months since joining, up to the number that counts. Days are the shop's, so each month is compared
    as a time."""
    most = measure.section.month[1]
    joined = "COALESCE(c.registered_at, c.first_seen_at)"
    whens = " ".join(
        f"WHEN {joined} < {quoted(_begin_after(windows.same_day_before(measure.on, months)))} THEN {months}"
        for months in range(most, 0, -1)
    )
    return f"CASE {whens} ELSE 0 END" if whens else "0"


def _begin_after(day: date) -> str:
    moment = localtime.start_of(day + timedelta(days=1))
    return moment.replace(tzinfo=None).isoformat(" ")


def _axes(measure: Measure) -> str:
    rules = measure.section.rules()
    sales = "CASE WHEN sales_yen > 0 THEN sales_yen ELSE 0 END"
    money = f"{rules.money_at_average} * ({sales}) / {max(1, measure.average_ltv_yen)}"
    return (
        f"{_least(money)} AS money, {_least(_sum(BEHAVIOUR, rules))} AS behaviour, "
        f"{_least(_sum(RELATIONSHIP, rules))} AS relationship"
    )


def _sum(counted: Sequence[Counted], rules: RankRules) -> str:
    worths = ((one.fact, *one.worth(rules)) for one in counted)
    return " + ".join(
        f"{each} * (CASE WHEN {fact} > {most} THEN {most} ELSE {fact} END)" for fact, each, most in worths
    )


def _least(axis: str) -> str:
    return f"{'LEAST' if database.is_postgres() else 'MIN'}({FULL}, {axis})"


def _deserved(section: RankSection) -> str:
    rules = section.rules()
    whens = []
    for rank in sorted(Rank, reverse=True)[:-1]:
        asked = rules.asked_for(rank)
        whens.append(
            f"WHEN money >= {asked.money} AND behaviour >= {asked.behaviour} "
            f"AND relationship >= {asked.relationship} THEN {rank.value}"
        )
    lowest = Rank.BASIC.value
    return f"CASE WHEN purchase_count < 1 THEN {lowest} {' '.join(whens)} ELSE {lowest} END"


def _after(measure: Measure) -> str:
    return (
        "CASE WHEN before_rank IS NULL OR deserved > before_rank THEN deserved "
        f"WHEN deserved < before_rank AND falls_on <= {quoted(measure.on)} THEN before_rank - 1 "
        "ELSE before_rank END"
    )
