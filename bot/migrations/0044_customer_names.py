"""The search over names of customers, notes about a customer, and an index for counts of all customers."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class CustomerName(db.Model):
        customer = peewee.ForeignKeyField(Customer, primary_key=True, on_delete="CASCADE", backref="+")
        folded = peewee.TextField(default="")
        words = peewee.TextField(default="")
        folding = peewee.SmallIntegerField(default=0)

        class Meta:
            table_name = "customer_name"

    class CustomerNote(db.Model):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+")
        staff_id = peewee.IntegerField()
        body = peewee.TextField()
        written_at = peewee.DateTimeField()

        class Meta:
            table_name = "customer_note"

    db.create_tables([CustomerName, CustomerNote])
    if isinstance(db, peewee.PostgresqlDatabase):
        # A short list of what is not sorted in yet, so that the event that finds it full waits only briefly.
        db.execute_sql(
            "CREATE INDEX customer_name_words ON customer_name USING gin (string_to_array(words, ' ')) "
            "WITH (gin_pending_list_limit = 256)"
        )
    else:
        for statement in _ON_SQLITE:
            db.execute_sql(statement)
    # Empty once all names are folded; from then on, checking costs nothing.
    db.execute_sql("CREATE INDEX customer_name_stale ON customer_name (customer_id) WHERE folding < 1")
    # `manage.py migrate` and the clock fold them, in chunks that may be interrupted.
    db.execute_sql(
        "INSERT INTO customer_name (customer_id, folded, words, folding) "
        "SELECT id, '', '', 0 FROM customer WHERE display_name <> ''"
    )


_ON_SQLITE = (
    "CREATE VIRTUAL TABLE customer_name_word USING fts5 "
    "(words, content='customer_name', content_rowid='customer_id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER customer_name_added AFTER INSERT ON customer_name WHEN new.words <> '' BEGIN "
    "INSERT INTO customer_name_word (rowid, words) VALUES (new.customer_id, new.words); END",
    # The erasure of a customer takes the row along, too.
    "CREATE TRIGGER customer_name_removed AFTER DELETE ON customer_name WHEN old.words <> '' BEGIN "
    "INSERT INTO customer_name_word (customer_name_word, rowid, words) "
    "VALUES ('delete', old.customer_id, old.words); END",
    # One trigger for both, since SQLite fires several of one event in no particular order.
    "CREATE TRIGGER customer_name_changed AFTER UPDATE OF words ON customer_name BEGIN "
    "INSERT INTO customer_name_word (customer_name_word, rowid, words) "
    "SELECT 'delete', old.customer_id, old.words WHERE old.words <> ''; "
    "INSERT INTO customer_name_word (rowid, words) SELECT new.customer_id, new.words WHERE new.words <> ''; END",
    # The complement of `customer_can_be_written_to` of 0041, so that lists of all customers are counted as fast.
    "CREATE INDEX customer_cannot_be_written_to ON customer "
    "(last_purchased_on, purchase_count, sales_yen, registered_at, first_seen_at) "
    "WHERE conversation_id IS NULL OR line_user_id IS NULL OR blocked_at IS NOT NULL "
    "OR opted_out_at IS NOT NULL OR (followed_at IS NULL AND last_seen_at IS NULL)",
)
