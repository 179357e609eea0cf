"""Reviews all customers' ranks each night, a range of customers at a time: rises, warnings due, and falls.

`batch_sql.py` has the query, which reads many customers at once without a lock. What changed is then written
in small chunks: rank, history, and what is to be sent to customers (`notifications.py`). The caller sizes the
chunks by how long each may hold the write lock.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot import localtime
from bot.config import shop
from bot.db import database
from bot.db.database import insert_once, require_transaction
from customers.values import windows
from rewards.ledger import rule_versions
from rewards.ranks import average_ltv
from rewards.ranks.batch_sql import Measure, last_of_chunk, measure_sql, quoted, values_of
from rewards.ranks.rules import Rank
from rewards.ranks.settings import RankSection
from rewards.ranks.tables import RankReview

ROSE, BELOW = "rose", "below"
"""The kinds of notifications."""
Statement = tuple[str, tuple[Any, ...]]

_CHANGES = (
    "before_rank IS NULL OR after_rank <> before_rank OR money <> money_before OR behaviour <> behaviour_before "
    "OR relationship <> relationship_before OR below = 1 OR (deserved >= after_rank AND below_since IS NOT NULL)"
)
_COLUMNS = "customer_id, before_rank, after_rank, deserved, money, behaviour, relationship, seen_at, below"

_SNAPSHOT_ID = "+look.customer_id"
"""The plus sign makes SQLite begin with the few rows of `rank_look`, not with all ranks in their range."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of customers whose ranks changed, with the counts to store."""

    last_id: int
    count: int
    rose_count: int
    fell_count: int
    below_count: int


def begin_or_resume_review(on: date) -> RankReview | None:
    """That day's review, begun if it is new; None when it is finished. An interrupted one continues where it
    ended."""
    require_transaction()
    insert_once(
        RankReview,
        review_on=on,
        average_ltv_yen=average_ltv.yen_in_force(on),
        rule_version=rule_versions.store("ranks", shop.get(RankSection)),
    )
    review_run: RankReview = RankReview.get(RankReview.review_on == on)
    return None if review_run.finished_at is not None else review_run


def measure_statement(review_run: RankReview) -> str:
    """The query for a range of customers, the same for the whole night; its column `below` is 1 where a
    warning is due."""
    section = shop.get(RankSection)
    # As `changes.may_warn` has it: a warning must not announce a fall before `held_until`.
    warnable = quoted(review_run.review_on + timedelta(days=section.grace_days))
    return (
        "SELECT *, CASE WHEN deserved < after_rank AND (after_rank <> before_rank "  # noqa: S608 -- literals of our own
        f"OR (below_since IS NULL AND (held_until IS NULL OR held_until <= {warnable}))) "
        "THEN 1 ELSE 0 END AS below FROM "
        f"({measure_sql(Measure(section, review_run.review_on, review_run.average_ltv_yen))}) AS measured"
    )


def measure_next(review_run: RankReview, measured_sql: str, size: int) -> int | None:
    """Measures the next so many customers and stores what changed in `rank_look`; returns the last of their
    ids, None when there are no more.

    Call it outside a transaction, so that nobody waits for the database meanwhile.
    """
    last_id = last_of_chunk(review_run.done_to_id, size)
    if last_id is not None:
        _measure(measured_sql, review_run.done_to_id + 1, last_id)
    return last_id


def next_chunk(review_run: RankReview, size: int) -> Chunk | None:
    """The next so many rows of `rank_look`; None when all are written. Call it outside a transaction as
    well."""
    row = database.execute(
        "SELECT MAX(customer_id), COUNT(*), "
        "COALESCE(SUM(CASE WHEN after_rank > before_rank THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN after_rank < before_rank THEN 1 ELSE 0 END), 0), COALESCE(SUM(below), 0) "
        "FROM (SELECT * FROM rank_look WHERE customer_id > ? ORDER BY customer_id LIMIT ?) AS next",
        *(review_run.done_to_id, size),
    ).fetchone()
    return Chunk(*(int(each) for each in row)) if row[1] else None


