"""The tables of testimonials and their history. What may be done with them is in `testimonials.py` and
`moderation.py`."""

from enum import StrEnum

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from bot.files import storage
from customers.people.customer import Customer

LONGEST_NAME = 40


class Consent(StrEnum):
    """How the customer lets the shop show their words."""

    ASKED = "asked"
    NAMED = "named"
    """Under their LINE name at the time of the consent."""
    NICKNAME = "nickname"
    """Under a nickname or initials that they typed."""
    ANONYMOUS = "anonymous"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ALLOWED = (Consent.NAMED, Consent.NICKNAME, Consent.ANONYMOUS)


class TestimonialState(StrEnum):
    """The state of a testimonial."""

    WRITTEN = "written"
    """The customer has not decided yet."""
    PRIVATE = "private"
    """For the shop to read only, as the customer decided."""
    WAITING = "waiting"
    """May be shown, and waits for staff."""
    PUBLISHED = "published"
    REFUSED = "refused"
    """Staff refused or unpublished it; the reason is in its history."""
    WITHDRAWN = "withdrawn"


class Change(StrEnum):
    """A change in a testimonial's history."""

    CONSENTED = "consented"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"
    REFUSED = "refused"
    UNPUBLISHED = "unpublished"


class Testimonial(Model):
    """One customer's words about the shop, as written, and how they may be shown."""

    customer = peewee.ForeignKeyField(Customer)
    customer_id: int
    body = peewee.TextField()
    consent = peewee.CharField(default=Consent.ASKED)
    state = peewee.CharField(16, default=TestimonialState.WRITTEN)
    shown_name = peewee.CharField(LONGEST_NAME, default="")
    """The name that the customer saw and consented to; empty for none."""
    text_message_id = peewee.CharField(null=True)
    picture_message_id = peewee.CharField(null=True)
    """LINE's id of the picture the customer added; stored by `bot.files.media`."""
    public_picture = peewee.CharField(80, default="")
    """Key in `bot.files.storage` of the public copy, which exists while the testimonial is published."""
    written_at = UtcDateTimeField()
    decided_at = UtcDateTimeField(null=True)
    """When the customer decided."""
    published_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "testimonial"


class TestimonialChange(Model):
    """One entry of a testimonial's history: who decided what, when, and why."""

    testimonial = peewee.ForeignKeyField(Testimonial)
    testimonial_id: int
    change = peewee.CharField(16)
    shown_name = peewee.CharField(LONGEST_NAME, default="")
    reason = peewee.CharField(200, default="")
    staff_id = peewee.IntegerField(null=True)
    """None for the customer's own decisions."""
    changed_at = UtcDateTimeField()

    class Meta:
        table_name = "testimonial_change"


def note(
    testimonial_id: int,
    change: Change,
    *,
    shown_name: str = "",
    reason: str = "",
    staff_id: int | None = None,
) -> int:
    """Add an entry to the history; its id."""
    return int(
        TestimonialChange.insert(
            testimonial=testimonial_id,
            change=change,
            shown_name=shown_name,
            reason=reason,
            staff_id=staff_id,
            changed_at=localtime.now(),
        ).execute()
    )


def _discard_pictures(who: erasure.Person) -> None:
    theirs = Testimonial.select().where(
        Testimonial.customer == who.customer_id, Testimonial.public_picture != ""
    )
    for row in theirs:
        storage.discard_later(row.public_picture)


erasure.blanked(
    Testimonial,
    {
        "body": "",
        "consent": Consent.WITHDRAWN,
        "state": TestimonialState.WITHDRAWN,
        "shown_name": "",
        "text_message_id": None,
        "picture_message_id": None,
        "public_picture": "",
    },
    before=_discard_pictures,
)
erasure.blanked(
    TestimonialChange,
    {"shown_name": "", "reason": ""},
    lambda who: TestimonialChange.testimonial.in_(
        Testimonial.select(Testimonial.id).where(Testimonial.customer == who.customer_id)
    ),
)
