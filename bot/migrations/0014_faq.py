"""The FAQ's cards, products, versions and vectors, files waiting to be imported, the ticket a question led to."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class FaqEntry(db.Model):
        class Meta:
            table_name = "faq_entry"

    class FaqVersion(db.Model):
        entry = peewee.ForeignKeyField(FaqEntry, on_delete="CASCADE", index=False)
        revision = peewee.IntegerField()
        question = peewee.CharField(200)
        paraphrases = peewee.TextField()
        answer = peewee.TextField()
        card = peewee.TextField()
        tags = peewee.TextField()
        product = peewee.CharField(64)
        withdrawn = peewee.BooleanField()
        changed_by_id = peewee.IntegerField(null=True)
        changed_at = peewee.DateTimeField()

        class Meta:
            table_name = "faq_version"
            indexes = ((("entry", "revision"), True),)

    class FaqMeaning(db.Model):
        entry = peewee.ForeignKeyField(FaqEntry, on_delete="CASCADE", unique=True)
        revision = peewee.IntegerField()
        model = peewee.CharField(40)
        vector = peewee.BlobField()

        class Meta:
            table_name = "faq_meaning"

    class FaqUpload(db.Model):
        content = peewee.BlobField()
        name = peewee.CharField(200)
        staff_id = peewee.IntegerField()
        uploaded_at = peewee.DateTimeField()

        class Meta:
            table_name = "faq_upload"

    db.create_tables([FaqVersion, FaqMeaning, FaqUpload])
    counts = ("asked_count", "solved_count", "unsolved_count", "escalated_count", "failed_count")
    run(
        *(migrator.add_column("faq_entry", name, peewee.IntegerField(default=0)) for name in counts),
        migrator.add_column("faq_entry", "card", peewee.TextField(default="")),
        migrator.add_column("faq_entry", "product", peewee.CharField(64, default="")),
        migrator.add_column("faq_asked", "set_aside_at", peewee.DateTimeField(null=True)),
    )
    db.execute_sql(
        "ALTER TABLE faq_asked ADD COLUMN ticket_id INTEGER REFERENCES ticket (id) ON DELETE SET NULL"
    )
    db.execute_sql("CREATE INDEX faq_asked_ticket ON faq_asked (ticket_id)")
    db.execute_sql("CREATE INDEX faq_asked_latest ON faq_asked (conversation_id, id)")
    db.execute_sql(
        "UPDATE faq_entry SET "
        "asked_count = (SELECT COUNT(*) FROM faq_asked WHERE entry_id = faq_entry.id), "
        "solved_count = (SELECT COUNT(*) FROM faq_asked WHERE entry_id = faq_entry.id AND outcome = 'solved'), "
        "unsolved_count = (SELECT COUNT(*) FROM faq_asked WHERE entry_id = faq_entry.id AND outcome = 'unsolved'), "
        "failed_count = (SELECT COUNT(*) FROM faq_asked WHERE entry_id = faq_entry.id AND outcome = 'unsolved')"
    )
    db.execute_sql(
        "INSERT INTO faq_version (entry_id, revision, question, paraphrases, answer, card, tags, product, "
        "withdrawn, changed_at) SELECT id, revision, question, paraphrases, answer, card, tags, product, "
        "withdrawn_at IS NOT NULL, changed_at FROM faq_entry"
    )
