"""Until when a rank stays: a year from when it was reached. A fall announced for before that day is taken back."""

import peewee
from playhouse.migrate import migrate as run

# The qualifying period as shipped; a shop that set another one gives those who have a rank now this much, once.
LATER = {"sqlite": "date(reached_at, '+12 months')", "postgres": "(reached_at + INTERVAL '12 months')::date"}


def up(migrator, db):
    run(migrator.add_column("standing", "held_until", peewee.DateField(null=True)))
    later = LATER["postgres" if isinstance(db, peewee.PostgresqlDatabase) else "sqlite"]
    db.execute_sql(
        f"UPDATE standing SET held_until = {later} FROM "  # noqa: S608 -- one of two literals
        "(SELECT customer_id, after, MAX(changed_at) AS reached_at FROM rank_change "
        "WHERE after > COALESCE(before, 0) GROUP BY customer_id, after) AS risen "
        "WHERE risen.customer_id = standing.customer_id AND risen.after = standing.rank AND standing.rank > 1"
    )
    db.execute_sql(
        "UPDATE standing SET below_since = NULL, falls_on = NULL "
        "WHERE below_since IS NOT NULL AND (falls_on IS NULL OR falls_on < held_until)"
    )