def write(review_run: RankReview, chunk: Chunk) -> bool:
    """Writes what changed in that chunk; False where another process has advanced this review.

    Ranks that were reviewed since they were measured are left out: they are up to date, and reviewed again
    tomorrow.
    """
    require_transaction()
    changes: dict[str, Any] = {
        "rose_count": RankReview.rose_count + chunk.rose_count,
        "fell_count": RankReview.fell_count + chunk.fell_count,
        "below_count": RankReview.below_count + chunk.below_count,
    }
    ids = (review_run.done_to_id + 1, chunk.last_id)
    if not pass_over(review_run, chunk.last_id, **changes):
        return False
    _write(database.stored(localtime.now()), review_run, ids)
    return True


def pass_over(review_run: RankReview, to_id: int, **more: Any) -> bool:
    """Marks all customers up to that one as reviewed; False where another process has advanced this
    review."""
    require_transaction()
    moved = (
        RankReview.update(done_to_id=to_id, **more)
        .where(RankReview.id == review_run.id, RankReview.done_to_id == review_run.done_to_id)
        .execute()
    )
    review_run.done_to_id = to_id
    return bool(moved == 1)


def finish(review_run: RankReview) -> None:
    """Marks the review as finished."""
    require_transaction()
    RankReview.update(finished_at=localtime.now()).where(RankReview.id == review_run.id).execute()


def _measure(measured_sql: str, first_id: int, last_id: int) -> None:
    """Stores what changed in a temporary table of this connection: it is measured once and written in several
    chunks."""
    database.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS rank_look (customer_id INTEGER PRIMARY KEY, before_rank INTEGER, "
        "after_rank INTEGER, deserved INTEGER, money INTEGER, behaviour INTEGER, relationship INTEGER, "
        f"seen_at {'TIMESTAMP' if database.is_postgres() else 'TEXT'}, below INTEGER)"
    )
    database.execute("TRUNCATE rank_look" if database.is_postgres() else "DELETE FROM rank_look")
    found = database.execute(
        f"INSERT INTO rank_look SELECT {_COLUMNS} FROM ({measured_sql}) AS looked WHERE {_CHANGES}",  # noqa: S608 -- ours
        *values_of(first_id, last_id),
    )
    if found.rowcount and database.is_postgres():
        # PostgreSQL does not analyze temporary tables by itself, and would then scan all ranks instead.
        database.execute("ANALYZE rank_look")


def _write(now: Any, review_run: RankReview, ids: tuple[int, int]) -> None:
    """Writes the ranks that nobody reviewed in the meantime, and the history and notifications of just
    those."""
    rank_writes = _new_ranks(now, review_run, ids), _updated_ranks(now, review_run, ids)
    records = _history(now, review_run), _news(review_run)
    if database.is_postgres():
        _write_at_once(rank_writes, records)
    else:
        _write_in_turn(rank_writes, records, (now, *ids))


def _write_at_once(rank_writes: tuple[Statement, Statement], records: tuple[Statement, Statement]) -> None:
    """For PostgreSQL: one statement, which need not read again what it has just written."""
    (made, made_values), (moved, moved_values) = rank_writes
    (history, history_values), (news, news_values) = records
    written = (
        f"WITH made AS ({made} RETURNING customer_id), moved AS ({moved} RETURNING look.*), "  # noqa: S608
        "written AS (SELECT * FROM moved UNION ALL "
        "SELECT look.* FROM rank_look AS look JOIN made ON made.customer_id = look.customer_id), "
        f"changed AS ({history}) {news}"
    )
    database.execute(written, *made_values, *moved_values, *history_values, *news_values)


def _write_in_turn(
    rank_writes: tuple[Statement, Statement],
    records: tuple[Statement, Statement],
    written_by: tuple[Any, ...],
) -> None:
    """For SQLite: the written rows are found by their time in the range of ids; both are `written_by`."""
    written = (
        "WITH written AS (SELECT look.* FROM rank_look AS look "  # noqa: S608
        f"JOIN standing AS s ON s.customer_id = {_SNAPSHOT_ID} AND s.reviewed_at = ? AND s.rank = look.after_rank "
        "WHERE look.customer_id BETWEEN ? AND ?) "
    )
    for sql, values in rank_writes:
        database.execute(sql, *values)
    for sql, values in records:
        database.execute(written + sql, *written_by, *values)


