"""Postponed questions, reminders, what a question was about; answers read and tagged by staff."""

import peewee
from playhouse.migrate import migrate as run


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class SurveyAnswer(db.Model):
        class Meta:
            table_name = "survey_answer"

    class PostponedQuestion(db.Model):
        customer = peewee.ForeignKeyField(Customer, on_delete="CASCADE")
        cause = peewee.CharField(unique=True)
        postponed_on = peewee.DateField(index=True)

        class Meta:
            table_name = "postponed_question"

    class AnswerTag(db.Model):
        answer = peewee.ForeignKeyField(SurveyAnswer, on_delete="CASCADE", index=False)
        tag = peewee.CharField(30)

        class Meta:
            table_name = "answer_tag"
            indexes = ((("answer", "tag"), True), (("tag", "answer"), False))

    db.create_tables([PostponedQuestion, AnswerTag])
    run(
        migrator.add_column("survey_invitation", "reminded_at", peewee.DateTimeField(null=True)),
        migrator.add_column("survey_answer", "read_at", peewee.DateTimeField(null=True)),
        migrator.add_column("survey_answer", "read_by_id", peewee.IntegerField(null=True)),
    )
    has_words = "WHERE comment <> ''"
    for statement in (
        "ALTER TABLE survey_invitation ADD COLUMN purchase_id INTEGER REFERENCES purchase (id) ON DELETE SET NULL",
        "UPDATE survey_invitation SET purchase_id = (SELECT purchase.id FROM purchase WHERE "
        "purchase.id = CAST(SUBSTR(survey_invitation.cause, 10) AS INTEGER)) WHERE SUBSTR(cause, 1, 9) = 'purchase:'",
        "CREATE INDEX survey_invitation_purchase ON survey_invitation (purchase_id) WHERE purchase_id IS NOT NULL",
        "CREATE INDEX survey_invitation_reminded ON survey_invitation (reminded_at) "
        "WHERE reminded_at IS NOT NULL",
        f"CREATE INDEX survey_answer_words ON survey_answer (answered_on, id) {has_words}",
        f"CREATE INDEX survey_answer_words_of ON survey_answer (segment, answered_on, id) {has_words}",
        f"CREATE INDEX survey_answer_unread ON survey_answer (answered_on, id) {has_words} AND read_at IS NULL",
        "DELETE FROM kept_figures",  # their format has changed; the clock counts them again
        "CREATE INDEX ticket_low_score ON ticket (resolved_at, opened_at) WHERE cause = 'detractor'",
    ):
        db.execute_sql(statement)
