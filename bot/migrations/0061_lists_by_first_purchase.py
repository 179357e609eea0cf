"""Indexes for lists of customers by their first purchase, and for the surveys sent on a day."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX customer_first_purchase ON customer (first_purchased_on, id)")
    db.execute_sql("CREATE INDEX survey_invitation_asked ON survey_invitation (asked_at)")
