"""An index by which the beginning of the stages' history is found at once."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX customer_profile_stage_since ON customer_profile (stage_since)")
