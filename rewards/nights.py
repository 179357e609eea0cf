"""Looks at everybody's rank, each night, a range of customers at a time: rises, warnings due, and falls.

`everybody.py` says what each look comes to. Here it is written down: standing, history, and what the customers are
to be told (`rank_news.py`). How long a chunk may hold the write lock is for the caller.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import database, localtime, shop
from bot.database import insert_once, require_transaction
from rewards import average_ltv, rule_versions
from rewards.everybody import Measure, last_of_chunk, looked_at, values_of
from rewards.rank_tables import RankNight
from rewards.rules import RankSection

ROSE, BELOW = "rose", "below"
"""The kinds of news."""

_CHANGES = (
    "before_rank IS NULL OR after_rank <> before_rank OR money <> money_before OR behaviour <> behaviour_before "
    "OR relationship <> relationship_before OR (deserved < after_rank AND below_since IS NULL) "
    "OR (deserved >= after_rank AND below_since IS NOT NULL)"
)
_KEPT = (
    "customer_id, before_rank, after_rank, deserved, money, behaviour, relationship, seen_at, "
    "CASE WHEN deserved < after_rank AND (below_since IS NULL OR after_rank <> before_rank) THEN 1 ELSE 0 END"
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one range of customers came to."""

    looked_at_count: int
    rose_count: int
    fell_count: int
    below_count: int


def tonight(on: date) -> RankNight | None:
    """The night of that day, begun if it is new; None when it is done. Whoever goes on goes on where it stands."""
    require_transaction()
    section = shop.get(RankSection)
    insert_once(
        RankNight,
        night_on=on,
        average_ltv_yen=average_ltv.known(),
        rule_version=rule_versions.keep("ranks", section),
    )
    night: RankNight = RankNight.get(RankNight.night_on == on)
    return None if night.finished_at is not None else night


def statement(night: RankNight) -> str:
    """The look at a range of customers, the same for the whole night."""
    return looked_at(Measure(shop.get(RankSection), night.night_on, night.average_ltv_yen))


def look_at_next(night: RankNight, look: str, size: int) -> Chunk | None:
    """Look at the next so many customers and write down what changed; None when everybody was looked at.

    Only standings that nobody reviewed meanwhile are written: who was, is right already, and is looked at tomorrow.
    """
    require_transaction()
    last_id = last_of_chunk(night.done_to_id, size)
    if last_id is None:
        RankNight.update(finished_at=localtime.now()).where(RankNight.id == night.id).execute()
        return None
    ids = (night.done_to_id + 1, last_id)
    _measure(look, *ids)
    now = database.stored(localtime.now())
    _write_standings(now, night, *ids)
    _write_history(now, night, *ids)
    counts = _write_news(now, night, *ids)
    changes: dict[str, Any] = {
        "done_to_id": last_id,
        "rose_count": RankNight.rose_count + counts.rose_count,
        "fell_count": RankNight.fell_count + counts.fell_count,
        "below_count": RankNight.below_count + counts.below_count,
    }
    RankNight.update(**changes).where(RankNight.id == night.id).execute()
    night.done_to_id = last_id
    return counts


def latest() -> RankNight | None:
    """The last night that was begun."""
    found: RankNight | None = RankNight.select().order_by(RankNight.night_on.desc()).first()
    return found


def _measure(look: str, first_id: int, last_id: int) -> None:
    """What changes, into a table of this connection alone: it is measured once and written from three times.

    The statements that join it name the ids' range too. No database knows how few rows it has, and each would
    rather look through all standings.
    """
    database.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS rank_look (customer_id INTEGER PRIMARY KEY, before_rank INTEGER, "
        "after_rank INTEGER, deserved INTEGER, money INTEGER, behaviour INTEGER, relationship INTEGER, "
        f"seen_at {'TIMESTAMP' if database.is_postgres() else 'TEXT'}, below INTEGER)"
    )
    database.execute("DELETE FROM rank_look")
    database.execute(
        f"INSERT INTO rank_look SELECT {_KEPT} FROM ({look}) AS looked WHERE {_CHANGES}",  # noqa: S608 -- ours
        *values_of(first_id, last_id),
    )


def _write_standings(now: Any, night: RankNight, *ids: int) -> None:
    version, on = night.rule_version, _day(night.night_on)
    database.execute(
        "INSERT INTO standing (customer_id, rank, money, behaviour, relationship, since, reviewed_at, rule_version) "
        "SELECT customer_id, after_rank, money, behaviour, relationship, ?, ?, ? FROM rank_look "
        "WHERE before_rank IS NULL ON CONFLICT DO NOTHING",
        *(now, now, version),
    )
    database.execute(
        "UPDATE standing SET rank = look.after_rank, money = look.money, behaviour = look.behaviour, "
        "relationship = look.relationship, reviewed_at = ?, rule_version = ?, "
        "since = CASE WHEN look.after_rank <> look.before_rank THEN ? ELSE standing.since END, "
        "below_since = CASE WHEN look.deserved >= look.after_rank THEN NULL WHEN look.below = 1 THEN ? "
        "ELSE standing.below_since END, "
        "falls_on = CASE WHEN look.deserved >= look.after_rank OR look.below = 1 THEN NULL "
        "ELSE standing.falls_on END "
        "FROM rank_look AS look WHERE standing.customer_id = look.customer_id "
        "AND standing.rank = look.before_rank AND standing.reviewed_at = look.seen_at "
        "AND standing.customer_id BETWEEN ? AND ?",
        *(now, version, now, on, *ids),
    )


def _write_history(now: Any, night: RankNight, *ids: int) -> None:
    database.execute(
        "INSERT INTO rank_change (customer_id, before, after, money, behaviour, relationship, changed_at, "
        "rule_version, cause, average_ltv_yen) "
        "SELECT look.customer_id, look.before_rank, look.after_rank, look.money, look.behaviour, "
        "look.relationship, ?, ?, ?, ? FROM rank_look look "
        "JOIN standing s ON s.customer_id = look.customer_id AND s.reviewed_at = ? AND s.rank = look.after_rank "
        "WHERE (look.before_rank IS NULL OR look.after_rank <> look.before_rank) "
        "AND s.customer_id BETWEEN ? AND ?",
        *(now, night.rule_version, f"night:{night.night_on}", night.average_ltv_yen, now, *ids),
    )


def _write_news(now: Any, night: RankNight, *ids: int) -> Chunk:
    for kind, which in (
        (ROSE, "look.before_rank IS NOT NULL AND look.after_rank > look.before_rank"),
        (BELOW, "look.below = 1"),
    ):
        database.execute(
            "INSERT INTO rank_news (customer_id, kind, rank, made_on) "  # noqa: S608 -- ours
            "SELECT look.customer_id, ?, look.after_rank, ? FROM rank_look look "
            "JOIN standing s ON s.customer_id = look.customer_id AND s.reviewed_at = ? AND s.rank = look.after_rank "
            f"WHERE {which} AND s.customer_id BETWEEN ? AND ? ON CONFLICT DO NOTHING",
            *(kind, _day(night.night_on), now, *ids),
        )
    counted = database.execute(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN after_rank > before_rank THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN after_rank < before_rank THEN 1 ELSE 0 END), 0), COALESCE(SUM(below), 0) "
        "FROM rank_look"
    ).fetchone()
    return Chunk(*(int(each) for each in counted))


def _day(day: date) -> Any:
    return day if database.is_postgres() else day.isoformat()
