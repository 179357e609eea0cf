"""Unasked messages, flows with their versions and enrolments, short links with clicks, tags of customers."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class Conversation(db.Model):
        class Meta:
            table_name = "conversation"

    def of_customer(**more):
        return peewee.ForeignKeyField(Customer, on_delete="CASCADE", backref="+", **more)

    class PlannedMessage(db.Model):
        customer = of_customer(index=False)
        conversation = peewee.ForeignKeyField(Conversation, index=False, backref="+")
        kind = peewee.CharField(32)
        message_class = peewee.CharField(16)
        priority = peewee.SmallIntegerField()
        cause = peewee.CharField(255, unique=True)
        messages = peewee.TextField(default="[]")
        data = peewee.TextField(default="{}")
        when_busy = peewee.CharField(8, default="defer")
        created_at = peewee.DateTimeField()
        earliest_at = peewee.DateTimeField()
        latest_at = peewee.DateTimeField()
        expires_at = peewee.DateTimeField(null=True)
        due_at = peewee.DateTimeField()
        state = peewee.CharField(8, default="waiting")
        reason = peewee.CharField(32, default="")
        settled_at = peewee.DateTimeField(null=True)
        outbox_id = peewee.IntegerField(null=True, index=True)
        carries_cost = peewee.BooleanField(default=False)
        enrolment_id = peewee.IntegerField(null=True, index=True)
        step_key = peewee.CharField(64, null=True)

        class Meta:
            table_name = "planned_message"

    class JourneyEntry(db.Model):
        customer = of_customer()
        enrolment_id = peewee.IntegerField(null=True, index=True)
        planned_id = peewee.IntegerField(null=True, index=True)
        happened_at = peewee.DateTimeField()
        what = peewee.CharField(24)
        step_key = peewee.CharField(64, null=True)
        detail = peewee.CharField(255, default="")

        class Meta:
            table_name = "journey_entry"

    class Flow(db.Model):
        key = peewee.CharField(64, unique=True)
        name = peewee.CharField(120)
        state = peewee.CharField(8, default="draft")
        trigger_on = peewee.CharField(32)
        version_id = peewee.IntegerField(null=True)
        draft = peewee.TextField(null=True)
        starts_at = peewee.DateTimeField(null=True)
        changed_at = peewee.DateTimeField()
        created_at = peewee.DateTimeField()

        class Meta:
            table_name = "flow"

    class FlowVersion(db.Model):
        flow = peewee.ForeignKeyField(Flow, on_delete="CASCADE", backref="+", index=False)
        number = peewee.IntegerField()
        definition = peewee.TextField()
        published_at = peewee.DateTimeField()
        published_by = peewee.IntegerField(null=True)

        class Meta:
            table_name = "flow_version"
            indexes = ((("flow", "number"), True),)

    class Enrolment(db.Model):
        customer = of_customer(index=False)
        flow = peewee.ForeignKeyField(Flow, on_delete="CASCADE", backref="+", index=False)
        entry_key = peewee.CharField(150)
        version_id = peewee.IntegerField()
        state = peewee.CharField(10, default="waiting")
        step_key = peewee.CharField(64)
        due_at = peewee.DateTimeField(null=True)
        base_at = peewee.DateTimeField()
        waits_for = peewee.CharField(100, null=True)
        take_count = peewee.IntegerField(default=0)
        cause = peewee.CharField(255)
        data = peewee.TextField(default="{}")
        entered_at = peewee.DateTimeField()
        ended_at = peewee.DateTimeField(null=True)
        end_reason = peewee.CharField(32, default="")

        class Meta:
            table_name = "enrolment"
            indexes = (
                (("customer", "flow", "entry_key"), True),
                (("flow", "state", "step_key", "version_id"), False),
            )

    class EnrolmentMove(db.Model):
        flow = peewee.ForeignKeyField(Flow, on_delete="CASCADE", backref="+")
        from_version_id = peewee.IntegerField()
        to_version_id = peewee.IntegerField()
        step_key = peewee.CharField(64)
        choice = peewee.CharField(8)
        to_step = peewee.CharField(64, null=True)
        chosen_at = peewee.DateTimeField()
        chosen_by = peewee.IntegerField(null=True)
        moved_count = peewee.IntegerField(default=0)
        done_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "enrolment_move"

    class ShortLink(db.Model):
        code = peewee.CharField(16, unique=True)
        customer = of_customer()
        url = peewee.CharField(1000)
        cause = peewee.CharField(255)
        flow_key = peewee.CharField(64, null=True)
        step_key = peewee.CharField(64, null=True)
        created_at = peewee.DateTimeField()

        class Meta:
            table_name = "short_link"
            indexes = ((("cause", "url"), False),)

    class LinkClick(db.Model):
        link = peewee.ForeignKeyField(ShortLink, on_delete="CASCADE", backref="+")
        clicked_at = peewee.DateTimeField()

        class Meta:
            table_name = "link_click"

    class CustomerTag(db.Model):
        customer = of_customer(index=False)
        tag = peewee.CharField(60)
        cause = peewee.CharField(255, default="")
        set_at = peewee.DateTimeField()

        class Meta:
            table_name = "customer_tag"
            indexes = ((("customer", "tag"), True), (("tag", "customer"), False))

    class StaffLine(db.Model):
        staff_id = peewee.IntegerField(unique=True)
        customer = of_customer()

        class Meta:
            table_name = "staff_line"

    db.create_tables(
        [PlannedMessage, JourneyEntry, Flow, FlowVersion, Enrolment, ShortLink, LinkClick, CustomerTag]
    )
    db.create_tables([StaffLine])
    for statement in (
        "CREATE INDEX planned_message_due ON planned_message (due_at, id) WHERE state = 'waiting'",
        "CREATE INDEX planned_message_waiting ON planned_message (conversation_id, id) WHERE state = 'waiting'",
        "CREATE INDEX planned_message_sent ON planned_message (customer_id, settled_at) WHERE state = 'sent'",
        "CREATE INDEX enrolment_due ON enrolment (due_at, id) WHERE due_at IS NOT NULL",
        "CREATE INDEX enrolment_inside ON enrolment (customer_id, id) WHERE ended_at IS NULL",
    ):
        db.execute_sql(statement)
    db.create_tables([EnrolmentMove])
