"""An index for lists of customers by their first purchase."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX customer_first_purchase ON customer (first_purchased_on, id)")
