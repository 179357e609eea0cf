"""How pressing a ticket is, by when its wait ends, what its customer was sent; which pictures were sent at
once."""

import peewee


def up(migrator, db):
    small = "SMALLINT" if isinstance(db, peewee.PostgresqlDatabase) else "INTEGER"
    for statement in (
        f"ALTER TABLE ticket ADD COLUMN urgency {small} NOT NULL DEFAULT 0",
        "ALTER TABLE ticket ADD COLUMN answer_due_at TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN heard VARCHAR(255) NOT NULL DEFAULT ''",
        f"ALTER TABLE ticket ADD COLUMN late_count {small} NOT NULL DEFAULT 0",
        "ALTER TABLE ticket ADD COLUMN late_at TIMESTAMP",
        "UPDATE ticket SET answer_due_at = COALESCE(due_at, since_at) WHERE state = 'waiting'",
        "UPDATE ticket SET urgency = 1 WHERE cause = 'upset'",
        "DROP INDEX ticket_awake",
        "DROP INDEX ticket_of_assignee",
        "DROP INDEX ticket_promised",
        "CREATE INDEX ticket_awake ON ticket (state DESC, urgency DESC, since_at, id) "
        "WHERE state <> 'resolved' AND snoozed_until IS NULL",
        "CREATE INDEX ticket_of_assignee ON ticket (assignee_id, state DESC, urgency DESC, since_at, id) "
        "WHERE state <> 'resolved' AND snoozed_until IS NULL",
        "CREATE INDEX ticket_promised ON ticket (answer_due_at, id) WHERE state = 'waiting'",
        "ALTER TABLE media ADD COLUMN image_set VARCHAR(100)",
        "CREATE INDEX media_image_set ON media (image_set) WHERE image_set IS NOT NULL",
    ):
        db.execute_sql(statement)
