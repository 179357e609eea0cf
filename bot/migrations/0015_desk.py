"""The console's chats: promised times, snoozes and alarms of tickets; notes, mentions, tags; customers'
satisfaction."""

import peewee


def up(migrator, db):
    class Ticket(db.Model):
        class Meta:
            table_name = "ticket"

    class TicketNote(db.Model):
        ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE")
        staff_id = peewee.IntegerField()
        body = peewee.TextField()
        written_at = peewee.DateTimeField()

        class Meta:
            table_name = "ticket_note"

    class TicketMention(db.Model):
        ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", index=False)
        staff_id = peewee.IntegerField()
        mentioned_at = peewee.DateTimeField()
        seen_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "ticket_mention"
            indexes = ((("ticket", "staff_id"), True),)

    class TicketTag(db.Model):
        ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE")
        tag = peewee.CharField(30)

        class Meta:
            table_name = "ticket_tag"
            indexes = ((("tag", "ticket"), True),)

    class Satisfaction(db.Model):
        ticket = peewee.ForeignKeyField(Ticket, on_delete="CASCADE", unique=True)
        staff_id = peewee.IntegerField(null=True)
        asked_at = peewee.DateTimeField()
        asked_on = peewee.DateField(index=True)
        score = peewee.SmallIntegerField(null=True)
        answered_at = peewee.DateTimeField(null=True)
        comment = peewee.TextField()

        class Meta:
            table_name = "satisfaction"

    db.create_tables([TicketNote, TicketMention, TicketTag, Satisfaction])
    for statement in (
        "ALTER TABLE ticket ADD COLUMN due_at TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN snoozed_until TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN woken_at TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN alarmed_at TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN staff_spoke_at TIMESTAMP",
        "ALTER TABLE ticket ADD COLUMN told_closed_at TIMESTAMP",
        "DROP INDEX ticket_assignee_id",
        "CREATE INDEX ticket_awake ON ticket (state DESC, since_at, id) "
        "WHERE state <> 'resolved' AND snoozed_until IS NULL",
        "CREATE INDEX ticket_of_assignee ON ticket (assignee_id, state DESC, since_at, id) "
        "WHERE state <> 'resolved' AND snoozed_until IS NULL",
        "CREATE INDEX ticket_promised ON ticket (due_at, id) "
        "WHERE state <> 'resolved' AND first_response_at IS NULL",
        "CREATE INDEX ticket_snoozed ON ticket (snoozed_until, id) "
        "WHERE state <> 'resolved' AND snoozed_until IS NOT NULL",
        "CREATE INDEX ticket_alarmed ON ticket (alarmed_at) WHERE alarmed_at IS NOT NULL",
        "CREATE INDEX ticket_mention_unseen ON ticket_mention (staff_id, mentioned_at, ticket_id) "
        "WHERE seen_at IS NULL",
    ):
        db.execute_sql(statement)
