"""On which days customers wrote and opened links of ours; the past is taken over from the inbox."""

import json
from datetime import UTC, datetime

import peewee

AT_ONCE = 5_000


def up(migrator, db):
    postgres = isinstance(db, peewee.PostgresqlDatabase)
    db.execute_sql(
        "CREATE TABLE customer_day (customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE, "
        "kind CHAR(1) NOT NULL, day DATE NOT NULL, PRIMARY KEY (customer_id, kind, day))"
        + ("" if postgres else " WITHOUT ROWID")
    )
    db.execute_sql("ALTER TABLE customer ADD COLUMN last_wrote_on DATE")
    _take_over(db, "%s" if postgres else "?")
    db.execute_sql(
        "UPDATE customer SET last_wrote_on = "
        "(SELECT MAX(day) FROM customer_day d WHERE d.customer_id = customer.id) "
        "WHERE EXISTS (SELECT 1 FROM customer_day d WHERE d.customer_id = customer.id)"
    )


def _take_over(db, mark):
    """What customers wrote and tapped so far, by the shop's days; a part in memory at a time."""
    after_id = 0
    while True:
        rows = db.execute_sql(
            "SELECT e.id, c.id, e.occurred_at, e.body FROM inbox_event e "  # noqa: S608 -- ours
            "LEFT JOIN customer c ON c.conversation_id = e.conversation_id AND e.source = 'line' "
            f"WHERE e.id > {mark} ORDER BY e.id LIMIT {AT_ONCE}",
            (after_id,),
        ).fetchall()
        if not rows:
            return
        days = {(row[1], _day(row[2])) for row in rows if row[1] is not None and _is_of_a_hand(row[3])}
        for customer_id, day in sorted(days):
            db.execute_sql(
                f"INSERT INTO customer_day (customer_id, kind, day) VALUES ({mark}, 'w', {mark}) "  # noqa: S608 -- ours
                "ON CONFLICT DO NOTHING",
                (customer_id, day),
            )
        after_id = rows[-1][0]


def _is_of_a_hand(body):
    try:
        event = json.loads(body)
        return event.get("type") in ("message", "postback") and event.get("mode") != "standby"
    except (ValueError, AttributeError, RecursionError):
        return False


def _day(moment):
    from bot import localtime

    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return localtime.local_date(moment.replace(tzinfo=UTC)).isoformat()
