"""The tables of individual contact; `due.py`, `contacts.py` and `outcomes.py` write them."""

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from customers.people.customer import Customer

DUE, SENDING, CONTACTED, NOT_NEEDED, BOUGHT, MISSED, LEFT_OUT, REVERSED, HELD_OUT = (
    "due",
    "sending",
    "contacted",
    "not-needed",
    "bought",
    "missed",
    "left-out",
    "reversed",
    "held-out",
)

ERASED = "erased"
"""Why it ended: the customer was erased."""
SUBJECT = "contacts"
"""What customers are assigned for: held out or not (`journeys/proof/assignment.py`)."""

DUE_AS_LITERAL = peewee.SQL("'due'")
"""For conditions whose partial index is to be used."""


class Contact(Model):
    """One lapse of one customer: the time since their last order, in which staff may write to them once."""

    customer = peewee.ForeignKeyField(Customer, index=False, on_delete="CASCADE", backref="+")
    customer_id: int
    purchase_id = peewee.IntegerField()
    """Their last order when it was found; the same lapse never makes two rows."""
    purchased_on = peewee.DateField()
    due_on = peewee.DateField()
    """The first day they may be in the queue."""
    until_on = peewee.DateField()
    """The first day that is too late."""
    usual_days = peewee.IntegerField(null=True)
    """After how many days they usually bought again."""
    order_count = peewee.IntegerField()
    year_yen = peewee.BigIntegerField()
    """Sales of the year before it was found."""
    product_name = peewee.CharField(255, default="")
    """A product of the last order, the one with the fewest repurchase days where any has some."""
    repurchase_days = peewee.IntegerField(null=True)
    """Of the products of the last order, the fewest."""
    assigned_at = UtcDateTimeField()
    """When it was found, and the customer was held out or not."""
    state = peewee.CharField(10, default=DUE)
    """`due`; `sending` (a member of staff wrote, the message waits); ended: `contacted`, `not-needed` (staff said
    so), `bought` (by themselves), `missed` (nobody wrote in time), `left-out` (they could not be written to),
    `reversed` (the last order was), `held-out`."""
    reason = peewee.CharField(32, default="")
    """Why not needed, left out, held out shop-wide (`shop`), or why the last message was not sent."""
    show_on = peewee.DateField(null=True)
    """Snoozed until that day."""
    staff_id = peewee.IntegerField(null=True)
    """Who wrote, snoozed it or said that it is not needed."""
    text = peewee.TextField(default="")
    """What staff wrote."""
    attempt_count = peewee.SmallIntegerField(default=0)
    """How often somebody pressed send; more than once only when the message before was not sent."""
    taken_at = UtcDateTimeField(null=True)
    """When send was pressed last."""
    contacted_at = UtcDateTimeField(null=True)
    """When the message left for LINE."""
    replied_at = UtcDateTimeField(null=True)
    """When the customer answered it."""
    won_on = peewee.DateField(null=True)
    """The day of the first order after the contact and within the days that count; null without one."""
    won_yen = peewee.IntegerField(default=0)
    """The yen of all such orders, less refunds."""
    ended_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "contact"
        indexes = ((("customer", "purchase_id"), True),)


class ContactDay(Model):
    """One day: whether those who came due were found, and how many staff said they can write to."""

    day = peewee.DateField(unique=True)
    found_at = UtcDateTimeField(null=True)
    capacity = peewee.IntegerField(null=True)
    """Null: as many as the settings say."""

    class Meta:
        table_name = "contact_day"


erasure.blanked(
    Contact,
    lambda: {
        "text": "",
        "product_name": "",
        "reason": peewee.Case(None, [(Contact.state.in_((DUE, SENDING)), ERASED)], Contact.reason),
        "ended_at": erasure.unless_set(Contact.ended_at, localtime.now()),
        "state": peewee.Case(None, [(Contact.state.in_((DUE, SENDING)), LEFT_OUT)], Contact.state),
    },
)
erasure.nothing("It is about days of the shop.", ContactDay)
