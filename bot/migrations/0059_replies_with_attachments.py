"""What a reply of staff carries beside its text: files and gifts. And notices: the sentence before its values are
filled in, so that it can be translated, and who has dismissed which."""

import peewee


def up(migrator, db):
    class Media(db.Model):
        class Meta:
            table_name = "media"

    class Conversation(db.Model):
        class Meta:
            table_name = "conversation"

    class ReplyAttachment(db.Model):
        media = peewee.ForeignKeyField(Media, on_delete="CASCADE", unique=True)
        token = peewee.CharField(32, unique=True)
        staff_id = peewee.IntegerField()
        uploaded_at = peewee.DateTimeField(index=True)
        reply_id = peewee.CharField(100, null=True)
        sent_at = peewee.DateTimeField(null=True)
        open_until = peewee.DateField(null=True, index=True)

        class Meta:
            table_name = "reply_attachment"

    class ReplyGift(db.Model):
        conversation = peewee.ForeignKeyField(Conversation, on_delete="CASCADE", index=False)
        number = peewee.SmallIntegerField()
        reply_id = peewee.CharField(100)
        staff_id = peewee.IntegerField()
        reward_id = peewee.IntegerField(null=True)
        points = peewee.IntegerField(default=0)
        reason = peewee.CharField(200, default="")
        requested_at = peewee.DateTimeField()
        refused_because = peewee.CharField(16, null=True)

        class Meta:
            table_name = "reply_gift"
            indexes = ((("conversation", "number"), True),)

    class NoticeDismissal(db.Model):
        staff_id = peewee.IntegerField()
        cause = peewee.CharField()
        dismissed_at = peewee.DateTimeField()

        class Meta:
            table_name = "notice_dismissal"
            indexes = ((("staff_id", "cause"), True),)

    db.create_tables([ReplyAttachment, ReplyGift, NoticeDismissal])
    for column in ("template TEXT", "details TEXT"):
        db.execute_sql(f"ALTER TABLE notice ADD COLUMN {column}")
