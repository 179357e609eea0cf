"""How severe a ticket is, what its customer withdrew or asked to have changed, when staff follow up, and who of staff
has no access any more."""

import peewee

CHUNK = 10_000
_SEVERITY = (
    "CASE WHEN urgency >= 3 THEN 4 WHEN urgency = 2 THEN 3 WHEN urgency = 1 THEN 2 "
    "WHEN cause = 'detractor' THEN 1 ELSE 0 END"
)


def up(migrator, db):
    class InactiveStaff(db.Model):
        staff_id = peewee.IntegerField(unique=True)

        class Meta:
            table_name = "inactive_staff"

    small = "SMALLINT" if isinstance(db, peewee.PostgresqlDatabase) else "INTEGER"
    waiting = "WHERE state = 'waiting' AND snoozed_until IS NULL"
    answered = "WHERE state = 'open' AND snoozed_until IS NULL"
    for statement in (
        f"ALTER TABLE ticket ADD COLUMN severity {small} NOT NULL DEFAULT 0",
        "ALTER TABLE ticket ADD COLUMN withdrawn_at TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN asked_change VARCHAR(32) NOT NULL DEFAULT ''",
        "ALTER TABLE ticket ADD COLUMN details_at TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN follow_up TEXT",
        "ALTER TABLE ticket ADD COLUMN follow_up_due_at TIMESTAMP",
    ):
        db.execute_sql(statement)
    _fill_severity(db)
    for statement in (
        f"CREATE INDEX ticket_turn ON ticket (severity, answer_due_at, id) {waiting}",
        f"CREATE INDEX ticket_turn_of ON ticket (assignee_id, severity, answer_due_at, id) {waiting}",
        f"CREATE INDEX ticket_answered ON ticket (since_at, id) {answered}",
        f"CREATE INDEX ticket_answered_of ON ticket (assignee_id, since_at, id) {answered}",
        "CREATE INDEX ticket_follow_up ON ticket (follow_up_due_at, id) WHERE follow_up_due_at IS NOT NULL",
    ):
        db.execute_sql(statement)
    db.create_tables([InactiveStaff])
    db.execute_sql("INSERT INTO inactive_staff (staff_id) SELECT id FROM staff WHERE disabled_at IS NOT NULL")


def _fill_severity(db):
    newest = db.execute_sql("SELECT MAX(id) FROM ticket").fetchone()[0] or 0
    for first in range(1, newest + 1, CHUNK):
        db.execute_sql(
            f"UPDATE ticket SET severity = {_SEVERITY} WHERE (urgency > 0 OR cause = 'detractor') "  # noqa: S608
            f"AND id BETWEEN {first} AND {first + CHUNK - 1}"
        )
