"""Who of staff had a follow-up sent by itself, and when one was sent."""


def up(migrator, db):
    for statement in (
        "ALTER TABLE ticket ADD COLUMN follow_up_by_id INTEGER",
        "ALTER TABLE ticket ADD COLUMN followed_up_at TIMESTAMP",
        "CREATE INDEX ticket_follow_up_by ON ticket (follow_up_due_at) WHERE follow_up_by_id IS NOT NULL",
    ):
        db.execute_sql(statement)
