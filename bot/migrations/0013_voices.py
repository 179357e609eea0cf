"""Testimonials with pictures, names as consented, moderation with its history; which of them count for the rank."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Testimonial(db.Model):
        class Meta:
            table_name = "testimonial"

    class TestimonialChange(db.Model):
        testimonial = peewee.ForeignKeyField(Testimonial)
        change = peewee.CharField(16)
        shown_name = peewee.CharField(40)
        reason = peewee.CharField(200)
        staff_id = peewee.IntegerField(null=True)
        changed_at = peewee.DateTimeField()

        class Meta:
            table_name = "testimonial_change"

    class ShownTestimonial(db.Model):
        customer = peewee.ForeignKeyField(Customer, index=False)
        cause = peewee.CharField(190, unique=True)
        shown_on = peewee.DateField()

        class Meta:
            table_name = "shown_testimonial"
            indexes = ((("customer", "shown_on"), False),)

    class FileToDelete(db.Model):
        key = peewee.CharField(200, unique=True)
        owed_at = peewee.DateTimeField()

        class Meta:
            table_name = "file_to_delete"

    db.create_tables([TestimonialChange, ShownTestimonial, FileToDelete])
    run(
        migrator.add_column("testimonial", "state", peewee.CharField(16, default="written")),
        migrator.add_column("testimonial", "shown_name", peewee.CharField(40, default="")),
        migrator.add_column("testimonial", "text_message_id", peewee.CharField(null=True)),
        migrator.add_column("testimonial", "picture_message_id", peewee.CharField(null=True)),
        migrator.add_column("testimonial", "public_picture", peewee.CharField(80, default="")),
        migrator.add_column("testimonial", "published_at", peewee.DateTimeField(null=True)),
    )
    for statement in (
        "UPDATE testimonial SET state = CASE consent WHEN 'named' THEN 'waiting' WHEN 'anonymous' THEN 'waiting' "
        "WHEN 'withdrawn' THEN 'withdrawn' WHEN 'refused' THEN 'private' ELSE 'written' END",
        "UPDATE testimonial SET shown_name = "
        "(SELECT SUBSTR(c.display_name, 1, 40) FROM customer c WHERE c.id = testimonial.customer_id) "
        "WHERE consent = 'named'",
        "CREATE INDEX testimonial_queue ON testimonial (state, id)",
        "CREATE INDEX testimonial_page ON testimonial (published_at, id) WHERE state = 'published'",
        "CREATE INDEX testimonial_public_picture ON testimonial (public_picture) WHERE state = 'published'",
        "CREATE INDEX testimonial_words ON testimonial (text_message_id) WHERE text_message_id IS NOT NULL",
        "CREATE INDEX testimonial_picture ON testimonial (picture_message_id) WHERE picture_message_id IS NOT NULL",
    ):
        db.execute_sql(statement)
