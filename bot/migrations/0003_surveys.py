"""The survey's tables: invitations, answers, testimonials."""

import peewee


def up(migrator, db):
    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class SurveyInvitation(db.Model):
        customer = peewee.ForeignKeyField(Customer, index=False)
        cause = peewee.CharField(unique=True)
        asked_at = peewee.DateTimeField(index=True)

        class Meta:
            table_name = "survey_invitation"
            indexes = ((("customer", "id"), False),)

    class SurveyAnswer(db.Model):
        invitation = peewee.ForeignKeyField(SurveyInvitation, unique=True)
        customer = peewee.ForeignKeyField(Customer, index=False)
        score = peewee.SmallIntegerField(constraints=[peewee.Check("score BETWEEN 0 AND 10")])
        segment = peewee.CharField()
        answered_at = peewee.DateTimeField()
        answered_on = peewee.DateField(index=True)
        corrected_at = peewee.DateTimeField(null=True)
        comment = peewee.TextField()
        commented_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "survey_answer"
            indexes = ((("customer", "id"), False),)

    class Testimonial(db.Model):
        customer = peewee.ForeignKeyField(Customer)
        body = peewee.TextField()
        consent = peewee.CharField()
        written_at = peewee.DateTimeField()
        decided_at = peewee.DateTimeField(null=True)

        class Meta:
            table_name = "testimonial"

    db.create_tables([SurveyInvitation, SurveyAnswer, Testimonial])