_NOT_LOCKED = " AND {} IN (SELECT {} WHERE {} BETWEEN ? AND ? FOR NO KEY UPDATE SKIP LOCKED)"
"""Rows that an event has locked are left for tomorrow, so that no two transactions wait for each other.
SQLite has only one writer."""


def _unless_locked(row: str, rows: str, number: str, ids: tuple[int, int]) -> Statement:
    return (_NOT_LOCKED.format(row, rows, number), ids) if database.is_postgres() else ("", ())


def _new_ranks(now: Any, review_run: RankReview, ids: tuple[int, int]) -> Statement:
    free, values = _unless_locked("customer_id", "id FROM customer", "id", ids)
    return (
        "INSERT INTO standing (customer_id, rank, money, behaviour, relationship, since, reviewed_at, rule_version, "  # noqa: S608
        "held_until) SELECT customer_id, after_rank, money, behaviour, relationship, ?, ?, ?, "
        f"CASE WHEN after_rank > {Rank.BASIC.value} THEN ? END FROM rank_look "
        f"WHERE before_rank IS NULL AND customer_id BETWEEN ? AND ?{free} ON CONFLICT DO NOTHING",
        (now, now, review_run.rule_version, _held_until(review_run), *ids, *values),
    )


def _updated_ranks(now: Any, review_run: RankReview, ids: tuple[int, int]) -> Statement:
    on = _day(review_run.review_on)
    free, values = _unless_locked("standing.id", "held.id FROM standing AS held", "held.customer_id", ids)
    return (
        "UPDATE standing SET rank = look.after_rank, money = look.money, behaviour = look.behaviour, "  # noqa: S608
        "relationship = look.relationship, reviewed_at = ?, rule_version = ?, "
        "since = CASE WHEN look.after_rank <> look.before_rank THEN ? ELSE standing.since END, "
        "below_since = CASE WHEN look.deserved >= look.after_rank THEN NULL WHEN look.below = 1 THEN ? "
        "ELSE standing.below_since END, "
        "falls_on = CASE WHEN look.deserved >= look.after_rank OR look.below = 1 THEN NULL "
        "ELSE standing.falls_on END, "
        "held_until = CASE WHEN look.after_rank < look.before_rank THEN NULL "
        "WHEN look.after_rank > look.before_rank OR "
        f"(look.deserved >= look.after_rank AND standing.below_since IS NOT NULL) THEN ? "
        "ELSE standing.held_until END "
        f"FROM rank_look AS look WHERE standing.customer_id = {_SNAPSHOT_ID} "
        "AND standing.rank = look.before_rank AND standing.reviewed_at = look.seen_at "
        # A fall that was postponed in the meantime does not happen.
        "AND (look.after_rank >= look.before_rank OR standing.falls_on <= ?) "
        f"AND look.customer_id BETWEEN ? AND ?{free}",
        (now, review_run.rule_version, now, on, _held_until(review_run), on, *ids, *values),
    )


def _history(now: Any, review_run: RankReview) -> Statement:
    return (
        "INSERT INTO rank_change (customer_id, before, after, money, behaviour, relationship, changed_at, "
        "rule_version, cause, average_ltv_yen) "
        "SELECT customer_id, before_rank, after_rank, money, behaviour, relationship, ?, ?, ?, ? FROM written "
        "WHERE before_rank IS NULL OR after_rank <> before_rank",
        (now, review_run.rule_version, f"night:{review_run.review_on}", review_run.average_ltv_yen),
    )


def _news(review_run: RankReview) -> Statement:
    return (
        "INSERT INTO rank_news (customer_id, kind, rank, made_on) "  # noqa: S608 -- words of our own
        f"SELECT customer_id, CASE below WHEN 1 THEN '{BELOW}' ELSE '{ROSE}' END, after_rank, ? FROM written "
        "WHERE below = 1 OR after_rank > before_rank "
        "ON CONFLICT (customer_id, kind, made_on) DO UPDATE SET rank = excluded.rank",  # one was postponed to today
        (_day(review_run.review_on),),
    )


def _held_until(review_run: RankReview) -> Any:
    """The end of the qualifying period for ranks reached tonight, or deserved again after a warning."""
    return _day(windows.same_day_after(review_run.review_on, shop.get(RankSection).qualifying_months))


def _day(day: date) -> Any:
    return day if database.is_postgres() else day.isoformat()
