"""The month's report to the owner, as it was counted."""

import peewee


def up(migrator, db):
    class MonthlyReport(db.Model):
        month = peewee.DateField(unique=True)
        figures = peewee.TextField(default="{}")
        made_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "monthly_report"

    db.create_tables([MonthlyReport])
